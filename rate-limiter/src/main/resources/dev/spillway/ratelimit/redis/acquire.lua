-- ARGV: node class figures {id over} {id}, of each rate and of each quota. The figures are doubles: need want ahead lead version
-- stagger rates quotas {interval tolerance} {permits width buckets}. Node 0 is nobody: it only looks. The reply is doubles too, as
-- Redis takes longer to turn ten numbers of Lua into its own: granted wait flag epoch factor now nodes {offset interval end} {bucket}.
local node, class, figures, read, digits = ARGV[1], 'k:' .. ARGV[2], ARGV[3], struct.unpack, string.format
local tonumber, rep = tonumber, string.rep
local need, want, ahead, lead, version, stagger, rates, quotas, at = read('<dddddddd', figures)
-- Few fields: in a small hash each one is a scan. 'x' says whether a signal was ever heard.
local names, nominal, tolerance, over = {'ts', 'x', 'v', 'nw', 'n:' .. node, class}, {}, {}, {}
local first = #names
for i = 1, rates do
    nominal[i], tolerance[i], at = read('<dd', figures, at)
    names[first + i], over[i] = 't:' .. ARGV[2 + 2 * i], ARGV[3 + 2 * i]
end
local second = first + rates
for i = 1, quotas do
    local id = ARGV[3 + 2 * rates + i]
    names[second + 2 * i - 1], names[second + 2 * i] = 'c:' .. id, 's:' .. id
end
local h = redis.call('HMGET', key, unpack(names))
for i = 1, #names do h[i] = tonumber(h[i] or nil) end
start(h[1] or 0)
local from = now + lead

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
    return struct.pack('<ddddddd', 0, wait, binding, signals[5] or 0, factor, now, max(1, former, present))
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
local tat, offset, interval, raw, pace = {}, {}, {}, {}, {}
for i = 1, rates do
    local stored, t, burst = h[first + i], nominal[i], tolerance[i]
    if older then
        local ruled = numbers('i:' .. ARGV[2 + 2 * i], 'u:' .. ARGV[2 + 2 * i])
        t, burst = ruled[1] or t, ruled[2] or burst
    end
    local line = stored and stored - shift or from + burst
    if line > now + burst + SLOWEST * t + 10 * SECOND then line = from + burst + t end
    tat[i] = max(line, from)
    raw[i], pace[i] = tat[i] - from - burst, ceil(t * FULL / factor)
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

local permits, bucket, stored, sum, span, width, prefix
if quotas > 0 then permits, bucket, stored, sum, span, width, prefix = {}, {}, {}, {}, {}, {}, {} end
for i = 1, quotas do
    local field, id, buckets = second + 2 * i - 1, ARGV[3 + 2 * rates + i], 0
    permits[i], width[i], buckets, at = read('<ddd', figures, at)
    span[i], prefix[i] = buckets + 1, 'b:' .. id .. ':'
    local current = floor(now / width[i])
    stored[i] = h[field] or current
    bucket[i], sum[i] = max(stored[i], current), h[field + 1] or 0
    for gone = stored[i] + 1, min(bucket[i], stored[i] + span[i]) do
        sum[i] = sum[i] - (number(prefix[i] .. gone % span[i]) or 0)
    end
    local room = (older and number('l:' .. id) or permits[i]) - sum[i]
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

local reply = {n, 0, probing and 1 or 0, signals[5] or 0, factor, now, max(1, former, present), 0, 0, 0}
local ends, last, slowest, longest = {}, 7, 1, 0
for i = 1, rates do
    ends[i], slowest = tat[i] + n * interval[i], max(slowest, interval[i])
    longest = max(longest, ends[i] - now)
    reply[last + 1], reply[last + 2], reply[last + 3] = offset[i], interval[i], ends[i]
    last = last + 3
end
for i = 1, quotas do reply[last + i] = bucket[i] end
local format = '<ddddddd' .. rep('ddd', rates) .. rep('d', quotas)
if node == '0' then return struct.pack(format, unpack(reply, 1, last + quotas)) end

-- Granted: only from here on is anything written. '%d', as Redis itself writes numbers with the slow '%.17g'.
settle()
local w, fresh = {'ts', digits('%d', now)}, ts == 0
local function put(name, value)
    w[#w + 1] = name
    w[#w + 1] = digits('%d', value)
end
for i = 1, rates do put(names[first + i], ends[i]) end
for i = 1, quotas do
    local field = second + 2 * i - 1
    for gone = stored[i] + 1, min(bucket[i], stored[i] + span[i]) do
        redis.call('HDEL', key, prefix[i] .. gone % span[i])
    end
    redis.call('HINCRBY', key, prefix[i] .. bucket[i] % span[i], n)
    if h[field] ~= bucket[i] then
        put(names[field], bucket[i])
        fresh = true
    end
    put(names[field + 1], sum[i] + n)
    longest = max(longest, (span[i] + 1) * width[i])
end
if version >= ruling then
    if ruling ~= version then put('v', version) end
    if h[6] ~= version then
        put(class, version)
        for i = 1, rates do
            put('i:' .. ARGV[2 + 2 * i], nominal[i])
            put('u:' .. ARGV[2 + 2 * i], tolerance[i])
        end
        for i = 1, quotas do put('l:' .. ARGV[3 + 2 * rates + i], permits[i]) end
    end
end
if probing then
    put('pd', now + 10 * SECOND)
    w[#w + 1] = 'po'
    w[#w + 1] = node
end

-- Counts the nodes of this window of 2 s and remembers how many the last one had: one number, window, last, present.
local window, before, seen = floor(now / (2 * SECOND)), floor(packed / 16777216), h[5]
if window ~= before then former, present = window == before + 1 and present or 0, 0 end
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
if seen ~= window or window ~= before then
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
reply[7] = max(1, former, present)
return struct.pack(format, unpack(reply, 1, last + quotas))
