-- What wrk sends. The environment says: ROUTES (over how many the requests are spread, 0 for the one of the command
-- line), SUFFIX (the path below a route), BODY_BYTES, HEADERS (lines "Name: value").
local routes = tonumber(os.getenv("ROUTES") or "0")
local suffix = os.getenv("SUFFIX") or "items/42"
local body_bytes = tonumber(os.getenv("BODY_BYTES") or "0")

for line in (os.getenv("HEADERS") or ""):gmatch("[^\n]+") do
    local name, value = line:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
end
if body_bytes > 0 then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/octet-stream"
    wrk.body = string.rep("0123456789abcdef", body_bytes / 16)
end

-- Requests are made once, before the clock runs, and sent in an order that no cache line can guess.
local requests, position = {}, 0
if routes > 0 then
    function init()
        local order = {}
        for route = 1, routes do order[route] = route - 1 end
        math.randomseed(11)
        for last = routes, 2, -1 do
            local other = math.random(last)
            order[last], order[other] = order[other], order[last]
        end
        for index, route in ipairs(order) do
            requests[index] = wrk.format(nil, "/service-" .. route .. "/" .. suffix)
        end
    end
    function request()
        position = position % routes + 1
        return requests[position]
    end
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nRESULT {"requests": %d, "microseconds": %d, "failed": %d, "refused": %d, "p50": %.1f, "p99": %.1f}\n',
        summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.timeout,
        errors.status, latency:percentile(50), latency:percentile(99)))
end
