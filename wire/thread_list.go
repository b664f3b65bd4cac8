package wire

// ThreadList reads the user's threads, the one with the latest message first.
// Archived chooses the archived ones instead of the others.
type ThreadList struct {
	Cursor   string `json:"cursor"`
	Limit    *int   `json:"limit"`
	Archived bool   `json:"archived"`
}

func (c *ThreadList) check() *Error {
	return first(inRange("limit", c.Limit, MaxThreads), storable("cursor", c.Cursor))
}

// PageSize is the limit asked for or the default, 20.
func (c *ThreadList) PageSize() int { return sizeOr(c.Limit, MaxThreads) }

func sizeOr(n *int, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return *n
}

// Threads answers ThreadList. NextCursor is null on the last page.
type Threads struct {
	Threads    []Thread `json:"threads"`
	NextCursor *string  `json:"next_cursor"`
}

// MessageType implements [Message].
func (*Threads) MessageType() string { return "threads" }
