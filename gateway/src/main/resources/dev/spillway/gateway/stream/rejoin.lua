#!lua flags=allow-oom
-- Ends that a page is set aside, if all of it that is there is finished. Fenced.
-- KEYS[1] the lease; ARGV owner, epoch, prefix, tag, subscription, page
-- Returns 1 if the page is aside no more, 0 if something is left
--@fence
local subscription, page = ARGV[5], ARGV[6]
local stream = prefix .. 'as:' .. tag .. ':' .. subscription .. ':' .. page
if redis.call('EXISTS', stream) == 1 then
  local function fields(list)
    local map = {}
    for i = 1, #list, 2 do
      map[list[i]] = list[i + 1]
    end
    return map
  end
  local last = fields(redis.call('XINFO', 'STREAM', stream))['last-generated-id']
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local group = fields(info)
    if group['pending'] > 0 or group['last-delivered-id'] ~= last then
      return 0
    end
  end
  redis.call('UNLINK', stream)
end
redis.call('HDEL', prefix .. 'ass:' .. tag .. ':' .. subscription, page)
return 1
