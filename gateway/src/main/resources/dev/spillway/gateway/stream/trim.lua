#!lua flags=allow-oom
-- Trims a stream to what every group has finished, and of that keeps what is young, as long as the stream takes less than
-- so many bytes. The call names every group there must be: one missing (somebody made the stream anew by hand) trims
-- nothing.
-- KEYS[1] the stream; ARGV keep what was received since this time (empty: nothing), if it takes less bytes than these,
--   names of groups
-- Returns how many entries went
--@floors
--@when
if redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('NOGROUP the stream ' .. KEYS[1] .. ' is missing')
end
local all = floors(KEYS[1])
for i = 3, #ARGV do
  if not all[ARGV[i]] then
    return redis.error_reply('NOGROUP the stream ' .. KEYS[1] .. ' lacks the group ' .. ARGV[i])
  end
end
local safe = lowest(all)
if not safe then
  return 0
end
if ARGV[1] ~= '' and redis.call('MEMORY', 'USAGE', KEYS[1]) < tonumber(ARGV[2]) then
  local young = first_since(KEYS[1], ARGV[1])
  if young and before(young, safe) then
    safe = young
  end
end
return redis.call('XTRIM', KEYS[1], 'MINID', '~', safe)
