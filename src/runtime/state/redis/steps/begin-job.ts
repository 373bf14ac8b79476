/** Takes a job, unless a live owner holds it. */
export const beginJob = {
  keys: 5,
  lua: `
-- Takes a job and clears what an earlier run of that id left, unless a live owner holds it.
-- Input:   KEYS[1] job hash, KEYS[2] outputs hash, KEYS[3] answers hash, KEYS[4] index, KEYS[5] epoch counter
--          ARGV[1] id, ARGV[2] start (JSON), ARGV[3] startedAt, ARGV[4] owner, ARGV[5] lease and ARGV[6] life of the keys, in milliseconds,
--          ARGV[7] process of the owner, ARGV[8] a process that is known to have died
-- Output:  {1, epoch} when taken; {0, owner, process} when held
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'leaseUntil', 'end', 'owner', 'process')
if held[1] and not held[2] and tonumber(held[1]) > now and held[4] ~= ARGV[8] then
  return {0, held[3], held[4]}
end
-- Not below the time: where the counter was lost, an owner of before must not be taken for this one.
local epoch = math.max(redis.call('INCR', KEYS[5]), now)
redis.call('SET', KEYS[5], string.format('%d', epoch))
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('HSET', KEYS[1], 'start', ARGV[2], 'owner', ARGV[4], 'process', ARGV[7], 'epoch', string.format('%d', epoch), 'leaseUntil', now + ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
return {1, epoch}
`,
} as const;
