package wire

// AuthRefresh replaces the session's token by a newer one of the same user.
type AuthRefresh struct {
	Token string `json:"token"`
}

func (c *AuthRefresh) check() *Error {
	if c.Token == "" {
		return Errorf(CodeBadRequest, "token: is required")
	}
	return nil
}

// OK answers a command that has nothing else to say.
type OK struct{}

// MessageType implements [Message].
func (OK) MessageType() string { return "ok" }
