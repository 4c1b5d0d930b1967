-- The once-guard: digests of the event keys that a subscription has finished, in hashes of at most `shard_max` fields,
-- since a miss costs 1.5 us at 128 and 5.5 us at 512. A bucket has 2^level shards; when one is full the bucket grows
-- by a level, and every level it has had is looked up. It starts at the level at which the bucket before it ended.
local shard_max, level_max = 128, 14
local life_hours = {m = 24, c = 48, w = 192}
local known_levels = {}
local once_now

local function now_seconds()
  once_now = once_now or tonumber(redis.call('TIME')[1])
  return once_now
end

local function shard_key(class, bucket, level, digest)
  local a, b, c = string.byte(digest, 1, 3)
  local shard = (a * 65536 + b * 256 + c) % 2 ^ level
  return string.format('%sonce:%s:%s:%s:%s:%d.%d', prefix, tag, subscription, class, bucket, level, shard)
end

local function levels_key(class)
  return prefix .. 'oncel:' .. tag .. ':' .. subscription .. ':' .. class
end

local function levels_of(class, bucket)
  local name = class .. bucket
  if known_levels[name] == nil then
    local value = redis.call('HGET', levels_key(class), bucket)
    local first, last = string.match(value or '', '^(%d+):(%d+):')
    known_levels[name] = first and {tonumber(first), tonumber(last)} or false
  end
  return known_levels[name]
end

-- From the first key of a shard on; so that the last of its hour or day has a whole life too, that is added.
local function life_of(class, bucket)
  return life_hours[class] * 3600 + (string.sub(bucket, 1, 1) == 'd' and 86400 or 3600)
end

local function remember_levels(class, bucket, levels)
  local key, life = levels_key(class), life_of(class, bucket)
  known_levels[class .. bucket] = levels
  redis.call('HSET', key, bucket, string.format('%d:%d:%.0f', levels[1], levels[2], now_seconds() + life))
  redis.call('EXPIRE', key, life)
  if redis.call('HLEN', key) % 64 == 0 then
    local all = redis.call('HGETALL', key)
    for i = 1, #all, 2 do
      if tonumber(string.match(all[i + 1], '(%d+)$')) < now_seconds() then
        redis.call('HDEL', key, all[i])
      end
    end
  end
end

local function in_levels(class, bucket, digest, levels, last)
  for level = levels[1], last do
    if redis.call('HEXISTS', shard_key(class, bucket, level, digest), digest) == 1 then
      return true
    end
  end
  return false
end

-- A day bucket is a notification's day: a second copy may carry a later one, and either may be finished first (a held
-- append and its retry, around midnight), so two days to both sides are looked up too.
local function in_days_near(class, unit, span, digest)
  if unit == 'd' then
    for near = -2, 2 do
      local bucket = unit .. string.format('%.0f', span + near)
      local levels = near ~= 0 and levels_of(class, bucket)
      if levels and in_levels(class, bucket, digest, levels, levels[2]) then
        return true
      end
    end
  end
  return false
end

local function once_seen(class, unit, span, digest)
  local bucket = unit .. string.format('%.0f', span)
  local levels = levels_of(class, bucket)
  return (levels and in_levels(class, bucket, digest, levels, levels[2])) or in_days_near(class, unit, span, digest)
end

-- True if this is the first time.
local function once_add(class, unit, span, digest)
  if in_days_near(class, unit, span, digest) then
    return false
  end
  local bucket = unit .. string.format('%.0f', span)
  local levels = levels_of(class, bucket)
  if not levels then
    local before = levels_of(class, unit .. string.format('%.0f', span - 1))
    local start = before and before[2] or 0
    levels = {start, start}
  end
  if in_levels(class, bucket, digest, levels, levels[2] - 1) then
    return false
  end
  local key = shard_key(class, bucket, levels[2], digest)
  if redis.call('HSETNX', key, digest, '') == 0 then
    return false
  end
  local size = redis.call('HLEN', key)
  if size == 1 then
    redis.call('EXPIRE', key, life_of(class, bucket))
    remember_levels(class, bucket, levels)
  elseif size >= shard_max and levels[2] < level_max then
    levels[2] = levels[2] + 1
    remember_levels(class, bucket, levels)
  end
  return true
end
