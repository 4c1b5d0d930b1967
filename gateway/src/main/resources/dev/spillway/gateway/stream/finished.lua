-- Whether the once-guard knows events by their records. Needs `--@once`.
local function key_of(hex)
  return (string.gsub(hex, '%x%x', function(byte)
    return string.char(tonumber(byte, 16))
  end))
end

local function is_finished(key, bucket)
  local class, unit, span = string.match(bucket, '^(%l)(%l)(%-?%d+)$')
  return class and once_seen(class, unit, tonumber(span), key) or false
end

-- Calls `open` with key and bucket of each event of an entry that is not finished; with nil where nobody can read it.
local function each_open(batch, open)
  for line in string.gmatch(batch, '[^\n]+') do
    local read, event = pcall(cjson.decode, line)
    if read and type(event) == 'table' and type(event.id) == 'string' and type(event.bucket) == 'string' then
      local key = key_of(event.id)
      if not is_finished(key, event.bucket) then
        open(key, event.bucket)
      end
    else
      open(nil, nil)
    end
  end
end
