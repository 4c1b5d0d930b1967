#!lua flags=allow-oom
-- Takes or extends a lease. Mine is extended; free, expired, or expiring absurdly late (the clock stepped back) is taken
-- under the next epoch. `c` counts takeovers in a row of a lease that nobody released; `k` is what its holder noted to
-- run (suspect.lua), and `kc` counts the holders that died while they ran that one event alone.
-- KEYS[1] the lease; ARGV owner, ttl in ms, 1 once the owner has been healthy
-- Returns {1, epoch, takeovers, suspects, crashes} or {0, ms until it expires}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local owner, ttl = ARGV[1], tonumber(ARGV[2])
local lease = redis.call('HMGET', KEYS[1], 'o', 'e', 'x', 'c', 'k', 'kc', 'g')
if lease[7] then
  return {0, 86400000} -- Closed for good, with its group: see retire.lua.
end
local epoch = tonumber(lease[2] or '0')
local expiry = tonumber(lease[3] or '0')
local takeovers = tonumber(lease[4] or '0')
local suspects, crashes = lease[5] or '', tonumber(lease[6] or '0')
local one_key = 33
if lease[1] ~= owner then
  if lease[1] and lease[1] ~= '' and expiry > now and expiry <= now + 2 * ttl then
    return {0, expiry - now}
  end
  epoch = epoch + 1
  if lease[1] and lease[1] ~= '' then
    takeovers = takeovers + 1
    if #suspects == one_key then
      crashes = crashes + 1
      redis.call('HSET', KEYS[1], 'kc', string.format('%.0f', crashes))
    end
  else
    takeovers = 0
  end
end
if ARGV[3] == '1' then
  takeovers = 0
end
redis.call('HSET', KEYS[1], 'o', owner, 'e', string.format('%.0f', epoch), 'x', string.format('%.0f', now + ttl),
  'c', string.format('%.0f', takeovers))
return {1, epoch, takeovers, suspects, crashes}
