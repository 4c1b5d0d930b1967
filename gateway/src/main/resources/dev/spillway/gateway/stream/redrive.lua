#!lua
-- Appends the event of a dead letter once more, and takes the letter out, in one step: so a repeat finds nothing to do.
-- KEYS[1] the dead letters; ARGV prefix, tag, id of the letter, the record to append
-- Returns 1, or 0 if there is no such letter any more
local prefix, tag = ARGV[1], ARGV[2]
--@whole
local found = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
if not found then
  return 0
end
local counters = prefix .. 'ctr:' .. tag
redis.call('XADD', prefix .. 'in:' .. tag, '*', 'n', 1, 'b', ARGV[4])
redis.call('HINCRBY', counters, 'added', 1)
redis.call('XDEL', KEYS[1], ARGV[3])
redis.call('HINCRBY', counters, 'dl-bytes', -tonumber(found[2][2]))
redis.call('HINCRBY', counters, 'redriven', 1)
return 1
