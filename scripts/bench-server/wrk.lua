-- Sends the requests of a file in turn, each thread from a place of its own. A
-- line is a path, and a header after a tab where there is one.
local threads = 0

function setup(thread)
  thread:set("place", threads * 97)
  threads = threads + 1
end

function init(args)
  requests = {}
  for line in io.lines(args[1]) do
    local path, name, value = line:match("^([^\t]+)\t([^:]+): (.*)$")
    local headers = {}
    if name then headers[name] = value end
    requests[#requests + 1] = wrk.format("GET", path or line, headers)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
