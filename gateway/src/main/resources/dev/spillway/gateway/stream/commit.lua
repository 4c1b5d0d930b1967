#!lua flags=allow-oom
-- Finishes events: the first commit of an event's key sends its replies or keeps its dead letter, a second does nothing.
-- Entries whose events are all finished are acknowledged. Everything may be repeated.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, subscription,
--   number of events, then of each: class, unit, span, digest, `done`, number of replies, replies...
--                               or: class, unit, span, digest, `dead`, reason, attempts, record
--   number of entries, then of each: id, events in it, how many of them the subscription filters out, and of an entry in
--     a stream set aside the page, else empty
-- Returns {one character an event: 1 first time, 0 not; replies waiting in `out`}
--@fence
local subscription = ARGV[5]
--@once
--@keep
--@asides
local counters = prefix .. 'ctr:' .. tag
local at = 6
local function argument()
  local value = ARGV[at]
  at = at + 1
  return value
end

local flags, replies, done, dead = {}, {}, 0, 0
for _ = 1, tonumber(argument()) do
  local class, unit, span, digest, outcome = argument(), argument(), tonumber(argument()), argument(), argument()
  local first = once_add(class, unit, span, digest)
  flags[#flags + 1] = first and '1' or '0'
  if outcome == 'done' then
    for _ = 1, tonumber(argument()) do
      local reply = argument()
      if first then
        replies[#replies + 1] = reply
      end
    end
    done = done + (first and 1 or 0)
  else
    local reason, attempts, record = argument(), argument(), argument()
    if first then
      keep(prefix .. 'dl:' .. tag, 'dl', {'of', subscription, 'reason', reason, 'attempts', attempts, 'b', record})
      dead = dead + 1
    end
  end
end
if #replies > 0 then
  redis.call('XADD', prefix .. 'out:' .. tag, '*', 'n', #replies, 'b', table.concat(replies, '\n'))
  redis.call('HINCRBY', counters, 'out', #replies)
end
local finished, filtered, aside = 0, 0, 0
for _ = 1, tonumber(argument()) do
  local id, events, dropped, page = argument(), tonumber(argument()), tonumber(argument()), argument()
  if page ~= '' then
    if redis.call('XACK', aside_stream(subscription, page), subscription, id) == 1 then
      aside = aside - events
    end
  elseif redis.call('XACK', prefix .. 'in:' .. tag, subscription, id) == 1 then
    finished = finished + events
    filtered = filtered + dropped
  end
end
for name, count in pairs({fin = finished, filtered = filtered, aside = aside, done = done, dead = dead}) do
  if count ~= 0 then
    redis.call('HINCRBY', counters, subscription .. ':' .. name, count)
  end
end
local out = redis.call('HMGET', counters, 'out', 'out-fin')
return {table.concat(flags), tonumber(out[1] or '0') - tonumber(out[2] or '0')}
