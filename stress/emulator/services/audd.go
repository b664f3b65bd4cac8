package services

import (
	"encoding/base64"
	"fmt"
	"net/http"
)

const auddLimit = 10 << 20 // bytes

func ofAudD(c *call) (service, key string) {
	if f := c.form(); f != nil {
		key = f.values["api_token"]
	}
	return AudD, key
}

func auddError(code int, message string, outcome Class) reply {
	return jsonReply(http.StatusOK, outcome, object{
		"status": "error", "error": object{"error_code": code, "error_message": message}, "request_params": object{},
	})
}

// audd plays POST / and POST /recognizeWithOffset/. Both know recordings and hums:
// which of them a hum is sent to is the client's affair.
func (c *call) audd() reply {
	f := c.form()
	if f == nil || f.values["api_token"] != c.s.options.Keys.AudD {
		return auddError(900, "Recognition failed: authorization failed: wrong api_token", Auth)
	}
	sample := f.files["file"].content
	if text := f.values["audio"]; text != "" {
		sample, _ = base64.StdEncoding.DecodeString(text)
	}
	switch {
	case len(sample) == 0 && f.values["url"] != "":
		return auddError(600, "Recognition failed: the url is incorrect", BadInput)
	case len(sample) == 0:
		return auddError(700, "Recognition failed: no file was sent", BadInput)
	case len(sample) > auddLimit:
		return auddError(400, "Recognition failed: the file is too big", BadInput)
	}
	return auddAnswer(c.s.ears.file(sample))
}

func auddAnswer(h heard) reply {
	switch {
	case h.kind == KindSong || h.kind == KindHum:
		return auddFound(songNamed(h.text))
	case h.failed:
		return auddError(300, "Recognition failed: a problem with fingerprint creation", BadInput)
	default:
		return jsonReply(http.StatusOK, NoMatch, object{"status": "success", "result": nil})
	}
}

func auddFound(s song) reply {
	return jsonReply(http.StatusOK, OK, object{"status": "success", "result": object{
		"artist": s.artist, "title": s.title, "album": s.album, "release_date": fmt.Sprintf("%d-06-01", s.year),
		"label": "Emulator Records", "timecode": "00:56", "song_link": "https://lis.tn/" + s.id(), "isrc": s.isrc(),
		"spotify": object{"id": "sp" + s.id()},
	}})
}
