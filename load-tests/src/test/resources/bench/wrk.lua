-- SPDX-License-Identifier: Apache-2.0
-- Sends the requests of a file in turn, each as it stands there, and prints what came of it in one line.
-- wrk ... URL -- FILE; in the file each request follows a line with its length.

local requests = {}
local n = 0

function init(args)
    local file = assert(io.open(args[1], "rb"))
    local length = file:read("*l")
    while length do
        requests[#requests + 1] = file:read(tonumber(length))
        length = file:read("*l")
    end
    file:close()
end

function request()
    n = n % #requests + 1
    return requests[n]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        "RESULT requests=%d micros=%d refused=%d connect=%d read=%d write=%d timeout=%d p50=%d p99=%d p999=%d\n",
        summary.requests, summary.duration, errors.status, errors.connect, errors.read, errors.write, errors.timeout,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
