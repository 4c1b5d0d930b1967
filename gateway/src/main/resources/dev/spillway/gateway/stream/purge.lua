#!lua flags=allow-oom
-- Takes entries out of a stream for people (dead letters, quarantine), because a person says so.
-- KEYS[1] the stream; ARGV prefix, tag, name of its counters, ids
-- Returns how many entries went
local prefix, tag = ARGV[1], ARGV[2]
--@whole
local gone = 0
for i = 4, #ARGV do
  local found = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1]
  if found then
    redis.call('XDEL', KEYS[1], ARGV[i])
    redis.call('HINCRBY', prefix .. 'ctr:' .. tag, ARGV[3] .. '-bytes', -tonumber(found[2][2]))
    gone = gone + 1
  end
end
return gone
