-- KEYS: the stream, and which entry has which name. ARGV: name, room, field, message.
-- An entry may be gone without its name: Redis may throw away either key when it is full.
local id = redis.call('HGET', KEYS[2], ARGV[1])
if id and #redis.call('XRANGE', KEYS[1], id, id) == 1 then
    return 1
end
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[2]) then
    return 0
end
id = redis.call('XADD', KEYS[1], '*', ARGV[3], ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], id)
return 1
