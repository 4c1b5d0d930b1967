-- ARGV: node kind value epochSeen channel. Signals.java in Lua.
local node, kind, value, epochSeen = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local h = redis.call('HMGET', key, 'ts', 'pu', 'f', 'g', 'gt', 'ep', 'po', 'pc', 'fm')
local owner = h[7]
for i = 1, #h do h[i] = tonumber(h[i] or nil) end
start(h[1] or 0)
local until_, f, g, gt, ep = h[2] and h[2] - shift or 0, h[3], h[4], h[5] and h[5] - shift, h[6] or 0
local paused, changed, told = h[2] ~= false and h[2] ~= nil, false, false

local function write(...)
    if not changed then
        settle()
        redis.call('HSET', key, 'ts', now, 'x', 1)
        changed = true
    end
    redis.call('HSET', key, ...)
end
local function climbFrom(top, low)
    write('f', low, 'fm', top, 'f0', low, 'fa', 0, 'fs', now, 'fu', 0)
    f = low
end
local function pauseUntil(instant)
    until_ = max(until_, instant)
    write('pu', until_)
    redis.call('HDEL', key, 'pd', 'po')
end
local function endPause()
    redis.call('HDEL', key, 'pu', 'pd', 'po', 'pc')
    until_ = 0
end
local probes = owner == node and until_ <= now

if kind == 1 and epochSeen >= ep then
    local before = f or FULL
    climbFrom(before, max(FULL / SLOWEST, floor(before * 7 / 10)))
    ep = epochSeen + 1
    write('ep', ep)
    if value > 0 then
        local row = h[8] or 0
        write('pc', row + 1)
        pauseUntil(now + min(min(value, 900 * SECOND) * 2 ^ min(row, 20), 900 * SECOND))
    end
    told = true
elseif kind == 2 and now + value > until_ then
    if until_ <= now then
        ep = ep + 1
        write('ep', ep)
    end
    pauseUntil(now + value)
    told = true
elseif kind == 3 and (g or value < FULL) then
    local before = inForce(f, g, gt)
    g, gt = min(max(value, FULL / SLOWEST), FULL), now
    write('g', g, 'gt', gt)
    told = inForce(f, g, gt) ~= before
elseif kind == 4 and probes then
    local before = f or FULL
    climbFrom(max(before, h[9] or before, FULL / 10), FULL / 10)
    endPause()
    told = true
elseif kind == 5 and probes then
    write('ts', now)
    redis.call('HDEL', key, 'pd', 'po')
    told = true
elseif kind == 6 and paused then
    write('ts', now)
    endPause()
    told = true
end

if changed then live(max(until_ - now, 3600 * SECOND)) end
if told then redis.call('PUBLISH', ARGV[5], ep .. ' ' .. key) end
return {told and 1 or 0, ep, inForce(f, g, gt), max(0, until_ - now)}
