-- ARGV: node need want ahead version stagger rates quotas class {id interval tolerance over} {id permits width buckets}
local node, need, want, ahead = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local version, stagger, rates, quotas = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local class = 'k:' .. ARGV[9]
-- Few fields: in a small hash each one is a scan. 'x' says whether a signal was ever heard.
local names = {'ts', 'x', 'v', 'nw', 'n:' .. node, class}
local first = #names
for i = 1, rates do names[first + i] = 't:' .. ARGV[6 + 4 * i] end
local second = first + rates
for i = 1, quotas do
    local id = ARGV[6 + 4 * (rates + i)]
    names[second + 2 * i - 1], names[second + 2 * i] = 'c:' .. id, 's:' .. id
end
local h = redis.call('HMGET', key, unpack(names))
for i = 1, #names do h[i] = tonumber(h[i] or nil) end
start(h[1] or 0)

local function numbers(...)
    local values = redis.call('HMGET', key, ...)
    for i = 1, #values do values[i] = tonumber(values[i] or nil) end
    return values
end
local signals = h[2] and numbers('pu', 'f', 'g', 'gt', 'ep', 'pd') or {}
local packed, ruling = h[4] or 0, h[3] or 0
local present, former = packed % 4096, floor(packed / 4096) % 4096

local factor = inForce(signals[2], signals[3], signals[4] and signals[4] - shift)
local function refuse(wait, binding)
    return {0, wait, binding, signals[5] or 0, factor, now, max(1, former, present)}
end

local probing = false
if signals[1] then
    local pausedUntil = signals[1] - shift
    if pausedUntil > now then return refuse(pausedUntil - now, -1) end
    local probeUntil = (signals[6] or shift) - shift
    if probeUntil > now then return refuse(probeUntil - now, -2) end
    probing, want = true, need
end

local older = ruling > version
local n, wait, binding = want, 0, 0
local tat, offset, interval, over, raw, pace = {}, {}, {}, {}, {}, {}
for i = 1, rates do
    local a, stored = 6 + 4 * i, h[first + i]
    local nominal, tolerance = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    if older then
        local ruled = numbers('i:' .. ARGV[a], 'u:' .. ARGV[a])
        nominal, tolerance = ruled[1] or nominal, ruled[2] or tolerance
    end
    local line = stored and stored - shift or now + tolerance
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
    local at, a = second + 2 * i - 1, 6 + 4 * (rates + i)
    local permits = older and number('l:' .. ARGV[a]) or tonumber(ARGV[a + 1])
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
local ends, slowest, fresh = {}, 1, ts == 0
for i = 1, rates do
    ends[i], slowest = tat[i] + n * interval[i], max(slowest, interval[i])
    longest = max(longest, ends[i] - now)
    put(names[first + i], ends[i])
end
for i = 1, quotas do
    local at = second + 2 * i - 1
    for gone = stored[i] + 1, min(bucket[i], stored[i] + span[i]) do
        redis.call('HDEL', key, prefix[i] .. gone % span[i])
    end
    redis.call('HINCRBY', key, prefix[i] .. bucket[i] % span[i], n)
    if h[at] ~= bucket[i] then
        put(names[at], bucket[i])
        fresh = true
    end
    put(names[at + 1], sum[i] + n)
    longest = max(longest, (span[i] + 1) * width[i])
end
if version >= ruling then
    if ruling ~= version then put('v', version) end
    if h[6] ~= version then
        put(class, version)
        for i = 1, rates do
            local a = 6 + 4 * i
            put('i:' .. ARGV[a], ARGV[a + 1])
            put('u:' .. ARGV[a], ARGV[a + 2])
        end
        for i = 1, quotas do
            local a = 6 + 4 * (rates + i)
            put('l:' .. ARGV[a], ARGV[a + 1])
        end
    end
end
if probing then
    put('pd', now + 10 * SECOND)
    put('po', node)
end

-- Counts the nodes of this window of 2 s and remembers how many the last one had: one number, window, last, present.
local window, last, seen = floor(now / (2 * SECOND)), floor(packed / 16777216), h[5]
if window ~= last then former, present = window == last + 1 and present or 0, 0 end
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
    put(names[5], window)
    present = min(present + 1, 4095)
end
if seen ~= window or window ~= last then
    put('nw', window * 16777216 + former * 4096 + present)
    fresh = true
end

-- The climb: Signals.climb.
if signals[2] then
    local c = numbers('fs', 'fu', 'fa', 'fm', 'f0')
    local elapsed, used = now - (c[1] or 0), (c[2] or 0) + n
    if elapsed < SECOND then
        put('fu', used)
    else
        put('fs', now)
        put('fu', 0)
        if used >= ceil(elapsed / (2 * slowest)) then
            local age, top, low = min((c[3] or 0) + 1000, 60000), c[4] or FULL, c[5] or signals[2]
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
                put('f', max(signals[2], f))
                put('fa', age)
            end
        end
    end
end
if #w > 0 then redis.call('HSET', key, unpack(w)) end
-- Every window of 2 s and every bucket is often enough: a life ends 60 s after the last debt.
if fresh then live(longest) end

local reply = {n, 0, probing and 1 or 0, signals[5] or 0, factor, now, max(1, former, present)}
for i = 1, rates do
    reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = offset[i], interval[i], ends[i]
end
for i = 1, quotas do reply[#reply + 1] = bucket[i] end
return reply
