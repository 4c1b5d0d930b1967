#!lua flags=allow-oom
-- Journals that replies were sent. Not fenced: whoever presents the journal's own epoch and attempt is believed, and
-- changes that row only; the holder settles.
-- KEYS[1] the journal; ARGV of each: rid, epoch, attempt
-- Returns one character a reply: 1 the row says so now, 0 the row is another's
local flags = {}
for i = 1, #ARGV, 3 do
  local row = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  local state, epoch, attempt, ms = string.match(row, '^(%u+) (%d+) (%d+) (%d+)')
  local same = epoch == ARGV[i + 1] and attempt == ARGV[i + 2]
  if same and (state == 'SENDING') then
    redis.call('HSET', KEYS[1], ARGV[i], 'SEEN ' .. epoch .. ' ' .. attempt .. ' ' .. ms)
  end
  flags[#flags + 1] = (same and state ~= 'REFUSED') and '1' or '0'
end
return table.concat(flags)
