-- A rate limit by GCRA: the one stored number is the time (µs, Redis' clock) at which everything spent so far will
-- have come back. KEYS[1]: the subject's limit. ARGV: µs in which one comes back, how many may be spent at once.
-- Gives {allowed 0|1, remaining, µs until all is back, µs until one more is allowed}. The same rule as gcra.rs.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local interval = tonumber(ARGV[1])
local window = interval * tonumber(ARGV[2])

local full_at = tonumber(redis.call('GET', KEYS[1]) or '0')
-- Not past (all is back), and never further off than a whole window (the clock was set back).
full_at = math.min(math.max(full_at, now), now + window)

local after = full_at + interval
local wait = after - window - now
if wait > 0 then
  return {0, 0, full_at - now, wait}
end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, math.floor((now + window - after) / interval), after - now, 0}
