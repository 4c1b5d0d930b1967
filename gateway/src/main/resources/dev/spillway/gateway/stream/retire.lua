-- Closes a lease for good: no script accepts its fence, and nobody takes it again. It stays for a day, so that a process
-- that slept through all of it cannot make the group or the lease anew.
local function retire(lease)
  redis.call('HSET', lease, 'o', '', 'x', '0', 'g', '1')
  redis.call('EXPIRE', lease, 86400)
end
