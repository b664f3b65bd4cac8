package wire

// Status is how a completed recall ended.
type Status string

// The statuses of `recall.completed`.
const (
	StatusDone     Status = "done"     // an answer, or a song that is sure enough
	StatusRefining Status = "refining" // guesses, and a question that would help
	StatusNoMatch  Status = "no_match" // nothing found; Degraded tells whether everybody could look
)

// ResponseType is the kind of a completed recall's result.
type ResponseType string

// The response types.
const (
	ResponseSearch ResponseType = "search"
	ResponseAnswer ResponseType = "answer"
	ResponseBoth   ResponseType = "both"
)

// Degraded names a source that could not take part and why: unavailable, timeout or
// stalled (it is broken or slow), breaker_open (it was just now, and is left alone),
// throttled or busy (too many asked), auth, config or quota (our key or plan),
// bad_input, unreadable_media or unsupported_format (it cannot read what was sent),
// length, content_filter or refusal (a model did not finish), crashed (our own fault),
// not_configured (nobody has set up what would have read the voice note or picture).
type Degraded struct {
	Provider string `json:"provider"`
	Reason   string `json:"reason"`
}

// RecallCompleted is the terminal event of a recall that ran to its end.
type RecallCompleted struct {
	Status            Status       `json:"status"`
	ResponseType      ResponseType `json:"response_type"`
	OverallConfidence float64      `json:"overall_confidence"`
	Candidates        []Candidate  `json:"candidates"`
	Answer            *Answer      `json:"answer,omitempty"`
	FollowUp          string       `json:"follow_up,omitempty"`
	ShouldAskCrowd    bool         `json:"should_ask_crowd"`
	CrowdPrompt       string       `json:"crowd_prompt,omitempty"`
	Degraded          []Degraded   `json:"degraded"`
	DurationMS        int64        `json:"duration_ms"`
}

// MessageType implements [Message].
func (*RecallCompleted) MessageType() string { return "recall.completed" }

// RecallFailed is the terminal event of a recall that could not be resolved.
type RecallFailed struct {
	Code         Code       `json:"code"`
	Message      string     `json:"message"`
	Retryable    bool       `json:"retryable"`
	RetryAfterMS int64      `json:"retry_after_ms,omitempty"`
	Degraded     []Degraded `json:"degraded"`
}

// MessageType implements [Message].
func (*RecallFailed) MessageType() string { return "recall.failed" }

// RecallCancelled is the terminal event of a recall that its user ended.
type RecallCancelled struct{}

// MessageType implements [Message].
func (RecallCancelled) MessageType() string { return "recall.cancelled" }

// RecallExpired is the terminal event of a recall that ran out of its budget.
type RecallExpired struct{}

// MessageType implements [Message].
func (RecallExpired) MessageType() string { return "recall.expired" }
