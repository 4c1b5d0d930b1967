#!lua flags=allow-oom
-- Ends that a page is set aside, if all of it that is there is finished. Fenced.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, subscription, page
-- Returns 1 if the page is aside no more, 0 if something is left
--@fence
--@floors
--@asides
local subscription, page = ARGV[5], ARGV[6]
local stream = aside_stream(subscription, page)
if redis.call('EXISTS', stream) == 1 then
  if not at_rest(stream, subscription) then
    return 0
  end
  redis.call('UNLINK', stream)
end
redis.call('HDEL', aside_index(subscription), page)
return 1
