#!lua flags=allow-oom
-- SPDX-License-Identifier: Apache-2.0
-- First part of every script: ScopeLaw.java in Lua. One key, integers below 2^53 only; never tostring or '..' a time.
local t = redis.call('TIME')
local time = ((t[1] - 1704067200) * 1000000 + t[2]) * 16
local key, floor, ceil, min, max = KEYS[1], math.floor, math.ceil, math.min, math.max
local SLOWEST, FULL, SECOND = 50, 1000, 16000000
local ts, now, shift = 0, time, 0

local function number(name)
    return tonumber(redis.call('HGET', key, name) or nil)
end

local function start(last)
    ts = last
    if time < last then
        if last - time <= 2 * SECOND then now = last else shift = last - time end
    end
end

-- Before any other write: makes a large step back part of the state.
local function settle()
    if shift > 0 then
        local all = redis.call('HGETALL', key)
        for i = 1, #all, 2 do
            local name = all[i]
            if string.sub(name, 1, 2) == 't:' or name == 'pu' or name == 'pd' or name == 'gt' or name == 'fs' then
                redis.call('HSET', key, name, all[i + 1] - shift)
            end
        end
    end
end

local function inForce(f, g, gt)
    f = f or FULL
    if g then
        local age = min(max(now - (gt or 0), 0), 3600 * SECOND)
        f = min(f, FULL, g + floor(age * FULL / (3600 * SECOND)))
    end
    return max(FULL / SLOWEST, f)
end

-- Never shortens a life: another class may count a longer window under this key.
local function live(ticks)
    local millis = ceil(ticks / 16000) + 60000
    if ts == 0 then
        redis.call('PEXPIRE', key, millis)
    else
        redis.call('PEXPIRE', key, millis, 'GT')
    end
end
