/** Reads a job and its outputs as they are at one instant. */
export const readJob = {
  keys: 2,
  lua: `
-- Reads a job and its outputs as they are at one instant.
-- Input:   KEYS[1] job hash, KEYS[2] outputs hash
-- Output:  {start, epoch, leaseUntil, end or false, owner, process, manifest, manifest ...}; {} when there is no such job
local job = redis.call('HMGET', KEYS[1], 'start', 'epoch', 'leaseUntil', 'end', 'owner', 'process')
if not job[1] then
  return {}
end
for _, manifest in ipairs(redis.call('HVALS', KEYS[2])) do
  job[#job + 1] = manifest
end
return job
`,
} as const;
