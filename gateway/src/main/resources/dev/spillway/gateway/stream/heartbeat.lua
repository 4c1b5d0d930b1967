#!lua flags=allow-oom
-- Says that a process lives, and tells which do. A hint for balance only.
-- KEYS[1] the members; ARGV process, ttl in ms, or 0 to leave
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = tonumber(ARGV[2])
if ttl > 0 then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + ttl), ARGV[1])
else
  redis.call('ZREM', KEYS[1], ARGV[1])
end
redis.call('EXPIRE', KEYS[1], 3600) -- A group that is gone leaves nothing.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
redis.call('ZREMRANGEBYSCORE', KEYS[1], string.format('(%.0f', now + 10 * ttl + 60000), '+inf')
return redis.call('ZRANGE', KEYS[1], 0, -1)
