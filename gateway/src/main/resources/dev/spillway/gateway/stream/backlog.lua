#!lua flags=no-writes
-- How far groups are in a partition, for gauges and for people.
-- KEYS[1] the counters; ARGV prefix, tag, stream, groups
-- Returns {bytes of the stream, then for each group {waiting, when the oldest of these was received or empty, done, dead,
--   skipped, filtered, owner or empty}}
local prefix, tag, stream = ARGV[1], ARGV[2], ARGV[3]
--@floors
--@when
--@asides
local there = redis.call('EXISTS', stream) == 1
local all = there and floors(stream) or {}
local function oldest_in(where, at)
  local first = first_from(where, at.pending and at.floor or '(' .. at.floor)
  return first and received(first, true) or ''
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local told = {there and redis.call('MEMORY', 'USAGE', stream) or 0}
for i = 4, #ARGV do
  local group = ARGV[i]
  local count = redis.call('HMGET', KEYS[1], 'added', group .. ':base', group .. ':fin', group .. ':done',
    group .. ':dead', group .. ':skipped', group .. ':filtered', group .. ':aside')
  for j = 1, 8 do
    count[j] = tonumber(count[j] or '0')
  end
  local at, waiting, oldest = all[group], math.max(0, count[1] - count[2] - count[3]), ''
  if at and waiting > 0 then
    oldest = oldest_in(stream, at)
  end
  for _, page in ipairs(redis.call('HKEYS', aside_index(group))) do
    local aside = aside_stream(group, page)
    local there_too = redis.call('EXISTS', aside) == 1 and floors(aside)[group]
    local older = there_too and oldest_in(aside, there_too) or ''
    if older ~= '' and (oldest == '' or older < oldest) then
      oldest = older
    end
  end
  local lease = redis.call('HMGET', prefix .. 'own:' .. tag .. ':' .. group, 'o', 'x')
  local owned = lease[1] and lease[1] ~= '' and tonumber(lease[2] or '0') > now
  told[#told + 1] = {waiting + count[8], oldest, count[4], count[5], count[6], count[7],
    owned and lease[1] or ''}
end
return told
