#!lua flags=allow-oom
-- Trims a stream to what every group has finished. The call names every group there must be: one missing (somebody made
-- the stream anew by hand) trims nothing.
-- KEYS[1] the stream; ARGV names of groups
-- Returns how many entries went
local function before(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  return a_ms < b_ms or (a_ms == b_ms and tonumber(a_seq) < tonumber(b_seq))
end

if redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('NOGROUP the stream ' .. KEYS[1] .. ' is missing')
end
local positions, safe = {}, nil
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #info, 2 do
    group[info[i]] = info[i + 1]
  end
  local position = group['last-delivered-id']
  if group['pending'] > 0 then
    position = redis.call('XPENDING', KEYS[1], group['name'])[2]
  end
  positions[group['name']] = position
  if not safe or before(position, safe) then
    safe = position
  end
end
for i = 1, #ARGV do
  if not positions[ARGV[i]] then
    return redis.error_reply('NOGROUP the stream ' .. KEYS[1] .. ' lacks the group ' .. ARGV[i])
  end
end
if not safe then
  return 0
end
return redis.call('XTRIM', KEYS[1], 'MINID', '~', safe)
