/** Records how a job ended. */
export const finishJob = {
  keys: 3,
  lua: `
-- Records how a job ended; its lease is over with that. What can still be gone on with keeps the end of its life.
-- Input:   KEYS[1] job hash, KEYS[2] outputs hash, KEYS[3] answers hash
--          ARGV[1] epoch, ARGV[2] end (JSON), ARGV[3] outcome, ARGV[4] 'keep' or 'drop' the answers
-- Output:  1 when done, also when it was done before with the same end; 0 when the lease does not own the job; 2 when there is no such job
local owned = redis.call('HMGET', KEYS[1], 'epoch', 'end')
if not owned[1] then
  return 2
end
if owned[1] == ARGV[1] and owned[2] == ARGV[2] then
  return 1
end
if owned[1] ~= ARGV[1] or owned[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'end', ARGV[2], 'outcome', ARGV[3])
if ARGV[4] == 'drop' then
  redis.call('DEL', KEYS[3])
end
if ARGV[3] == 'done' or ARGV[3] == 'gate-failed' then
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[2])
  redis.call('PERSIST', KEYS[3])
end
return 1
`,
} as const;
