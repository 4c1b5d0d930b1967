#!lua flags=allow-oom,no-writes
-- Tells which commands this user may not run.
-- ARGV commands with their arguments, one text each, words separated by single spaces
-- Returns the numbers of those it may not
local missing = {}
for i = 1, #ARGV do
  local words = {}
  for word in string.gmatch(ARGV[i], '%S+') do
    words[#words + 1] = word
  end
  if not redis.acl_check_cmd(unpack(words)) then
    missing[#missing + 1] = i
  end
end
return missing
