local prefix, tag = ARGV[3], ARGV[4]
--@whole
do
  local lease = redis.call('HMGET', KEYS[1], 'o', 'e')
  if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
    return redis.error_reply('FENCED the lease ' .. KEYS[1] .. ' is not held as presented')
  end
end
