package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/coder/websocket"
)

// rival is a server and how to speak with it.
type rival struct {
	name    string
	command func(debug string) (program string, args, env []string)
	dial    func(ctx context.Context, base string, i int) (*websocket.Conn, error)
	message func(id int) string // whose echo has the same id
}

// all are the rivals, or the only one.
func all(recall, dir, only string) (chosen []rival) {
	for _, r := range []rival{
		{"bare", ourselves("bare"), dialBare, func(id int) string { return `{"id":` + strconv.Itoa(id) + `}` }},
		{"centrifuge", ourselves("centrifuge"), dialCentrifuge, func(id int) string {
			return `{"id":` + strconv.Itoa(id) + `,"rpc":{"method":"echo","data":{}}}`
		}},
		{"recall", recallCommand(recall, dir), dialRecall, func(id int) string {
			return `{"type":"ping","id":"` + strconv.Itoa(id) + `"}`
		}},
	} {
		if only == "" || r.name == only {
			chosen = append(chosen, r)
		}
	}
	return chosen
}

func dialBare(ctx context.Context, base string, _ int) (*websocket.Conn, error) {
	return dial(ctx, "ws://"+base+"/", &websocket.DialOptions{})
}

func dial(ctx context.Context, url string, o *websocket.DialOptions) (*websocket.Conn, error) {
	ws, _, err := websocket.Dial(ctx, url, o) //nolint:bodyclose // a handshake that succeeded leaves none
	return ws, err
}

// dialCentrifuge says who the user is, and waits until that is taken.
func dialCentrifuge(ctx context.Context, base string, i int) (*websocket.Conn, error) {
	ws, err := dial(ctx, "ws://"+base+"/", &websocket.DialOptions{})
	if err != nil {
		return nil, err
	}
	hello := fmt.Sprintf(`{"id":1,"connect":{"token":"user-%d"}}`, i)
	if err := ws.Write(ctx, websocket.MessageText, []byte(hello)); err != nil {
		return nil, err
	}
	return ws, awaitText(ctx, ws, `"connect"`)
}

// dialRecall gets a token of a new user, connects with it, and waits until its user's
// limits are told: the server has all its actors then.
func dialRecall(ctx context.Context, base string, _ int) (*websocket.Conn, error) {
	token, err := recallToken(ctx, base)
	if err != nil {
		return nil, err
	}
	ws, err := dial(ctx, "ws://"+base+"/v1/ws", &websocket.DialOptions{
		Subprotocols: []string{"recall.v1"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		return nil, err
	}
	return ws, awaitText(ctx, ws, `"limits"`)
}

func recallToken(ctx context.Context, base string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+base+"/v1/dev/token", strings.NewReader("{}"))
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct{ Token string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.Token == "" {
		return "", fmt.Errorf("no token: %s, %w", resp.Status, err)
	}
	return answer.Token, nil
}

// awaitText reads until a frame has some text.
func awaitText(ctx context.Context, ws *websocket.Conn, text string) error {
	for {
		_, frame, err := ws.Read(ctx)
		if err != nil {
			return err
		}
		if strings.Contains(string(frame), `"error"`) {
			return fmt.Errorf("refused: %s", frame)
		}
		if strings.Contains(string(frame), text) {
			return nil
		}
	}
}
