#!lua flags=allow-oom
-- Makes a group on a stream, once. The first group of a stream starts at the beginning, since nobody was served yet;
-- a later one starts at the end.
-- KEYS[1] the counters; ARGV stream, group
-- Returns 1 if it made the group, 0 if it was there
local stream, group = ARGV[1], ARGV[2]
local groups = redis.call('EXISTS', stream) == 1 and redis.call('XINFO', 'GROUPS', stream) or {}
for _, info in ipairs(groups) do
  for i = 1, #info, 2 do
    if info[i] == 'name' and info[i + 1] == group then
      return 0
    end
  end
end
local added = tonumber(redis.call('HGET', KEYS[1], 'added') or '0')
local kept = 0
if #groups == 0 and redis.call('EXISTS', stream) == 1 then
  local from = '-'
  while true do
    local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', 1000)
    for _, entry in ipairs(entries) do
      for i = 1, #entry[2], 2 do
        if entry[2][i] == 'n' then
          kept = kept + tonumber(entry[2][i + 1])
        end
      end
      from = '(' .. entry[1]
    end
    if #entries < 1000 then
      break
    end
  end
end
redis.call('XGROUP', 'CREATE', stream, group, #groups == 0 and '0' or '$', 'MKSTREAM')
redis.call('HSET', KEYS[1], group .. ':base', string.format('%.0f', added - kept))
return 1
