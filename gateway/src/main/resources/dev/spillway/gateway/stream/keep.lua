-- Adds to a stream for people (dead letters, quarantine), which holds at most 16 MiB and 14 days: the oldest go, counted.
local kept_bytes_max, kept_ms_max = 16 * 1024 * 1024, 14 * 24 * 3600 * 1000

local function keep(stream, counter, fields)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local size = 0
  for _, field in ipairs(fields) do
    size = size + #field
  end
  local counters = prefix .. 'ctr:' .. tag
  redis.call('XADD', stream, '*', 'z', string.format('%.0f', size), 't', string.format('%.0f', now), unpack(fields))
  local total = redis.call('HINCRBY', counters, counter .. '-bytes', size)
  while true do
    local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 2)
    local values = oldest[1][2]
    local old = tonumber(values[4]) < now - kept_ms_max
    if #oldest < 2 or (total <= kept_bytes_max and not old) then
      return
    end
    redis.call('XTRIM', stream, 'MINID', oldest[2][1])
    total = redis.call('HINCRBY', counters, counter .. '-bytes', -tonumber(values[2]))
    redis.call('HINCRBY', counters, counter .. '-dropped', 1)
  end
end
