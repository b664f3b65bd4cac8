package thread

import (
	"encoding/json"
	"strings"

	"recall/actors/recall"
	"recall/wire"
)

// titleLength is the most characters of a title that is made from a question.
const titleLength = 60

// posting begins a message of this thread. Its time never lies before the
// message before it, so that the order by time is the order by number.
func (s *State) posting(recallID wire.ID, role wire.Role, kind wire.PostingType) *wire.Posting {
	at := wire.At(s.now)
	if at.Before(s.thread.LastMessageAt.Time) {
		at = s.thread.LastMessageAt
	}
	return &wire.Posting{ID: s.cfg.NewID(), ThreadID: s.id, Role: role, Type: kind, RecallID: recallID, CreatedAt: at}
}

// question is the user's message. The words as typed or heard stay beside the
// edited ones.
func (s *State) question(r wire.Recall, seq int64) *wire.Posting {
	p := s.posting(r.ID, wire.RoleUser, wire.PostingType(r.Input.Kind))
	p.ID, p.Seq, p.MediaID = r.MessageID, seq, r.Input.MediaID
	p.Text = r.Input.Query()
	if r.Input.Kind == wire.InputVoice { // the app's own transcript
		p.RawTranscript = r.Input.Text
	}
	if r.Input.EditedTranscript != "" {
		p.RawTranscript, p.EditedTranscript = r.Input.Text, r.Input.EditedTranscript
	}
	return p
}

func (s *State) answer(q *run, a *wire.Answer) *wire.Posting {
	p := s.posting(q.recall.ID, wire.RoleAssistant, wire.TypeAnswer)
	p.Text = a.Text
	if len(a.Sources) > 0 {
		p.Sources, _ = json.Marshal(a.Sources) // strings always encode
	}
	return p
}

func (s *State) candidate(q *run, c *wire.Candidate) *wire.Posting {
	p := s.posting(q.recall.ID, wire.RoleAssistant, wire.TypeCandidate)
	p.Text = c.Title + " — " + c.Artist
	p.Candidate, p.Confidence = c, &c.Confidence
	p.SongTitle, p.SongArtist, p.SongURL = c.Title, c.Artist, firstOf(c.SourceURLs)
	return p
}

// entitle names a thread by its first question, as long as nobody named it. Music is
// none: a voice note may have no words at all.
func (s *State) entitle(d draft, question string) draft {
	title := shorten(recall.Words(question), titleLength)
	if s.thread.Title != "" || title == "" {
		return d
	}
	t := s.thread
	t.Title = title
	d.commit.Thread = &t
	d.events = append(d.events, event{body: &wire.ThreadUpdated{Thread: s.listed(t, d)}})
	return d
}

// listed is how the thread will stand in a list once the draft is stored.
func (s *State) listed(t wire.Thread, d draft) wire.Thread {
	t.Seq = s.log.seq + int64(len(d.events)) + 1
	if n := len(d.commit.Postings); n > 0 {
		t.LastMessageAt = d.commit.Postings[n-1].CreatedAt
	}
	return t
}

func (s *State) stashItem(title, artist string, confidence *float64, url string) *wire.StashItem {
	return &wire.StashItem{
		ThreadID: s.id, TopSongTitle: title, TopSongArtist: artist, TopConfidence: confidence, TopSongURL: url, CreatedAt: wire.At(s.now),
	}
}

// shorten cuts at a word's end.
func shorten(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	cut := string(runes[:most])
	if space := strings.LastIndexByte(cut, ' '); space > 0 {
		cut = cut[:space]
	}
	return cut + "…"
}

func firstOf(urls []string) string {
	if len(urls) == 0 {
		return ""
	}
	return urls[0]
}
