package wire

// Hello opens a session: it carries the token of a client that could not send
// it on the upgrade request, and the threads to resume.
type Hello struct {
	Token  string   `json:"token"`
	Client *Client  `json:"client"`
	Resume []Resume `json:"resume"`
}

// Client is what an app says of itself, for the log.
type Client struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Resume asks to go on with a thread after the event numbered AfterSeq of Epoch.
type Resume struct {
	ThreadID ID     `json:"thread_id"`
	Epoch    string `json:"epoch"`
	AfterSeq *int64 `json:"after_seq"`
}

func (c *Hello) check() *Error {
	if len(c.Resume) > MaxResume {
		return Errorf(CodeBadRequest, "resume: has %d threads, the most is %d", len(c.Resume), MaxResume)
	}
	for _, r := range c.Resume {
		if e := first(required("resume.thread_id", r.ThreadID), checkAfter("resume.after_seq", r.AfterSeq)); e != nil {
			return e
		}
	}
	return nil
}

// Welcome answers Hello; a client that authenticated on the upgrade request gets
// one at once, without asking.
type Welcome struct {
	SessionID      ID      `json:"session_id"`
	UserID         ID      `json:"user_id"`
	ServerTime     Time    `json:"server_time"`
	TokenExpiresAt Time    `json:"token_expires_at"`
	HeartbeatMS    int64   `json:"heartbeat_ms"`
	MaxFrameBytes  int     `json:"max_frame_bytes"`
	Limits         []Limit `json:"limits"`
}

// MessageType implements [Message].
func (*Welcome) MessageType() string { return "welcome" }
