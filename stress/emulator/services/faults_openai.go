package services

import (
	"net/http"
	"time"
)

func openaiDown(status int) reply {
	return openaiError(status, Unavailable, "server_error", "", "", "The server had an error while processing your request. Sorry about that!")
}

const rateMessage = "Rate limit reached for gpt-4o-mini in organization org-emulator on requests per min (RPM): Limit 500, Used 500, Requested 1."

// tooFast is a 429 that says in one way or none how long to wait.
func tooFast(message string) reply {
	return openaiError(http.StatusTooManyRequests, Throttled, "requests", "rate_limit_exceeded", "",
		message+" Visit https://platform.openai.com/account/rate-limits to learn more.")
}

// openaiFaults are those of PROVIDERS.md, B1.
func openaiFaults() []Fault {
	const quota = "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."
	return append(throttleFaults(),
		always("insufficient_quota", "429: the money is used up",
			openaiError(http.StatusTooManyRequests, Quota, "insufficient_quota", "insufficient_quota", "", quota)),
		always("credit_exhausted", "429: the newer code of the same",
			openaiError(http.StatusTooManyRequests, Quota, "insufficient_quota", "credit_balance_exhausted", "", quota)),
		always("invalid_key", "401", wrongOpenAIKey("sk-wrong-0000")),
		always("region", "403: country not supported", openaiError(http.StatusForbidden, Auth, "request_forbidden", "unsupported_country_region_territory", "", "Country, region, or territory not supported")),
		always("model_not_found", "404: a matter of configuration", modelNotFound("gpt-none")).or(BadInput),
		always("too_large", "413 whose type says server_error", tooLarge(26_306_794)),
		always("bad_request", "400", invalid("invalid_value", "messages", "Invalid value.")),
		always("overloaded", "503", openaiError(http.StatusServiceUnavailable, Unavailable, "service_unavailable_error", "server_is_overloaded", "", "The server is overloaded.")).or(Throttled),
		always("slow_down", "503: ramped up too fast", openaiError(http.StatusServiceUnavailable, Unavailable, "service_unavailable_error", "slow_down", "", "Slow down.")).or(Throttled),
		always("string_error", "500 whose error is a text, as whisper.cpp has it",
			jsonReply(http.StatusInternalServerError, Unavailable, object{"error": "failed to process audio"})),
	)
}

// throttleFaults tell the wait in every form there is.
func throttleFaults() []Fault {
	return []Fault{
		always("throttled_seconds", "429 with Retry-After: 7", tooFast(rateMessage).with("Retry-After", "7")),
		{Name: "throttled_date", About: "429 with Retry-After as a date, 9 s ahead", Expect: Throttled, answer: func(c *call, _ func() reply) reply {
			at := c.s.options.Now().Add(9 * time.Second).UTC()
			return c.openaiHeaders(tooFast(rateMessage).with("Retry-After", at.Format(http.TimeFormat)))
		}},
		always("throttled_ms", "429 with retry-after-ms: 2500", tooFast(rateMessage).with("Retry-After-Ms", "2500").with("Retry-After", "3")),
		always("throttled_text", "429 with the wait in the text only", tooFast(rateMessage+" Please try again in 18.642s.")),
		always("throttled_text_ms", "429 with a short wait in the text only", tooFast(rateMessage+" Please try again in 644ms.")),
		always("throttled_reset", "429 with x-ratelimit-reset-requests: 6m0s only",
			tooFast(rateMessage).with("X-Ratelimit-Remaining-Requests", "0").with("X-Ratelimit-Reset-Requests", "6m0s")),
		always("throttled_bare", "429 that does not say how long", tooFast(rateMessage)),
	}
}

func whisperFaults() []Fault {
	return []Fault{
		always("invalid_format", "400: format", invalid("", "", badFormat)),
		always("unsupported_format", "400: format, newer models", invalid("unsupported_format", "messages", "This model does not support the format you provided.")),
		always("too_short", "400: under 0.1 s", invalid("audio_too_short", "file", "Audio file is too short. Minimum audio length is 0.1 seconds.")),
		always("too_long", "400: over 1400 s", invalid("invalid_value", "", "audio duration 1830.530612 seconds is longer than 1400 seconds which is the maximum for this model")),
		always("empty_transcript", "nothing was said", jsonReply(http.StatusOK, OK, object{"text": "", "usage": object{"type": "duration", "seconds": 3}})),
	}
}
