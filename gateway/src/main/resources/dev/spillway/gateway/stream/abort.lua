#!lua flags=allow-oom
-- Takes back `begin`s of replies that surely never left.
-- KEYS[1] the journal; ARGV of each: rid, epoch, attempt
local undone = 0
for i = 1, #ARGV, 3 do
  local row = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  if string.find(row, 'SENDING ' .. ARGV[i + 1] .. ' ' .. ARGV[i + 2] .. ' ', 1, true) == 1 then
    undone = undone + redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
return undone
