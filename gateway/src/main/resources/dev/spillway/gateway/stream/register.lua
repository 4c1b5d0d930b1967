#!lua flags=allow-oom
-- Changes a row of the register, if it is still as the caller saw it. `.last` holds the highest generation that was ever
-- taken out, so that a name that comes back is never mistaken for what it was.
-- KEYS[1] the register; ARGV name, row seen (empty: none), row wanted (empty: take it out), its generation, most rows
-- Returns {1} if it is so now, {0} if it is another's, {-1} if there are too many
local there = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if there == ARGV[3] then
  return {1}
end
if there ~= ARGV[2] then
  return {0}
end
local last = tonumber(redis.call('HGET', KEYS[1], '.last') or '0')
local generation = tonumber(ARGV[4])
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('HSET', KEYS[1], '.last', math.max(last, generation))
  return {1}
end
if there == '' then
  if generation <= last then
    return {0}
  end
  if redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], '.last') >= tonumber(ARGV[5]) then
    return {-1}
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return {1}
