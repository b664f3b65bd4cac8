package wire

// StashItem is a song that the user keeps, one for each thread.
type StashItem struct {
	ThreadID      ID       `json:"thread_id"`
	TopSongTitle  string   `json:"top_song_title,omitempty"`
	TopSongArtist string   `json:"top_song_artist,omitempty"`
	TopConfidence *float64 `json:"top_confidence,omitempty"`
	TopSongURL    string   `json:"top_song_url,omitempty"`
	CreatedAt     Time     `json:"created_at"`
}

// StashList reads the user's stash, the latest first.
type StashList struct {
	Cursor string `json:"cursor"`
	Limit  *int   `json:"limit"`
}

func (c *StashList) check() *Error {
	return first(inRange("limit", c.Limit, MaxThreads), storable("cursor", c.Cursor))
}

// PageSize is the limit asked for or the default, 20.
func (c *StashList) PageSize() int { return sizeOr(c.Limit, MaxThreads) }

// Stash answers StashList. NextCursor is null on the last page.
type Stash struct {
	Items      []StashItem `json:"items"`
	NextCursor *string     `json:"next_cursor"`
}

// MessageType implements [Message].
func (*Stash) MessageType() string { return "stash" }

// StashEdit is `stash.add` (the thread's best song so far) or `stash.remove`.
type StashEdit struct {
	ThreadID ID   `json:"thread_id"`
	Add      bool `json:"-"` // by the command's type
}

func (c *StashEdit) check() *Error { return required("thread_id", c.ThreadID) }

// StashChanged is the event that the thread's song was kept, changed or, with a
// null item, dropped. An addition to PROTOCOL.md.
type StashChanged struct {
	Item *StashItem `json:"item"`
}

// MessageType implements [Message].
func (*StashChanged) MessageType() string { return "stash.changed" }
