/** How a step of a job's owner begins: ends it with 2 where there is no such job, with 0 where the lease (job hash in KEYS[1], epoch in ARGV[1]) does not own it. */
export const IF_OWNED = `local owned = redis.call('HMGET', KEYS[1], 'epoch', 'end')
if not owned[1] then
  return 2
end
if owned[1] ~= ARGV[1] or owned[2] then
  return 0
end`;
