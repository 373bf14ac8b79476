import { IF_OWNED } from './if-owned.ts';

/** Puts the end of a lease off. */
export const renewLease = {
  keys: 2,
  lua: `
-- Puts the end of a lease off.
-- Input:   KEYS[1] job hash, KEYS[2] answers hash; ARGV[1] epoch, ARGV[2] lease and ARGV[3] life of the keys, in milliseconds
-- Output:  1 when done; 0 when the lease does not own the job; 2 when there is no such job
${IF_OWNED}
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'leaseUntil', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
`,
} as const;
