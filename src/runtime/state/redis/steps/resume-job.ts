/** Takes a job that was not finished, with all that was committed for it. */
export const resumeJob = {
  keys: 4,
  lua: `
-- Takes a job that was not finished, with all that was committed for it; what it said of outputs goes.
-- Input:   KEYS[1] job hash, KEYS[2] outputs hash, KEYS[3] answers hash, KEYS[4] epoch counter
--          ARGV[1] owner, ARGV[2] lease and ARGV[3] life of the keys, in milliseconds,
--          ARGV[4] process of the owner, ARGV[5] a process that is known to have died
-- Output:  {1, epoch, key, key ...} when taken; {0, owner, process} when held; {2} when there is no such job; {3} when it is done
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local job = redis.call('HMGET', KEYS[1], 'leaseUntil', 'end', 'owner', 'outcome', 'process')
if not job[1] then
  return {2}
end
if not job[2] and tonumber(job[1]) > now and job[5] ~= ARGV[5] then
  return {0, job[3], job[5]}
end
if job[4] == 'done' or job[4] == 'gate-failed' then
  return {3}
end
-- Not below the time: where the counter was lost, an owner of before must not be taken for this one.
local epoch = math.max(redis.call('INCR', KEYS[4]), now)
redis.call('SET', KEYS[4], string.format('%d', epoch))
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[1], 'end', 'outcome')
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'process', ARGV[4], 'epoch', string.format('%d', epoch), 'leaseUntil', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
local answer = {1, epoch}
for _, key in ipairs(redis.call('HKEYS', KEYS[3])) do
  answer[#answer + 1] = key
end
return answer
`,
} as const;
