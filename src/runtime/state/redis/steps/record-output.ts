import { IF_OWNED } from './if-owned.ts';

/** Records what was written to one path. */
export const recordOutput = {
  keys: 2,
  lua: `
-- Records what was written to one path.
-- Input:   KEYS[1] job hash, KEYS[2] outputs hash; ARGV[1] epoch, ARGV[2] path, ARGV[3] manifest (JSON),
--          ARGV[4] life of the keys in milliseconds
-- Output:  1 when done; 0 when the lease does not own the job; 2 when there is no such job
${IF_OWNED}
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 1
`,
} as const;
