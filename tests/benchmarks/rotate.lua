-- wrk asks for the addresses of a file one after the other and prints what happened as one line of JSON.
-- wrk ... -s rotate.lua http://127.0.0.1:PORT -- FILE FIRST
local asked, place = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    asked[#asked + 1] = wrk.format("GET", line)
  end
  place = tonumber(args[2])
end

function request()
  place = place % #asked + 1
  return asked[place]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "failed": %d, "seconds": %f, "p50": %f, "p99": %f}',
    summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3
  ))
end
