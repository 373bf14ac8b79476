/** Steps of one command each. */

/** Input: KEYS[1] answers hash, ARGV keys. Output: a value a key, false where there is none. */
export const getAnswers = { keys: 1, lua: "return redis.call('HMGET', KEYS[1], unpack(ARGV))" } as const;

/** Input: KEYS[1] answers hash, ARGV[1] cursor, ARGV[2] about how many. Output: {next cursor, {key, value, …}}. */
export const scanAnswers = { keys: 1, lua: "return redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])" } as const;

/** Input: KEYS[1] models hash, ARGV[1] id, ARGV[2] record (JSON). Output: 1 when it is new. */
export const describeModel = { keys: 1, lua: "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])" } as const;

/** Input: KEYS[1] models hash, KEYS[2] counts hash. Output: {{id, record, …}, {field, count, …}}. */
export const listModels = {
  keys: 2,
  lua: "return {redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2])}",
} as const;

/** Input: KEYS[1] models hash, KEYS[2] counts hash, ARGV[1] id. Output: 1 when it was there. */
export const forgetModel = {
  keys: 2,
  lua: "redis.call('HDEL', KEYS[2], 'e:' .. ARGV[1], 'b:' .. ARGV[1])\nreturn redis.call('HDEL', KEYS[1], ARGV[1])",
} as const;

/** Input: KEYS the hashes. Output: how many there were. */
export const clearAnswers = { keys: 3, lua: "return redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])" } as const;
