-- ARGV: units rates quotas {id interval end} {id bucket buckets}
local units, rates, quotas, taken = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), 0
for i = 1, rates do
    local a = 1 + 3 * i
    local field, interval, stop = 't:' .. ARGV[a], tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    if number(field) == stop then
        redis.call('HSET', key, field, stop - units * interval)
        taken = taken + 1
    end
end
for i = 1, quotas do
    local a = 1 + 3 * (rates + i)
    local id, bucket, buckets = ARGV[a], tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    local current, slot = number('c:' .. id) or 0, 'b:' .. id .. ':' .. bucket % (buckets + 1)
    local back = min(units, number(slot) or 0)
    if bucket <= current and bucket >= current - buckets and back > 0 then
        redis.call('HINCRBY', key, slot, -back)
        redis.call('HINCRBY', key, 's:' .. id, -back)
        taken = taken + 1
    end
end
return taken
