/** Records how a job ended. */
export const finishJob = {
  keys: 1,
  lua: `
-- Records how a job ended; its lease is over with that.
-- Input:   KEYS[1] job hash; ARGV[1] epoch, ARGV[2] end (JSON)
-- Output:  1 when done; 0 when the lease does not own the job
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] or redis.call('HEXISTS', KEYS[1], 'end') == 1 then
  return 0
end
redis.call('HSET', KEYS[1], 'end', ARGV[2])
return 1
`,
} as const;
