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
  -- A command that an older server does not know raises an error; the check of its version tells what is wrong.
  local known, may = pcall(redis.acl_check_cmd, unpack(words))
  if known and not may then
    missing[#missing + 1] = i
  end
end
return missing
