-- Where the groups of a stream stand. What comes before a group's floor it has finished.
local function before(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  a_ms, b_ms = tonumber(a_ms), tonumber(b_ms)
  return a_ms < b_ms or (a_ms == b_ms and tonumber(a_seq) < tonumber(b_seq))
end

local function floors(stream)
  local all = {}
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local group = {}
    for i = 1, #info, 2 do
      group[info[i]] = info[i + 1]
    end
    local floor, delivered = group['last-delivered-id'], group['last-delivered-id']
    local pending = group['pending'] > 0
    if pending then
      floor = redis.call('XPENDING', stream, group['name'])[2]
    end
    all[group['name']] = {floor = floor, delivered = delivered, pending = pending}
  end
  return all
end

-- The lowest of all floors, or of those that `counts` says yes to.
local function lowest(all, counts)
  local low = nil
  for name, at in pairs(all) do
    if (not counts or counts(name)) and (not low or before(at.floor, low)) then
      low = at.floor
    end
  end
  return low
end

-- The last entry that a stream was ever given.
local function last_id(stream)
  local info = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      return info[i + 1]
    end
  end
end

-- Whether a group has finished all that its stream was ever given.
local function at_rest(stream, group)
  local at = floors(stream)[group]
  return at ~= nil and not at.pending and at.delivered == last_id(stream)
end
