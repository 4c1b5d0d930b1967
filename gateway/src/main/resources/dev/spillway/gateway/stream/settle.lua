#!lua flags=allow-oom
-- Seals how replies ended, and acknowledges entries whose replies are all sealed; their rows move to `sd`, where they
-- only stop late commands. Fenced, and may be repeated.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag,
--   number of replies, then of each: rid, epoch, attempt, `DONE`
--                                or: rid, epoch, attempt, `REFUSED`, digest, hour, reason, record
--   number of entries, then of each: id, number of replies, and of each reply: rid, digest, hour
--@fence
--@keep
local journal, counters = prefix .. 'jr:' .. tag, prefix .. 'ctr:' .. tag
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local at = 5
local function argument()
  local value = ARGV[at]
  at = at + 1
  return value
end

local sent, refused = 0, 0
for _ = 1, tonumber(argument()) do
  local rid, epoch, attempt, outcome = argument(), argument(), argument(), argument()
  local state, of_epoch, of_attempt = string.match(redis.call('HGET', journal, rid) or '', '^(%u+) (%d+) (%d+)')
  local open = (state == 'SENDING' or state == 'SEEN') and of_epoch == epoch and of_attempt == attempt
  if outcome == 'DONE' then
    if open then
      redis.call('HSET', journal, rid, 'DONE ' .. epoch .. ' ' .. attempt .. ' ' .. now)
      sent = sent + 1
    end
  else
    local digest, hour, reason, record = argument(), argument(), argument(), argument()
    -- A reply may be refused before any attempt: then it has no row yet, or one that an earlier holder left open.
    local fresh = not state and redis.call('HEXISTS', prefix .. 'sd:' .. tag .. ':' .. hour, digest) == 0
    local inherited = state == 'SENDING' and tonumber(of_epoch) < tonumber(ARGV[2])
    if state == 'SEEN' then
      -- The platform showed it to us while somebody gave up on it.
      redis.call('HSET', journal, rid, 'DONE ' .. of_epoch .. ' ' .. of_attempt .. ' ' .. now)
      sent = sent + 1
    elseif open or fresh or inherited then
      redis.call('HSET', journal, rid, 'REFUSED ' .. epoch .. ' ' .. attempt .. ' ' .. now)
      keep(prefix .. 'dl:' .. tag, 'dl', {'of', '-out', 'reason', reason, 'attempts', attempt, 'b', record})
      refused = refused + 1
    end
  end
end
local finished = 0
for _ = 1, tonumber(argument()) do
  local id, replies = argument(), tonumber(argument())
  local first = redis.call('XACK', prefix .. 'out:' .. tag, 'd', id) == 1
  for _ = 1, replies do
    local rid, digest, hour = argument(), argument(), argument()
    if first then
      local settled = prefix .. 'sd:' .. tag .. ':' .. hour
      redis.call('HDEL', journal, rid)
      redis.call('HSET', settled, digest, '')
      redis.call('EXPIRE', settled, 7200)
    end
  end
  finished = finished + (first and replies or 0)
end
for name, count in pairs({sent = sent, refused = refused, ['out-fin'] = finished}) do
  if count > 0 then
    redis.call('HINCRBY', counters, name, count)
  end
end
return finished
