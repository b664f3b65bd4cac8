package wire

// ThreadCreate makes a thread. With an id of the client's it can be repeated:
// the owner gets the same thread again.
type ThreadCreate struct {
	ThreadID ID      `json:"thread_id"`
	Title    *string `json:"title"`
}

func (c *ThreadCreate) check() *Error {
	if c.ThreadID.IsZero() {
		c.ThreadID = NewID()
	}
	return checkTitle(c.Title)
}

// ThreadGet reads one thread.
type ThreadGet struct {
	ThreadID ID `json:"thread_id"`
}

func (c *ThreadGet) check() *Error { return required("thread_id", c.ThreadID) }

// ThreadUpdate changes the fields that are given.
type ThreadUpdate struct {
	ThreadID ID      `json:"thread_id"`
	Title    *string `json:"title"`
	Pinned   *bool   `json:"pinned"`
	Archived *bool   `json:"archived"`
}

func (c *ThreadUpdate) check() *Error {
	if c.Title == nil && c.Pinned == nil && c.Archived == nil {
		return first(required("thread_id", c.ThreadID), Errorf(CodeBadRequest, "title, pinned or archived: one is required"))
	}
	return first(required("thread_id", c.ThreadID), checkTitle(c.Title))
}

// ThreadDelete hides a thread for good (a soft delete: the rows stay).
type ThreadDelete struct {
	ThreadID ID `json:"thread_id"`
}

func (c *ThreadDelete) check() *Error { return required("thread_id", c.ThreadID) }
