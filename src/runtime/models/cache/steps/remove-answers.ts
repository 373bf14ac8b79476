/** Removes answers. */
export const removeAnswers = {
  keys: 2,
  lua: `
-- Removes answers and counts them off.
-- Input:   KEYS[1] answers hash, KEYS[2] counts hash; ARGV[1] bytes an entry costs beside key and value, then the keys
-- Output:  how many of them were there
local removed = 0
-- A server that evicts may have thrown the counts away; the next answer that is put finds that out.
local counted = redis.call('EXISTS', KEYS[2]) == 1
for i = 2, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  if value then
    redis.call('HDEL', KEYS[1], ARGV[i])
    local bytes = #ARGV[i] + #value + tonumber(ARGV[1])
    if counted then
      redis.call('HINCRBY', KEYS[2], 'e', -1)
      redis.call('HINCRBY', KEYS[2], 'b', -bytes)
    end
    local model = string.match(value, '^%d+%.%x+%.%["(%x+)"')
    if counted and model then
      redis.call('HINCRBY', KEYS[2], 'e:' .. model, -1)
      redis.call('HINCRBY', KEYS[2], 'b:' .. model, -bytes)
    end
    removed = removed + 1
  end
end
return removed
`,
} as const;
