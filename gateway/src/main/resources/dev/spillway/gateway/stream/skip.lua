#!lua flags=allow-oom
-- Skips the oldest entries that a subscription has not finished, while the stream takes more than so many bytes and only
-- subscriptions that may be skipped still need them; then trims. An owner that has some of them in hand is fenced off.
-- At most 100 entries or 1,000 events a call.
-- KEYS[1] the counters; ARGV prefix, tag, stream, group, its lease, bytes, then every group that may be skipped
-- Returns {events skipped, 1 if it is worth another call}
local prefix, tag = ARGV[1], ARGV[2]
--@whole
local stream, group, lease, bytes = ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local subscription = group
--@floors
--@when
--@once
--@finished
if redis.call('EXISTS', stream) == 0 or redis.call('MEMORY', 'USAGE', stream) <= bytes then
  return {0, 0}
end
local all = floors(stream)
local mine = all[group]
if not mine then
  return {0, 0}
end
local may = {}
for i = 7, #ARGV do
  may[ARGV[i]] = true
end
-- Nothing is gained by skipping what others need.
local needed = lowest(all, function(name)
  return not may[name]
end)

local finished, skipped, acknowledged, delivered, read = 0, 0, 0, nil, 0
local at = mine.floor
while at and read < 100 and finished < 1000 do
  local entries = redis.call('XRANGE', stream, at, '+', 'COUNT', 10)
  at = #entries == 10 and '(' .. entries[10][1]
  for _, entry in ipairs(entries) do
    local id, events = entry[1], tonumber(field(entry, 'n') or '0')
    if finished >= 1000 or (needed and not before(id, needed)) then
      at = nil
      break
    end
    read = read + 1
    if before(mine.delivered, id) then
      delivered = id
      finished = finished + events
      skipped = skipped + events
    elseif redis.call('XACK', stream, group, id) == 1 then
      acknowledged = acknowledged + 1
      finished = finished + events
      each_open(field(entry, 'b') or '', function()
        skipped = skipped + 1
      end)
    end
  end
end
if acknowledged > 0 and redis.call('HEXISTS', lease, 'e') == 1 and redis.call('HEXISTS', lease, 'g') == 0 then
  redis.call('HINCRBY', lease, 'e', 1)
  redis.call('HSET', lease, 'o', '', 'x', '0', 'c', '0')
end
if delivered then
  redis.call('XGROUP', 'SETID', stream, group, delivered)
end
if finished == 0 then
  return {0, 0}
end
redis.call('HINCRBY', KEYS[1], group .. ':fin', finished)
redis.call('HINCRBY', KEYS[1], group .. ':skipped', skipped)
redis.call('XTRIM', stream, 'MINID', '~', lowest(floors(stream)))
return {skipped, redis.call('MEMORY', 'USAGE', stream) > bytes and 1 or 0}
