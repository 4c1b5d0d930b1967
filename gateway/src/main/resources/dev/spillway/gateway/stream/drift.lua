#!lua flags=allow-oom
-- Compares what a subscription has finished with what was counted as added, at rest. `added` is counted by a command of
-- its own beside the append, so a connection cut between the two leaves it short. The owner corrects its own `base`:
-- `added` belongs to all. Only a difference that the call before saw at the same last entry is corrected, for the count
-- of an append may be on its way. Fenced.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, stream, group, last id and difference that the call before told
-- Returns the last id and the difference, 0 if there is none, if it was corrected, or if something waits
--@fence
--@floors
local stream, group = ARGV[5], ARGV[6]
local counters = prefix .. 'ctr:' .. tag
if redis.call('EXISTS', stream) == 0 then
  return {'', 0}
end
local last = last_id(stream)
if not at_rest(stream, group) then
  return {last, 0}
end
local count = redis.call('HMGET', counters, 'added', group .. ':base', group .. ':fin')
local drift = tonumber(count[1] or 0) - tonumber(count[2] or 0) - tonumber(count[3] or 0)
if drift ~= 0 and ARGV[7] == last and tonumber(ARGV[8]) == drift then
  redis.call('HINCRBY', counters, group .. ':base', drift)
  drift = 0
end
return {last, drift}
