-- ARGV: node kind activeNodes generation ticks channel. BreakerLaw.java in Lua; a small step back holds the time.
local node, kind, active = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local generation, ticks = tonumber(ARGV[4]), tonumber(ARGV[5])
local h = redis.call('HMGET', key, 'ts', 'gen', 'ou', 'row', 'pd', 'po', 'ok', 'vn', 'vt', 'hc')
local owner, voter = h[6], h[8]
for i = 1, #h do h[i] = tonumber(h[i] or nil) end
local back = (h[1] or 0) - time
if back > 2 * SECOND then
    local fields = {[1] = 'ts', [3] = 'ou', [5] = 'pd', [9] = 'vt', [10] = 'hc'}
    for i, field in pairs(fields) do
        if h[i] then
            h[i] = h[i] - back
            redis.call('HSET', key, field, h[i])
        end
    end
end
now = max(time, h[1] or 0)
ts = h[1] or 0
local gen, openUntil, row, probeUntil, held = h[2] or 0, h[3], h[4] or 0, h[5], h[10]
local changed, wrote, probe = false, false, false

local function write(...)
    redis.call('HSET', key, 'ts', now, ...)
    wrote = true
end
local function open(span)
    gen, openUntil, probeUntil, held = gen + 1, now + (span or min(SECOND * 2 ^ min(row, 6), 60 * SECOND)), nil, nil
    write('gen', gen, 'ou', openUntil, 'row', row + 1)
    redis.call('HDEL', key, 'vn', 'vt', 'pd', 'po', 'ok', 'hc')
    changed = true
end
local mine = gen == generation and owner == node

if kind == 2 and not openUntil and (held or 0) <= now then
    local seconded = voter and voter ~= node and now - (h[9] or 0) <= 10 * SECOND
    if min(2, floor((active + 1) / 2)) < 2 or seconded then open() else write('vn', node, 'vt', now) end
elseif kind == 3 and openUntil and openUntil <= now and (probeUntil or 0) <= now then
    probe, probeUntil = true, now + ticks
    write('pd', probeUntil, 'po', node)
elseif kind == 4 and mine then
    local ok = (h[7] or 0) + 1
    write('ok', ok)
    redis.call('HDEL', key, 'pd', 'po')
    probeUntil = nil
    if ok >= 2 then
        redis.call('HDEL', key, 'ou', 'row', 'ok')
        openUntil, changed = nil, true
    end
elseif kind == 5 and mine then
    open()
elseif kind == 6 then
    open(ticks)
elseif kind == 7 and (openUntil or held or ticks > 0) then
    redis.call('HDEL', key, 'ou', 'row', 'ok', 'pd', 'po', 'vn', 'vt', 'hc')
    openUntil, held, changed = nil, nil, true
    if ticks > 0 then
        held = now + ticks
        write('hc', held)
    else
        write()
    end
elseif kind == 8 and mine then
    write()
    redis.call('HDEL', key, 'pd', 'po')
    probeUntil, changed = nil, true
end

if wrote then live(max(3600 * SECOND, max(openUntil or now, held or now) - now)) end
if changed then redis.call('PUBLISH', ARGV[6], gen .. ' ' .. key) end
local wait = 0
if openUntil then wait = max(0, max(openUntil, not probe and probeUntil or 0) - now) end
return {changed and 1 or 0, openUntil and 1 or 0, gen, wait, probe and 1 or 0, openUntil and 0 or max(0, (held or now) - now)}
