-- KEYS: the stream, and which entry has which name. ARGV: the entry, its name.
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[2])
if redis.call('XLEN', KEYS[1]) == 0 then
    redis.call('DEL', KEYS[2])
end
return true
