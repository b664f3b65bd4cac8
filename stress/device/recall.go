package device

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Token asks a server in development mode for a token; an empty user makes a new one.
func Token(ctx context.Context, httpBase, user string) (token, userID string, err error) {
	body := []byte("{}")
	if user != "" {
		body = []byte(`{"user_id":"` + user + `"}`)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, httpBase+"/v1/dev/token", bytes.NewReader(body))
	if err != nil {
		return "", "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Token  string `json:"token"`
		UserID string `json:"user_id"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode != http.StatusOK {
		return "", "", fmt.Errorf("device: no token: %s, %w", resp.Status, err)
	}
	return answer.Token, answer.UserID, nil
}

// NewThread makes a thread and returns its id.
func (d *Device) NewThread(ctx context.Context) (string, error) {
	id := NewUUID()
	f, err := d.Do(ctx, "thread.create", Fields{"thread_id": id})
	if err == nil && f.Type != "thread" {
		err = fmt.Errorf("device: thread.create: %s", f.Raw)
	}
	return id, err
}

// Ask sends a text recall and returns its id.
func (d *Device) Ask(ctx context.Context, thread, text string) (recallID string, err error) {
	return d.Recall(ctx, thread, Fields{"kind": "text", "text": text})
}

// AskWith sends a recall with a stored upload of kind "voice" or "image".
func (d *Device) AskWith(ctx context.Context, thread, kind, mediaID string) (recallID string, err error) {
	return d.Recall(ctx, thread, Fields{"kind": kind, "media_id": mediaID})
}

// Recall sends a recall with any input and returns its id.
func (d *Device) Recall(ctx context.Context, thread string, input Fields) (recallID string, err error) {
	f, err := d.Do(ctx, "recall", Fields{"thread_id": thread, "request_id": NewUUID(), "input": input})
	if err == nil && f.Type != "recall.accepted" {
		err = fmt.Errorf("device: recall: %s", f.Raw)
	}
	return f.RecallID, err
}

// Ending waits for the terminal event of a recall.
func (d *Device) Ending(ctx context.Context, recallID string) (Frame, error) {
	return d.Await(ctx, func(f Frame) bool { return f.RecallID == recallID && f.IsTerminal() })
}
