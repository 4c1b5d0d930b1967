-- ARGV: node need want ahead version stagger rates quotas {id interval tolerance over} {id permits width buckets}
local node, need, want, ahead = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local version, stagger, rates, quotas = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local names = {'ts', 'pu', 'f', 'g', 'gt', 'v', 'ep', 'nw', 'nc', 'na', 'n:' .. node}
local first = #names
for i = 1, rates do
    local id = ARGV[5 + 4 * i]
    names[first + 3 * i - 2], names[first + 3 * i - 1], names[first + 3 * i] = 't:' .. id, 'i:' .. id, 'u:' .. id
end
local second = first + 3 * rates
for i = 1, quotas do
    local id = ARGV[5 + 4 * (rates + i)]
    names[second + 3 * i - 2], names[second + 3 * i - 1], names[second + 3 * i] = 'c:' .. id, 's:' .. id, 'l:' .. id
end
local h = redis.call('HMGET', key, unpack(names))
for i = 1, #names do h[i] = tonumber(h[i] or nil) end
start(h[1] or 0)

local factor = inForce(h[3], h[4], h[5] and h[5] - shift)
local function refuse(wait, binding)
    return {0, wait, binding, h[7] or 0, factor, now, max(1, h[10] or 0, h[9] or 0)}
end

local probing = false
if h[2] then
    local pausedUntil = h[2] - shift
    if pausedUntil > now then return refuse(pausedUntil - now, -1) end
    local probeUntil = (number('pd') or shift) - shift
    if probeUntil > now then return refuse(probeUntil - now, -2) end
    probing, want = true, need
end

local older = (h[6] or 0) > version
local n, wait, binding = want, 0, 0
local tat, offset, interval, over, raw, pace = {}, {}, {}, {}, {}, {}
for i = 1, rates do
    local at, a = first + 3 * i - 2, 5 + 4 * i
    local nominal, tolerance = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    if older then nominal, tolerance = h[at + 1] or nominal, h[at + 2] or tolerance end
    local line = h[at] and h[at] - shift or now + tolerance
    if line > now + tolerance + SLOWEST * nominal + 10 * SECOND then line = now + tolerance + nominal end
    tat[i] = max(line, now)
    raw[i], pace[i], over[i] = tat[i] - now - tolerance, ceil(nominal * FULL / factor), ARGV[a + 3]
end
-- Timelines follow those that cover them and are in debt.
for i = 1, rates do
    offset[i], interval[i] = raw[i], pace[i]
    for j = 1, rates do
        if j ~= i and string.byte(over[j], i) ~= 48 and raw[j] > stagger then
            offset[i], interval[i] = max(offset[i], raw[j] - stagger), max(interval[i], pace[j])
        end
    end
    tat[i] = tat[i] + offset[i] - raw[i]
end
for i = 1, rates do
    local d, e = offset[i], interval[i]
    local fits = d > ahead and 0 or floor((ahead - d) / e) + 1
    local lineWait = d + (need - 1) * e - ahead
    n = min(n, fits)
    for j = 1, rates do
        if j ~= i and string.byte(over[i], j) ~= 50 then
            local gap, beside = d - offset[j], d > stagger and 0 or floor((stagger - d) / e) + 1
            if gap <= stagger then
                if e <= interval[j] then
                    beside = want
                else
                    beside = max(beside, floor((stagger - gap) / (e - interval[j])) + 1)
                end
            end
            if beside < need then lineWait = max(lineWait, d + (need - 1) * e - stagger) end
            n = min(n, beside)
        end
    end
    if lineWait > wait then wait, binding = lineWait, i end
end

local bucket, stored, sum, span, width, prefix = {}, {}, {}, {}, {}, {}
for i = 1, quotas do
    local at, a = second + 3 * i - 2, 5 + 4 * (rates + i)
    local permits = older and h[at + 2] or tonumber(ARGV[a + 1])
    width[i], span[i], prefix[i] = tonumber(ARGV[a + 2]), ARGV[a + 3] + 1, 'b:' .. ARGV[a] .. ':'
    local current = floor(now / width[i])
    stored[i] = h[at] or current
    bucket[i], sum[i] = max(stored[i], current), h[at + 1] or 0
    for gone = stored[i] + 1, min(bucket[i], stored[i] + span[i]) do
        sum[i] = sum[i] - (number(prefix[i] .. gone % span[i]) or 0)
    end
    local room = permits - sum[i]
    n = min(n, room)
    if room < need then
        local excess, quotaWait = need - room, width[i] * span[i]
        for b = bucket[i] - span[i] + 1, stored[i] do
            excess = excess - (number(prefix[i] .. b % span[i]) or 0)
            if excess <= 0 then
                quotaWait = (b + span[i]) * width[i] - now
                break
            end
        end
        if quotaWait > wait then wait, binding = quotaWait, rates + i end
    end
end
if n < need then return refuse(max(1, wait), binding) end

-- Granted: only from here on is anything written.
settle()
local w, longest = {'ts', now}, 0
local function put(name, value)
    w[#w + 1] = name
    w[#w + 1] = value
end
local ends, slowest = {}, 1
for i = 1, rates do
    ends[i], slowest = tat[i] + n * interval[i], max(slowest, interval[i])
    longest = max(longest, ends[i] - now)
    put(names[first + 3 * i - 2], ends[i])
end
for i = 1, quotas do
    for gone = stored[i] + 1, min(bucket[i], stored[i] + span[i]) do
        redis.call('HDEL', key, prefix[i] .. gone % span[i])
    end
    redis.call('HINCRBY', key, prefix[i] .. bucket[i] % span[i], n)
    put(names[second + 3 * i - 2], bucket[i])
    put(names[second + 3 * i - 1], sum[i] + n)
    longest = max(longest, (span[i] + 1) * width[i])
end
if version >= (h[6] or 0) then
    if h[6] ~= version then put('v', version) end
    for i = 1, rates do
        local at, a = first + 3 * i - 2, 5 + 4 * i
        if h[at + 1] ~= tonumber(ARGV[a + 1]) then put(names[at + 1], ARGV[a + 1]) end
        if h[at + 2] ~= tonumber(ARGV[a + 2]) then put(names[at + 2], ARGV[a + 2]) end
    end
    for i = 1, quotas do
        local at, a = second + 3 * i - 2, 5 + 4 * (rates + i)
        if h[at + 2] ~= tonumber(ARGV[a + 1]) then put(names[at + 2], ARGV[a + 1]) end
    end
end
if probing then
    put('pd', now + 10 * SECOND)
    put('po', node)
end

-- Counts the nodes of this window of 2 s and remembers how many the last one had.
local window, last, nc, na = floor(now / (2 * SECOND)), h[8] or 0, h[9], h[10]
if window ~= last then
    na, nc = window == last + 1 and nc or 0, 0
    put('na', na)
    put('nw', window)
end
local seen = h[11]
if not seen and redis.call('HINCRBY', key, 'nn', 1) > 64 then
    local all, left = redis.call('HGETALL', key), 1
    for i = 1, #all, 2 do
        if string.sub(all[i], 1, 2) == 'n:' then
            if tonumber(all[i + 1]) < window - 1 then redis.call('HDEL', key, all[i]) else left = left + 1 end
        end
    end
    put('nn', left)
end
if seen ~= window then
    put('n:' .. node, window)
    nc = (nc or 0) + 1
end
if nc ~= h[9] then put('nc', nc) end

-- The climb: Signals.climb.
if h[3] then
    local c = redis.call('HMGET', key, 'fs', 'fu', 'fa', 'fm', 'f0')
    for i = 1, 5 do c[i] = tonumber(c[i] or nil) end
    local elapsed, used = now - (c[1] or 0), (c[2] or 0) + n
    if elapsed < SECOND then
        put('fu', used)
    else
        put('fs', now)
        put('fu', 0)
        if used >= ceil(elapsed / (2 * slowest)) then
            local age, top, low = min((c[3] or 0) + 1000, 60000), c[4] or FULL, c[5] or h[3]
            local past, f = age - 10000, 0
            if past < 0 then
                f = top - floor((top - low) * -past * -past * -past / 1000000000000)
            else
                f = top + floor(past * past * past * 50 / 1000000000000)
            end
            if f >= FULL then
                redis.call('HSET', key, unpack(w))
                w = {}
                redis.call('HDEL', key, 'f', 'fm', 'f0', 'fa', 'fs', 'fu')
            else
                put('f', max(h[3], f))
                put('fa', age)
            end
        end
    end
end
if #w > 0 then redis.call('HSET', key, unpack(w)) end
live(max(longest, h[4] and 3600 * SECOND or 0))

local reply = {n, 0, probing and 1 or 0, h[7] or 0, factor, now, max(1, na or 0, nc or 0)}
for i = 1, rates do
    reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = offset[i], interval[i], ends[i]
end
for i = 1, quotas do reply[#reply + 1] = bucket[i] end
return reply
