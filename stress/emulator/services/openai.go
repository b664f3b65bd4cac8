package services

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// openaiLimit is the longest request, in bytes.
const openaiLimit = 26_214_400

// ofModel tells whose call it is by the model that is asked for.
func ofModel(c *call) (service, key string) {
	key = strings.TrimPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	switch {
	case strings.HasSuffix(c.r.URL.Path, "/transcriptions"):
		return Whisper, key
	case strings.Contains(c.asked().Model, "mini"):
		return GPT4oMini, key
	default:
		return GPT4o, key
	}
}

// openaiError is the body of every refusal; param and code are null when empty.
func openaiError(status int, outcome Class, kind, code, param, message string) reply {
	return jsonReply(status, outcome, object{"error": object{
		"message": message, "type": kind, "param": orNull(param), "code": orNull(code),
	}})
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func invalid(code, param, message string) reply {
	return openaiError(http.StatusBadRequest, BadInput, "invalid_request_error", code, param, message)
}

func modelNotFound(model string) reply {
	return openaiError(http.StatusNotFound, Auth, "invalid_request_error", "model_not_found", "",
		fmt.Sprintf("The model `%s` does not exist or you do not have access to it.", model))
}

func tooLarge(read int64) reply {
	return openaiError(http.StatusRequestEntityTooLarge, BadInput, "server_error", "", "",
		fmt.Sprintf("Maximum content size limit (%d) exceeded (%d bytes read)", openaiLimit, read))
}

func wrongOpenAIKey(key string) reply {
	shown := key
	if len(key) > 8 {
		shown = key[:4] + "****" + key[len(key)-4:]
	}
	return openaiError(http.StatusUnauthorized, Auth, "invalid_request_error", "invalid_api_key", "",
		"Incorrect API key provided: "+shown+". You can find your API key at https://platform.openai.com/account/api-keys.")
}

// openaiRefusal checks what all calls have in common.
func (c *call) openaiRefusal() (reply, bool) {
	switch {
	case !strings.HasPrefix(c.r.Header.Get("Authorization"), "Bearer ") || c.key != c.s.options.Keys.OpenAI:
		return c.openaiHeaders(wrongOpenAIKey(c.key)), true
	case c.read > openaiLimit && c.service == Whisper:
		return c.openaiHeaders(tooLarge(c.read)), true
	}
	return reply{}, false
}

// openaiHeaders adds what each answer carries. The limits are told in their textual
// form; transcriptions lack those of tokens.
func (c *call) openaiHeaders(r reply) reply {
	const requests, tokens = 5000, 800_000
	n := c.s.Calls(c.service)
	h := r.header.Clone()
	h.Set("X-Request-Id", fmt.Sprintf("req_%032x", pickBy(c.digest(), 1<<16)<<16|n))
	h.Set("Openai-Processing-Ms", fmt.Sprint(40+pickBy(c.digest(), 300)))
	h.Set("Openai-Version", "2020-10-01")
	h.Set("Openai-Organization", "org-emulator")
	limits := func(of string, limit, used int, reset time.Duration) {
		setNew(h, "X-Ratelimit-Limit-"+of, fmt.Sprint(limit))
		setNew(h, "X-Ratelimit-Remaining-"+of, fmt.Sprint(limit-used))
		setNew(h, "X-Ratelimit-Reset-"+of, reset.String())
	}
	limits("Requests", requests, 1, 12*time.Millisecond)
	if c.service != Whisper {
		limits("Tokens", tokens, min(len(c.body)/4, tokens), 20*time.Millisecond)
	}
	r.header = h
	return r
}

// setNew leaves what a fault has set.
func setNew(h http.Header, key, value string) {
	if h.Get(key) == "" {
		h.Set(key, value)
	}
}

// form is a multipart request in memory.
type form struct {
	values map[string]string
	files  map[string]file
}

type file struct {
	name    string
	content []byte
}

// readForm is nil when the body is no multipart form.
func (c *call) readForm() *form {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil
	}
	f := &form{values: map[string]string{}, files: map[string]file{}}
	for reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]); ; {
		part, err := reader.NextPart()
		if err == io.EOF { //nolint:errorlint // this reader's own words for the end
			return f
		}
		if err != nil {
			return nil
		}
		content, err := io.ReadAll(part)
		switch {
		case err != nil:
			return nil
		case part.FileName() != "":
			f.files[part.FormName()] = file{part.FileName(), content}
		default:
			f.values[part.FormName()] = string(content)
		}
	}
}
