#!lua flags=allow-oom
-- Makes a group on a stream, once, at a position. Where it takes the place of an older generation, that one's lease is
-- closed for good in the same step; nothing that it left open is jumped over; and what it had finished is noted, so that
-- it is known as a replay when it is read again.
-- KEYS[1] the counters; ARGV prefix, tag, stream, group, its lease, position (`0` all that is kept, `$` what comes, or a
--   time), and where it takes the place of another: that group, its lease
-- Returns 1 if it made the group, 0 if it was there, -1 if the group is gone for good
local prefix, tag = ARGV[1], ARGV[2]
--@whole
local stream, group, lease, from = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local subscription, older_lease = ARGV[7], ARGV[8]
--@floors
--@when
--@retire
--@once
--@finished
--@asides
if redis.call('HEXISTS', lease, 'g') == 1 then
  return -1
end
local there = redis.call('EXISTS', stream) == 1
local all = there and floors(stream) or {}
if all[group] then
  return 0
end

local last = there and last_id(stream) or '0-0'

local function just_before(id, of)
  local previous = redis.call('XREVRANGE', of or stream, '(' .. id, '-', 'COUNT', 1)[1]
  return previous and previous[1] or '0-0'
end

local function position()
  if from == '0' then
    return '0-0'
  end
  local first = from ~= '$' and there and first_since(stream, from)
  return first and just_before(first) or last
end

local start = position()
if subscription then
  local older = all[subscription]
  retire(older_lease)
  if older then
    local open = older.pending and just_before(older.floor) or older.floor
    if before(open, start) then
      start = open
    end
  end
  -- If somebody deleted the older group by hand, nobody knows what it had finished: then all of it, and nothing is sent.
  local upto, earlier = older and older.delivered or last, nil
  local replay = prefix .. 'replay:' .. tag .. ':' .. group
  local noted = redis.call('HGETALL', prefix .. 'replay:' .. tag .. ':' .. subscription)
  for i = 1, #noted, 2 do
    if noted[i] == 'upto' then
      earlier = noted[i + 1]
      upto = before(upto, earlier) and earlier or upto
    elseif not is_finished(noted[i], noted[i + 1]) then
      redis.call('HSET', replay, noted[i], noted[i + 1])
    end
  end
  redis.call('HSET', replay, 'upto', upto)
  local at = older and older.pending and '-'
  while at do
    local pending = redis.call('XPENDING', stream, subscription, at, '+', 100)
    for _, one in ipairs(pending) do
      local entry = (not earlier or before(earlier, one[1])) and redis.call('XRANGE', stream, one[1], one[1])[1]
      if entry then
        each_open(field(entry, 'b') or '', function(key, bucket)
          if key then
            redis.call('HSET', replay, key, bucket)
          end
        end)
      end
    end
    at = #pending == 100 and '(' .. pending[100][1]
  end
end

-- What an older generation set aside goes on in the new one's name, behind no boundary: what of it is read again in the
-- stream of all is set aside a second time, and is a second copy. What was finished there stays finished.
local function inherit_aside(older)
  local finished, index = {}, aside_index(older)
  for _, page in ipairs(redis.call('HKEYS', index)) do
    local from, to = aside_stream(older, page), aside_stream(group, page)
    local at = redis.call('EXISTS', from) == 1 and floors(from)[older]
    if at then
      local pending = at.pending and redis.call('XPENDING', from, older, '-', '+', 10000) or {}
      for _, one in ipairs(pending) do
        local entry = redis.call('XRANGE', from, one[1], one[1])[1]
        each_finished(entry and field(entry, 'b') or '', function(key, bucket)
          finished[#finished + 1] = {key, bucket}
        end)
      end
      local start = at.pending and just_before(at.floor, from) or at.floor
      redis.call('RENAME', from, to)
      redis.call('XGROUP', 'DESTROY', to, older)
      redis.call('XGROUP', 'CREATE', to, group, start)
      redis.call('HSET', aside_index(group), page, '0-0')
    end
  end
  redis.call('UNLINK', index)
  local waiting = redis.call('HGET', KEYS[1], older .. ':aside')
  if waiting then
    redis.call('HSET', KEYS[1], group .. ':aside', waiting)
    redis.call('HDEL', KEYS[1], older .. ':aside')
  end
  subscription, known_levels = group, {}
  for _, one in ipairs(finished) do
    local class, unit, span = string.match(one[2], '^(%l)(%l)(%-?%d+)$')
    once_add(class, unit, tonumber(span), one[1])
  end
end
if subscription then
  inherit_aside(subscription)
end

local kept = 0
if there then
  local at = '(' .. start
  while at do
    local entries = redis.call('XRANGE', stream, at, '+', 'COUNT', 100)
    for _, entry in ipairs(entries) do
      kept = kept + tonumber(field(entry, 'n') or '0')
    end
    at = #entries == 100 and '(' .. entries[100][1]
  end
end
local added = tonumber(redis.call('HGET', KEYS[1], 'added') or '0')
redis.call('XGROUP', 'CREATE', stream, group, start, 'MKSTREAM')
redis.call('HSET', KEYS[1], group .. ':base', string.format('%.0f', added - kept))
return 1
