#!lua flags=allow-oom
-- Journals that replies are about to be sent, fenced. A row is `state epoch attempt ms`.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, then of each reply: rid, digest of it, hour of its commit, attempt,
--   1 to send again over a doubt
-- Returns one character a reply: S send it; F it is finished; D in doubt: an earlier attempt may have left
--@fence
local journal = prefix .. 'jr:' .. tag
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local words = {}
for i = 5, #ARGV, 5 do
  local rid, digest, hour, attempt, again = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4] == '1'
  local state, epoch, tried = string.match(redis.call('HGET', journal, rid) or '', '^(%u+) (%d+) (%d+)')
  local word = 'S'
  if state == 'SEEN' then
    redis.call('HSET', journal, rid, 'DONE ' .. epoch .. ' ' .. tried .. ' ' .. now)
    redis.call('HINCRBY', prefix .. 'ctr:' .. tag, 'sent', 1)
    word = 'F'
  elseif state == 'SENDING' then
    local mine = epoch == ARGV[2] and tried == attempt
    word = (mine or again) and 'S' or 'D'
  elseif state then
    word = 'F'
  elseif redis.call('HEXISTS', prefix .. 'sd:' .. tag .. ':' .. hour, digest) == 1 then
    word = 'F'
  end
  if word == 'S' then
    redis.call('HSET', journal, rid, 'SENDING ' .. ARGV[2] .. ' ' .. attempt .. ' ' .. now)
  end
  words[#words + 1] = word
end
return table.concat(words)
