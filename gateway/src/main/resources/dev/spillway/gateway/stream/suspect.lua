#!lua flags=allow-oom
-- Notes which events are about to be run, so that the next holder knows what this one may have died of. An event that
-- is noted alone once more keeps the count of the holders it took along.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, hex keys of the events in one string, each followed by a space
--@fence
if (redis.call('HGET', KEYS[1], 'k') or '') ~= ARGV[5] then
  redis.call('HSET', KEYS[1], 'k', ARGV[5], 'kc', '0')
end
return 1
