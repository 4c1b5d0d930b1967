-- While a cluster moves this slot, a key that is not here may be there already, and asking for one is an error. Asked
-- before anything is written, for one that never is, so that a script runs on all keys of its partition or on none.
redis.call('EXISTS', prefix .. 'whole:' .. tag)
