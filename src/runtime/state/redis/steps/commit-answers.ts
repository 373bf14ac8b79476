import { IF_OWNED } from './if-owned.ts';

/** Keeps answers of a job. */
export const commitAnswers = {
  keys: 2,
  lua: `
-- Keeps answers of a job: all of them, or none when the lease does not own it.
-- Input:   KEYS[1] job hash, KEYS[2] answers hash
--          ARGV[1] epoch, ARGV[2] life of the keys in milliseconds, then key and bytes of each answer in turn
-- Output:  1 when done; 0 when the lease does not own the job; 2 when there is no such job
${IF_OWNED}
for at = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1
`,
} as const;
