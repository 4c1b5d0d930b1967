#!lua flags=allow-oom
-- Takes entries of a group, fenced: what is pending after the last one seen comes first (a lost reply heals itself),
-- then what is new, until the events or bytes asked for are reached.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, stream, group, last seen id, events, bytes
-- Returns {{id, n, b, 1 if it had been delivered before}, ...}; b is false where an entry has vanished
--@fence
local stream, group, after = ARGV[5], ARGV[6], ARGV[7]
local events, bytes = tonumber(ARGV[8]), tonumber(ARGV[9])
local pending, taken = true, {}
while events > 0 and bytes > 0 do
  local reply = redis.call('XREADGROUP', 'GROUP', group, group, 'COUNT', 1, 'STREAMS', stream, pending and after or '>')
  local entry = reply and reply[1] and reply[1][2][1]
  if entry then
    local n, b = 0, false
    local fields = entry[2] or {}
    for i = 1, #fields, 2 do
      if fields[i] == 'n' then
        n = tonumber(fields[i + 1])
      elseif fields[i] == 'b' then
        b = fields[i + 1]
      end
    end
    taken[#taken + 1] = {entry[1], n, b, pending and 1 or 0}
    after = entry[1]
    events = events - math.max(n, 1)
    bytes = bytes - (b and #b or 0)
  elseif pending then
    pending = false
  else
    break
  end
end
return taken
