#!lua
-- Keeps a signed body that nobody can read.
-- KEYS[1] the quarantine; ARGV prefix, tag, app, reason, body
local prefix, tag = ARGV[1], ARGV[2]
--@whole
--@keep
keep(KEYS[1], 'qr', {'app', ARGV[3], 'reason', ARGV[4], 'b', ARGV[5]})
redis.call('HINCRBY', prefix .. 'ctr:' .. tag, 'quarantined', 1)
return 1
