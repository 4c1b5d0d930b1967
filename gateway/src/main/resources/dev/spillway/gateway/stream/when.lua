-- Positions by time. An id is no time (a clock may jump), so the events' own times of receipt are looked at, some thirty
-- of them: they grow along the stream but for what is appended late, so the answer is near, not exact. What was repaired
-- after a failover is late by far, and is passed over.
local function field(entry, name)
  for i = 1, #entry[2], 2 do
    if entry[2][i] == name then
      return entry[2][i + 1]
    end
  end
end

local function received(entry, repaired_too)
  local line = string.match(field(entry, 'b') or '', '^[^\n]*')
  if not repaired_too and string.find(line, '"source":"repaired"', 1, true) then
    return nil
  end
  return string.match(line, '"receivedAt":"([^"]*)"')
end

local function first_from(stream, from)
  return redis.call('XRANGE', stream, from, '+', 'COUNT', 1)[1]
end

local function ms(id)
  return tonumber(string.match(id, '^%d+'))
end

-- The id of the first entry received at this time or later; nil if there is none.
local function first_since(stream, since)
  local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  if not last then
    return nil
  end
  local low, high = ms(first_from(stream, '-')[1]), ms(last[1]) + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    local from, id, at = string.format('%.0f', middle), nil, nil
    for _ = 1, 64 do
      local entry = first_from(stream, from)
      if not entry then
        break
      end
      id, at = entry[1], received(entry, false)
      if at then
        break
      end
      from = '(' .. entry[1]
    end
    if at and at < since then
      low = ms(id) + 1
    else
      high = middle
    end
  end
  -- The search goes by milliseconds, and many entries can have come in one: the right one may be among those of the last
  -- that was found too early.
  local from, found = string.format('%.0f', math.max(0, low - 1)), nil
  for _ = 1, 1000 do
    found = first_from(stream, from)
    local at = found and ms(found[1]) < low and received(found, false)
    if not found or ms(found[1]) >= low or (at and at >= since) then
      break
    end
    from = '(' .. found[1]
  end
  return found and found[1]
end
