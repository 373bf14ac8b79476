/** Adds answers and makes room. */
export const putAnswers = {
  keys: 2,
  lua: `
-- Adds or replaces answers; while there are more bytes than allowed, the least recently used of samples go.
-- Input:   KEYS[1] answers hash, KEYS[2] counts hash ('e' and 'b' of all, 'e:MODEL' and 'b:MODEL' of each model)
--          ARGV[1] most bytes, ARGV[2] bytes an entry costs beside key and value, ARGV[3] entries of a sample, ARGV[4] how many of them go,
--          then for each answer its key, value and model
-- Output:  how many went to make room
local overhead = tonumber(ARGV[2])
-- A server that evicts throws whole hashes away: what is left of the two counts for nothing.
if redis.call('EXISTS', KEYS[1], KEYS[2]) == 1 then
  redis.call('UNLINK', KEYS[1], KEYS[2])
end
local changes = {}
local function count(model, entries, bytes)
  local names = { e = entries, b = bytes }
  if model then
    names['e:' .. model] = entries
    names['b:' .. model] = bytes
  end
  for name, change in pairs(names) do
    changes[name] = (changes[name] or 0) + change
  end
end
for i = 5, #ARGV, 3 do
  local key, value, model = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local before = redis.call('HSTRLEN', KEYS[1], key)
  local fresh = redis.call('HSET', KEYS[1], key, value)
  if fresh == 1 then
    count(model, 1, #key + #value + overhead)
  else
    count(model, 0, #value - before)
  end
end
local stored = tonumber(redis.call('HGET', KEYS[2], 'b') or 0)
local gone = 0
while stored + (changes['b'] or 0) > tonumber(ARGV[1]) do
  local sample = redis.call('HRANDFIELD', KEYS[1], ARGV[3], 'WITHVALUES')
  local aged = {}
  for i = 1, #sample, 2 do
    local seconds, model = string.match(sample[i + 1], '^(%d+)%.%x+%.%["(%x+)"')
    aged[#aged + 1] = { tonumber(seconds) or 0, sample[i], #sample[i + 1], model }
  end
  if #aged == 0 then
    break
  end
  table.sort(aged, function(a, b) return a[1] < b[1] end)
  for i = 1, math.min(#aged, tonumber(ARGV[4])) do
    redis.call('HDEL', KEYS[1], aged[i][2])
    count(aged[i][4], -1, -(#aged[i][2] + aged[i][3] + overhead))
    gone = gone + 1
  end
end
for name, change in pairs(changes) do
  redis.call('HINCRBY', KEYS[2], name, change)
end
return gone
`,
} as const;
