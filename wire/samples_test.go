package wire

import (
	"encoding/json"
	"strings"
	"time"
)

// The samples are one list of everything that goes over the wire, shared by the
// golden, decoding and description tests.

func sampleID(n byte) ID {
	id, _ := ParseID("01890a5d-ac96-774b-bcce-b302099a8000")
	id[15] = n
	return id
}

func sampleTime() Time { return At(time.Date(2024, 2, 29, 23, 59, 59, 7_999_999, time.UTC)) }

func pointer[T any](v T) *T { return &v }

func sampleCandidate() Candidate {
	return Candidate{
		Key: "isrc:NOA018500001", Title: "Take On Me", Artist: "a‐ha", Album: "Hunting High and Low", Year: 1985, ISRC: "NOA018500001",
		Confidence: 0.93, Reason: "title, era <80s> & mood", Background: "A second recording made it famous.",
		LyricSnippet: "a few words", SourceURLs: []string{"https://example.org/song?a=1&b=2"}, Sources: []string{"catalog"},
	}
}

func samplePosting() *Posting {
	c := sampleCandidate()
	return &Posting{
		ID: sampleID(4), ThreadID: sampleID(1), Seq: 7, Role: RoleAssistant, Type: TypeCandidate, Text: "Take On Me — a‐ha",
		Candidate: &c, Sources: json.RawMessage(`["catalog"]`), Confidence: pointer(0.93), SongTitle: c.Title, SongArtist: c.Artist,
		SongURL: c.SourceURLs[0], RecallID: sampleID(2), Verdict: Confirmed, CreatedAt: sampleTime(),
	}
}

func sampleQuestion() *Posting {
	return &Posting{
		ID: sampleID(5), ThreadID: sampleID(1), Seq: 1, Role: RoleUser, Type: TypeVoice, Text: "edited \"words\"\n",
		RawTranscript: "heard words", EditedTranscript: "edited \"words\"\n", MediaID: sampleID(9), RecallID: sampleID(2), CreatedAt: sampleTime(),
	}
}

func sampleThread() Thread {
	return Thread{
		ID: sampleID(1), Title: "That song", Pinned: true, Summary: "Take On Me — a‐ha",
		CreatedAt: sampleTime(), LastMessageAt: sampleTime(), Seq: 12, Epoch: "3",
	}
}

func sampleStash() *StashItem {
	return &StashItem{
		ThreadID: sampleID(1), TopSongTitle: "Take On Me", TopSongArtist: "a‐ha", TopConfidence: pointer(0.0), TopSongURL: "https://example.org/", CreatedAt: sampleTime(),
	}
}

func sampleLimits() []Limit {
	return []Limit{
		{Policy: PolicyMinute, Limit: 10, WindowMS: 60_000, Remaining: 9, ResetMS: 60_000},
		{Policy: PolicyConcurrent, Limit: 5, Remaining: 4},
	}
}

// sampleSum is the SHA-256 of no bytes (FIPS 180-4).
const sampleSum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// replies by the name of their golden file: the type, and what is special of it.
func sampleReplies() map[string]Message {
	rate := RateLimited(PolicyMinute, 1500*time.Microsecond)
	return map[string]Message{
		"welcome": &Welcome{
			SessionID: sampleID(6), UserID: sampleID(7), ServerTime: sampleTime(), TokenExpiresAt: sampleTime(),
			HeartbeatMS: 25_000, MaxFrameBytes: MaxTextFrame, Limits: sampleLimits(),
		},
		"limits":             Limits{Policies: sampleLimits()},
		"ok":                 OK{},
		"pong":               Pong{ServerTime: sampleTime()},
		"thread":             &ThreadReply{Thread: sampleThread()},
		"threads":            &Threads{Threads: []Thread{sampleThread()}, NextCursor: pointer("c2")},
		"threads-last":       &Threads{Threads: []Thread{}},
		"subscribed":         &Subscribed{ThreadID: sampleID(1), Epoch: "3", Seq: 12, Recovered: true, ActiveRecallID: sampleID(2)},
		"subscribed-idle":    &Subscribed{ThreadID: sampleID(1), Epoch: "3"},
		"messages":           &Messages{ThreadID: sampleID(1), Messages: []*Posting{sampleQuestion(), samplePosting()}, HasMore: true, Cached: true},
		"messages-none":      &Messages{ThreadID: sampleID(1), Messages: []*Posting{}},
		"recall.accepted":    &RecallAccepted{RecallID: sampleID(2), ThreadID: sampleID(1), RequestID: sampleID(3), Message: sampleQuestion()},
		"media.opened":       &MediaOpened{MediaID: sampleID(9), Channel: 1<<32 - 1, ChunkBytes: ChunkBytes},
		"media.stored":       &MediaStored{MediaID: sampleID(9), Size: MaxMedia, SHA256: sampleSum},
		"stash":              &Stash{Items: []StashItem{*sampleStash(), {ThreadID: sampleID(8), CreatedAt: sampleTime()}}},
		"goodbye":            NewGoodbye(CloseRestart, "the server restarts", 1500),
		"goodbye-stay":       NewGoodbye(CloseTooManyClients, "too many", 0),
		"error-bad_request":  Errorf(CodeBadRequest, "limit: must be 1 to %d", 50),
		"error-unknown_type": Errorf(CodeUnknownType, "unknown command type %s", `"<x>"`),
		"error-unauthorized": Errorf(CodeUnauthorized, "say hello"), "error-token_expired": Errorf(CodeTokenExpired, "token: expired"),
		"error-not_found": NotFound("thread"), "error-rate_limited": rate, "error-busy": Errorf(CodeBusy, "busy"),
		"error-too_large": Errorf(CodeTooLarge, "too large"), "error-unsupported_media": Errorf(CodeUnsupportedMedia, "neither voice nor image"),
		"error-too_large-upload": &Error{Code: CodeTooLarge, Message: "too large", MediaID: sampleID(9)},
		"error-unavailable":      Errorf(CodeUnavailable, "later"), "error-internal": AsError(ErrStale),
	}
}

func sampleEvents() map[string]Event {
	answer := &Answer{Text: "That is it.", Sources: []string{"https://example.org/"}, RelatedSongs: []Related{{Title: "Halo", Artist: "Beyoncé"}}}
	failed := &RecallFailed{Code: CodeUnavailable, Message: "later", Retryable: true, RetryAfterMS: 1000, Degraded: []Degraded{{"catalog", "timeout"}}}
	return map[string]Event{
		"message": &MessageStored{sampleQuestion()}, "message.updated": &MessageUpdated{samplePosting()},
		"recall.started":      &RecallStarted{RequestID: sampleID(3), InputKind: InputText},
		"recall.status":       &RecallStatus{Stage: StageSearching, Text: "Looking"},
		"recall.transcript":   &RecallTranscript{Text: "la la la", Final: true},
		"recall.intent":       &RecallIntent{Intent: IntentFindSong, Confidence: 0.6},
		"recall.candidate":    &RecallCandidate{Candidate: sampleCandidate(), Rank: 1, Revision: 2},
		"recall.answer.delta": &AnswerDelta{Text: "That \u2028is"}, "recall.answer": answer, "recall.follow_up": &FollowUp{Text: "Who sang?"},
		"recall.completed": &RecallCompleted{
			Status: StatusDone, ResponseType: ResponseBoth, OverallConfidence: 0.93, Candidates: []Candidate{sampleCandidate()}, Answer: answer,
			Degraded: []Degraded{}, DurationMS: 1234,
		},
		"recall.completed-no_match": &RecallCompleted{
			Status: StatusNoMatch, ResponseType: ResponseSearch, Candidates: []Candidate{}, FollowUp: "Who sang?", ShouldAskCrowd: true,
			CrowdPrompt: "Does anybody know?", Degraded: []Degraded{{"catalog", "timeout"}},
		},
		"recall.failed": failed, "recall.cancelled": RecallCancelled{}, "recall.expired": RecallExpired{},
		"thread.updated": &ThreadUpdated{sampleThread()}, "thread.deleted": ThreadDeleted{},
		"stash.changed": &StashChanged{sampleStash()}, "stash.changed-dropped": &StashChanged{},
	}
}

func sampleEnvelope() Envelope {
	return Envelope{ThreadID: sampleID(1), RecallID: sampleID(2), Seq: 41, Epoch: "3", TS: sampleTime()}
}

// goodCommands are frames of every command with every field that it knows.
// U stands for a UUID.
func goodCommands() map[string]string {
	good := map[string]string{
		"hello":              `{"token":"t","client":{"name":"ios","version":"1.2"},"resume":[{"thread_id":"U","epoch":"3","after_seq":0}]}`,
		"auth.refresh":       `{"token":"t"}`,
		"ping":               `{}`,
		"thread.create":      `{"thread_id":"U","title":" a title "}`,
		"thread.list":        `{"cursor":"c","limit":20,"archived":true}`,
		"thread.get":         `{"thread_id":"U"}`,
		"thread.update":      `{"thread_id":"U","title":"t","pinned":true,"archived":false}`,
		"thread.delete":      `{"thread_id":"U"}`,
		"thread.subscribe":   `{"thread_id":"U","epoch":"3","after_seq":12}`,
		"thread.unsubscribe": `{"thread_id":"U"}`,
		"messages.list":      `{"thread_id":"U","before_seq":9,"limit":50}`,
		"recall":             `{"thread_id":"U","request_id":"U","input":{"kind":"text","text":"a song","edited_transcript":"that song","media_id":"U"}}`,
		"recall.cancel":      `{"recall_id":"U"}`,
		"candidate.confirm":  `{"message_id":"U"}`,
		"candidate.reject":   `{"message_id":"U"}`,
		"stash.list":         `{"cursor":"c","limit":1}`,
		"stash.add":          `{"thread_id":"U"}`,
		"stash.remove":       `{"thread_id":"U"}`,
		"media.open":         `{"kind":"voice","content_type":"audio/mp4","size":12}`,
		"media.close":        `{"media_id":"U","sha256":"` + sampleSum + `"}`,
	}
	for kind, body := range good {
		good[kind] = strings.ReplaceAll(body, "U", sampleID(1).String())
	}
	return good
}

// frameOf is a command's frame with one field set, or dropped when value is nil.
func frameOf(kind string, path []string, value any) []byte {
	var fields map[string]any
	if err := json.Unmarshal([]byte(goodCommands()[kind]), &fields); err != nil {
		panic(err)
	}
	fields["type"], fields["id"] = kind, "c1"
	at := fields
	for _, name := range path[:max(0, len(path)-1)] {
		next, ok := at[name].(map[string]any)
		if !ok {
			next = at[name].([]any)[0].(map[string]any)
		}
		at = next
	}
	if len(path) > 0 {
		if at[path[len(path)-1]] = value; value == nil {
			delete(at, path[len(path)-1])
		}
	}
	return mustJSON(fields)
}
