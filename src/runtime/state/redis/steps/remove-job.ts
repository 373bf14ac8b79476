/** Removes a job, unless a live owner holds it. */
export const removeJob = {
  keys: 4,
  lua: `
-- Removes a job, unless a live owner holds it.
-- Input:   KEYS[1] job hash, KEYS[2] outputs hash, KEYS[3] answers hash, KEYS[4] index; ARGV[1] id, ARGV[2] a process that is known to have died
-- Output:  {1} when removed; {0, owner, process} when held; {2} when there is no such job
local held = redis.call('HMGET', KEYS[1], 'leaseUntil', 'end', 'owner', 'process')
if not held[1] then
  redis.call('ZREM', KEYS[4], ARGV[1])
  return {2}
end
local time = redis.call('TIME')
if not held[2] and tonumber(held[1]) > time[1] * 1000 + math.floor(time[2] / 1000) and held[4] ~= ARGV[2] then
  return {0, held[3], held[4]}
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('ZREM', KEYS[4], ARGV[1])
return {1}
`,
} as const;
