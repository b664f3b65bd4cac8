package services

import (
	"fmt"
	"net/http"
	"strings"
)

func ofLyrics(*call) (service, key string) { return Lyrics, "" }

// lyrics plays GET /v1/{artist}/{title}. The words are our own, a few lines in
// the song's language where that is Spanish. What the song is about is not in them: a
// server that lets no long quotation through would cut the played model's answer.
func (c *call) lyrics() reply {
	artist, title := c.r.PathValue("artist"), c.r.PathValue("title")
	if text, scripted := c.s.scripts.answer("lyrics:" + artist + "/" + title); scripted {
		return jsonReply(http.StatusOK, OK, object{"lyrics": text})
	}
	for _, s := range songs {
		if folded(s.title) == folded(title) && sameArtist(s.artist, artist) {
			return jsonReply(http.StatusOK, OK, object{"lyrics": inventedLyrics(s)})
		}
	}
	return jsonReply(http.StatusNotFound, NoMatch, object{"error": "No lyrics found"})
}

// sameArtist takes the first of several as well.
func sameArtist(a, b string) bool {
	first, _, _ := strings.Cut(a, " feat.")
	return folded(a) == folded(b) || folded(first) == folded(b)
}

func inventedLyrics(s song) string {
	if s.language == "es" {
		return fmt.Sprintf("(demo)\nEsta es la canción que llaman %s,\nla cantan en verano y todos bailan;\nhabla de un amor que empieza despacio\ny de la noche que nadie quiere acabar.", s.title)
	}
	return fmt.Sprintf("(demo)\nThis is the song they know as %s,\na verse or two, and what they mean to say\nis sung again, as %s likes it best,\nand round it goes until the end of day.", s.title, s.genre)
}
