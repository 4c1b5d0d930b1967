#!lua flags=allow-oom
-- Takes one step of removing all that a group has in a partition: its lease is closed for good, the group and its counters
-- go, then its once-guard, some 2,000 keys a step. May be repeated, and goes on where it was.
-- KEYS[1] the counters; ARGV prefix, tag, stream, group, its lease
-- Returns 1 if there is more to do
local prefix, tag, stream, group, lease = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
--@whole
--@retire
--@asides
retire(lease)
if redis.call('EXISTS', stream) == 1 then
  redis.call('XGROUP', 'DESTROY', stream, group)
end
for _, name in ipairs({'base', 'fin', 'done', 'dead', 'skipped', 'filtered', 'aside'}) do
  redis.call('HDEL', KEYS[1], group .. ':' .. name)
end
redis.call('UNLINK', prefix .. 'replay:' .. tag .. ':' .. group)
local index = aside_index(group)
for _, page in ipairs(redis.call('HKEYS', index)) do
  redis.call('UNLINK', aside_stream(group, page))
end
redis.call('UNLINK', index)
local left = 2000
for _, class in ipairs({'m', 'c', 'w'}) do
  local levels = prefix .. 'oncel:' .. tag .. ':' .. group .. ':' .. class
  local buckets = redis.call('HGETALL', levels)
  for i = 1, #buckets, 2 do
    local first, last, expiry = string.match(buckets[i + 1], '^(%d+):(%d+):(%d+)')
    for level = tonumber(first), tonumber(last) do
      if left <= 0 then
        redis.call('HSET', levels, buckets[i], string.format('%d:%s:%s', level, last, expiry))
        return 1
      end
      for shard = 0, 2 ^ level - 1 do
        redis.call('UNLINK',
          string.format('%sonce:%s:%s:%s:%s:%d.%d', prefix, tag, group, class, buckets[i], level, shard))
      end
      left = left - 2 ^ level
    end
    redis.call('HDEL', levels, buckets[i])
  end
end
return 0
