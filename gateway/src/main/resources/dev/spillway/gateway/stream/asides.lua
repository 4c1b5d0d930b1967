-- Where the pages are that a subscription has set aside. Needs prefix and tag.
local function aside_index(subscription)
  return prefix .. 'ass:' .. tag .. ':' .. subscription
end

local function aside_stream(subscription, page)
  return prefix .. 'as:' .. tag .. ':' .. subscription .. ':' .. page
end
