#!lua flags=allow-oom
-- The platform showed us a reply of ours: a send in doubt is one no more.
-- KEYS[1] the journal; ARGV rids
local seen = 0
for i = 1, #ARGV do
  local epoch, attempt, ms = string.match(redis.call('HGET', KEYS[1], ARGV[i]) or '', '^SENDING (%d+) (%d+) (%d+)')
  if epoch then
    redis.call('HSET', KEYS[1], ARGV[i], 'SEEN ' .. epoch .. ' ' .. attempt .. ' ' .. ms)
    seen = seen + 1
  end
end
return seen
