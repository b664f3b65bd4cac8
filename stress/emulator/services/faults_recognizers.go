package services

import (
	"fmt"
	"net/http"
)

// acrFaults are the codes of PROVIDERS.md, B4; HTTP says 200 to all of them.
func acrFaults() []Fault {
	var out []Fault
	for _, f := range []struct {
		name    string
		code    int
		msg     string
		outcome Class
	}{
		{"no_result", 1001, "No result", NoMatch},
		{"metadata_error", 2002, "Metadata parse error", Unavailable},
		{"no_fingerprint", 2004, "Can't generate fingerprint", BadInput},
		{"code_timeout", 2005, "Timeout", Timeout},
		{"service_error", 3000, "Recognition service error (http error 500)", Unavailable},
		{"invalid_key", 3001, "Missing/Invalid Access Key", Auth},
		{"quota", 3003, "requests limit exceeded, please upgrade your account", Quota},
		{"invalid_arguments", 3006, "Invalid arguments", BadInput},
		{"invalid_signature", 3014, "invalid signature", Auth},
		{"throttled_qps", 3015, "qps limit exceeded, please upgrade your account", Throttled},
	} {
		out = append(out, always(f.name, fmt.Sprintf("status.code %d", f.code), acrStatus(f.code, f.msg, f.outcome)))
	}
	return out
}

// shazamFaults are those of the seller's gateway (B5.2): two meanings of one status.
func shazamFaults() []Fault {
	const status = http.StatusTooManyRequests
	return []Fault{
		always("no_result", "matches: []", shazamEmpty()),
		always("throttled_second", "429: per second", gateway(status, Throttled, "You have exceeded the rate limit per second for your plan, BASIC, by the API provider")),
		always("throttled_minute", "429: per minute", gateway(status, Throttled, "You have exceeded the rate limit per minute for your plan, BASIC, by the API provider")),
		always("quota_monthly", "429: the month is used up", gateway(status, Quota, "You have exceeded the MONTHLY quota for Requests on your current plan, BASIC. Upgrade your plan at https://rapidapi.com/apidojo/api/shazam").with("X-Ratelimit-Requests-Remaining", "0")),
		always("quota_daily", "429: the day is used up", gateway(status, Quota, "You have exceeded the DAILY quota for Requests on your current plan, BASIC. Upgrade your plan at https://rapidapi.com/apidojo/api/shazam").with("X-Ratelimit-Requests-Remaining", "0")),
		always("unknown_429", "429 in words that nobody knows", gateway(status, Quota, "Please contact the provider.")),
		always("invalid_key", "401", gateway(http.StatusUnauthorized, Auth, "Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.")),
		always("not_subscribed", "403", gateway(http.StatusForbidden, Auth, "You are not subscribed to this API.")),
		always("gateway_timeout", "504 of the gateway", gateway(http.StatusGatewayTimeout, Unavailable, "The request to the API has timed out.")).or(Timeout),
	}
}

// auddFaults are the codes of B7.
func auddFaults() []Fault {
	return []Fault{
		always("no_result", "result: null", jsonReply(http.StatusOK, NoMatch, object{"status": "success", "result": nil})),
		always("unknown_error", "error_code 100", auddError(100, "Recognition failed: an unknown error", Unavailable)),
		always("no_fingerprint", "error_code 300", auddError(300, "Recognition failed: a problem with fingerprint creation", BadInput)),
		always("bad_file", "error_code 500", auddError(500, "Recognition failed: incorrect audio file", BadInput)),
		always("invalid_key", "error_code 900", auddError(900, "Recognition failed: authorization failed: wrong api_token", Auth)),
		always("quota", "error_code 901", auddError(901, "Recognition failed: authorization failed: the limit was reached", Quota)),
	}
}

func lyricsFaults() []Fault {
	return []Fault{
		always("unknown_song", "404", jsonReply(http.StatusNotFound, NoMatch, object{"error": "No lyrics found"})),
		always("throttled_seconds", "429 with Retry-After: 7", jsonReply(http.StatusTooManyRequests, Throttled, object{"error": "Too many requests"}).with("Retry-After", "7")),
		always("throttled_bare", "429 that does not say how long", jsonReply(http.StatusTooManyRequests, Throttled, object{"error": "Too many requests"})),
	}
}
