#!lua flags=allow-oom
-- Sets events of a page aside: into a stream of the page's own, which then has all that is not finished of the page up to
-- a boundary, an entry of the stream of all. A repeat finds the boundary reached and does nothing. Fenced.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, subscription, page, boundary, the most pages aside at once, the most
--   bytes that what is not finished of them may take together before this, then of each batch: events in it, lines
-- Returns 1, or 0 if there is no room
--@fence
--@floors
--@asides
local subscription, page, boundary = ARGV[5], ARGV[6], ARGV[7]
local index, stream = aside_index(subscription), aside_stream(subscription, page)

-- What is finished takes no room, whether somebody has trimmed it or not: it may be all there is.
local function unfinished_bytes(of)
  if redis.call('EXISTS', of) == 0 or at_rest(of, subscription) then
    return 0
  end
  redis.call('XTRIM', of, 'MINID', lowest(floors(of)))
  return redis.call('MEMORY', 'USAGE', of)
end

local reached = redis.call('HGET', index, page)
if reached and not before(reached, boundary) then
  return 1
end
local pages, bytes = redis.call('HKEYS', index), 0
for _, name in ipairs(pages) do
  bytes = bytes + unfinished_bytes(aside_stream(subscription, name))
end
if bytes >= tonumber(ARGV[9]) or (not reached and #pages >= tonumber(ARGV[8])) then
  return 0
end
local events = 0
if not reached and redis.call('EXISTS', stream) == 0 then
  redis.call('XGROUP', 'CREATE', stream, subscription, '0', 'MKSTREAM')
end
for i = 10, #ARGV, 2 do
  redis.call('XADD', stream, '*', 'n', ARGV[i], 'b', ARGV[i + 1])
  events = events + tonumber(ARGV[i])
end
redis.call('HINCRBY', prefix .. 'ctr:' .. tag, subscription .. ':aside', events)
redis.call('HSET', index, page, boundary)
return 1
