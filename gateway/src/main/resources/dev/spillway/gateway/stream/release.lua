#!lua flags=allow-oom
-- Gives a lease back, so that another process may take it at once. Nothing if it is not held as presented.
-- KEYS[1] the lease; ARGV owner, epoch
local lease = redis.call('HMGET', KEYS[1], 'o', 'e')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'o', '', 'x', '0', 'c', '0')
return 1
