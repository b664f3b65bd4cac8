package wire

// Stage is where a recall stands, for `recall.status`.
type Stage string

// The stages.
const (
	StageTranscribing  Stage = "transcribing"
	StageUnderstanding Stage = "understanding"
	StageRecognizing   Stage = "recognizing"
	StageReadingImage  Stage = "reading_image"
	StageSearching     Stage = "searching"
	StageAnswering     Stage = "answering"
)

// Intent is what the person wants, for `recall.intent`.
type Intent string

// The intents.
const (
	IntentConversation Intent = "conversation"
	IntentInformation  Intent = "information"
	IntentFindSong     Intent = "find_song"
	IntentGenerateSong Intent = "generate_song"
	IntentHumming      Intent = "humming"
	IntentBackground   Intent = "background_audio"
	IntentUnclear      Intent = "unclear"
)

// RecallStarted is the first event of a recall.
type RecallStarted struct {
	RequestID ID        `json:"request_id"`
	InputKind InputKind `json:"input_kind"`
}

// MessageType implements [Message].
func (*RecallStarted) MessageType() string { return "recall.started" }

// RecallStatus tells a person what is going on.
type RecallStatus struct {
	Stage Stage  `json:"stage"`
	Text  string `json:"text"`
}

// MessageType implements [Message].
func (*RecallStatus) MessageType() string { return "recall.status" }

// RecallTranscript is what was heard (voice only).
type RecallTranscript struct {
	Text  string `json:"text"`
	Final bool   `json:"final"`
}

// MessageType implements [Message].
func (*RecallTranscript) MessageType() string { return "recall.transcript" }

// RecallIntent is what was understood.
type RecallIntent struct {
	Intent     Intent  `json:"intent"`
	Confidence float64 `json:"confidence"`
}

// MessageType implements [Message].
func (*RecallIntent) MessageType() string { return "recall.intent" }

// RecallCandidate is a song that was found. A later one of the same key and a
// higher revision replaces it. Rank starts at 1.
type RecallCandidate struct {
	Candidate Candidate `json:"candidate"`
	Rank      int       `json:"rank"`
	Revision  int       `json:"revision"`
}

// MessageType implements [Message].
func (*RecallCandidate) MessageType() string { return "recall.candidate" }

// AnswerDelta is a further piece of the answer.
type AnswerDelta struct {
	Text string `json:"text"`
}

// MessageType implements [Message].
func (*AnswerDelta) MessageType() string { return "recall.answer.delta" }

// Related is a song named beside an answer.
type Related struct {
	Title  string `json:"title"`
	Artist string `json:"artist"`
}

// Answer is the whole answer; a client may ignore the deltas before it.
type Answer struct {
	Text         string    `json:"text"`
	Sources      []string  `json:"sources"`
	RelatedSongs []Related `json:"related_songs"`
}

// MessageType implements [Message].
func (*Answer) MessageType() string { return "recall.answer" }

// FollowUp is the one question.
type FollowUp struct {
	Text string `json:"text"`
}

// MessageType implements [Message].
func (*FollowUp) MessageType() string { return "recall.follow_up" }
