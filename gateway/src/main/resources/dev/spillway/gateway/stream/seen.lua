#!lua flags=allow-oom
-- Tells which events a subscription has finished already, fenced.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, subscription, then (class, unit, span, digest) of each event
-- Returns one character an event: 1 finished, 0 not
--@fence
local subscription = ARGV[5]
--@once
local flags = {}
for i = 6, #ARGV, 4 do
  flags[#flags + 1] = once_seen(ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]) and '1' or '0'
end
return table.concat(flags)
