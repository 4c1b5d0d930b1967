#!lua flags=no-writes
-- How far groups are in a partition, for gauges and for people.
-- KEYS[1] the counters; ARGV prefix, tag, stream, groups
-- Returns {bytes of the stream, then for each group {waiting, when the oldest of these was received or empty, done, dead,
--   skipped, filtered, owner or empty}}
local prefix, tag, stream = ARGV[1], ARGV[2], ARGV[3]
--@floors
--@when
local there = redis.call('EXISTS', stream) == 1
local all = there and floors(stream) or {}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local told = {there and redis.call('MEMORY', 'USAGE', stream) or 0}
for i = 4, #ARGV do
  local group = ARGV[i]
  local count = redis.call('HMGET', KEYS[1], 'added', group .. ':base', group .. ':fin', group .. ':done',
    group .. ':dead', group .. ':skipped', group .. ':filtered')
  for j = 1, 7 do
    count[j] = tonumber(count[j] or '0')
  end
  local at, waiting, oldest = all[group], math.max(0, count[1] - count[2] - count[3]), nil
  if at and waiting > 0 then
    oldest = first_from(stream, at.pending and at.floor or '(' .. at.floor)
  end
  local lease = redis.call('HMGET', prefix .. 'own:' .. tag .. ':' .. group, 'o', 'x')
  local owned = lease[1] and lease[1] ~= '' and tonumber(lease[2] or '0') > now
  told[#told + 1] = {waiting, oldest and received(oldest, true) or '', count[4], count[5], count[6], count[7],
    owned and lease[1] or ''}
end
return told
