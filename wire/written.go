package wire

// This file is the table of the messages that are written by hand: what a recall says,
// and pages. A field stands here under the name and in the place that it has in its
// struct; every other message is written by reflection.

func (e *Envelope) fields(o object) object {
	o = o.id("thread_id", e.ThreadID).maybeID("recall_id", e.RecallID).maybeWhole("first_seq", e.FirstSeq)
	return o.whole("seq", e.Seq).text("epoch", e.Epoch).time("ts", e.TS)
}

func (m *RecallStarted) fields(o object) object {
	return o.id("request_id", m.RequestID).text("input_kind", string(m.InputKind))
}

func (m *RecallStatus) fields(o object) object {
	return o.text("stage", string(m.Stage)).text("text", m.Text)
}

func (m *RecallTranscript) fields(o object) object {
	return o.text("text", m.Text).flag("final", m.Final)
}

func (m *RecallIntent) fields(o object) object {
	return o.text("intent", string(m.Intent)).number("confidence", m.Confidence)
}

func (m *RecallCandidate) fields(o object) object {
	return o.nested("candidate", &m.Candidate).whole("rank", int64(m.Rank)).whole("revision", int64(m.Revision))
}

func (m *AnswerDelta) fields(o object) object { return o.text("text", m.Text) }

func (m *Answer) fields(o object) object {
	o = o.text("text", m.Text).texts("sources", m.Sources)
	return list(o, "related_songs", m.RelatedSongs, appendRelated)
}

func appendRelated(b []byte, r *Related) []byte { return appendObject(b, r) }

func (r *Related) fields(o object) object {
	return o.text("title", r.Title).text("artist", r.Artist)
}

func (m *FollowUp) fields(o object) object { return o.text("text", m.Text) }

func (m *RecallCompleted) fields(o object) object {
	o = o.text("status", string(m.Status)).text("response_type", string(m.ResponseType)).number("overall_confidence", m.OverallConfidence)
	o = list(o, "candidates", m.Candidates, appendCandidate)
	if m.Answer != nil {
		o = o.nested("answer", m.Answer)
	}
	o = o.maybeText("follow_up", m.FollowUp).flag("should_ask_crowd", m.ShouldAskCrowd).maybeText("crowd_prompt", m.CrowdPrompt)
	return list(o, "degraded", m.Degraded, appendDegraded).whole("duration_ms", m.DurationMS)
}

func appendDegraded(b []byte, d *Degraded) []byte { return appendObject(b, d) }

func (d *Degraded) fields(o object) object {
	return o.text("provider", d.Provider).text("reason", d.Reason)
}

func appendCandidate(b []byte, c *Candidate) []byte { return appendObject(b, c) }

func (c *Candidate) fields(o object) object {
	o = o.text("key", c.Key).text("title", c.Title).text("artist", c.Artist)
	o = o.maybeText("album", c.Album).maybeWhole("year", int64(c.Year)).maybeText("isrc", c.ISRC)
	o = o.number("confidence", c.Confidence).text("reason", c.Reason)
	o = o.maybeText("background", c.Background).maybeText("lyric_snippet", c.LyricSnippet)
	return o.texts("source_urls", c.SourceURLs).texts("sources", c.Sources)
}

func (p *Posting) fields(o object) object {
	o = o.id("id", p.ID).id("thread_id", p.ThreadID).whole("seq", p.Seq).text("role", string(p.Role)).text("message_type", string(p.Type))
	o = o.maybeText("text", p.Text).maybeText("raw_transcript", p.RawTranscript).maybeText("edited_transcript", p.EditedTranscript)
	o = o.maybeID("media_id", p.MediaID)
	if p.Candidate != nil {
		o = o.nested("candidate", p.Candidate)
	}
	o = o.maybeRaw("sources", p.Sources).maybeNumber("confidence", p.Confidence)
	o = o.maybeText("song_title", p.SongTitle).maybeText("song_artist", p.SongArtist).maybeText("song_url", p.SongURL)
	return o.maybeID("recall_id", p.RecallID).maybeText("verdict", string(p.Verdict)).time("created_at", p.CreatedAt)
}

func (o object) posting(name string, p *Posting) object {
	if p == nil {
		return o.null(name)
	}
	return o.nested(name, p)
}

func appendPosting(b []byte, p **Posting) []byte {
	if *p == nil {
		return append(b, "null"...)
	}
	return appendObject(b, *p)
}

func (m *MessageStored) fields(o object) object  { return o.posting("message", m.Message) }
func (m *MessageUpdated) fields(o object) object { return o.posting("message", m.Message) }

func (m *RecallAccepted) fields(o object) object {
	o = o.id("recall_id", m.RecallID).id("thread_id", m.ThreadID).id("request_id", m.RequestID)
	return o.posting("message", m.Message)
}

func (m *Messages) fields(o object) object {
	o = list(o.id("thread_id", m.ThreadID), "messages", m.Messages, appendPosting)
	return o.flag("has_more", m.HasMore).flag("cached", m.Cached)
}

func (t *Thread) fields(o object) object {
	o = o.id("id", t.ID).text("title", t.Title).flag("pinned", t.Pinned).flag("archived", t.Archived).text("summary", t.Summary)
	return o.time("created_at", t.CreatedAt).time("last_message_at", t.LastMessageAt).whole("seq", t.Seq).text("epoch", t.Epoch)
}

func (m *StashChanged) fields(o object) object {
	if m.Item == nil {
		return o.null("item")
	}
	return o.nested("item", m.Item)
}

func (i *StashItem) fields(o object) object {
	o = o.id("thread_id", i.ThreadID).maybeText("top_song_title", i.TopSongTitle).maybeText("top_song_artist", i.TopSongArtist)
	return o.maybeNumber("top_confidence", i.TopConfidence).maybeText("top_song_url", i.TopSongURL).time("created_at", i.CreatedAt)
}

func appendThread(b []byte, t *Thread) []byte { return appendObject(b, t) }

func (m *Threads) fields(o object) object {
	o = list(o, "threads", m.Threads, appendThread)
	if m.NextCursor == nil {
		return o.null("next_cursor")
	}
	return o.text("next_cursor", *m.NextCursor)
}

func (m *ThreadUpdated) fields(o object) object { return o.nested("thread", &m.Thread) }
func (m *ThreadReply) fields(o object) object   { return o.nested("thread", &m.Thread) }

func (m Limits) fields(o object) object { return list(o, "policies", m.Policies, appendLimit) }

func appendLimit(b []byte, l *Limit) []byte { return appendObject(b, l) }

func (l *Limit) fields(o object) object {
	o = o.text("policy", string(l.Policy)).whole("limit", int64(l.Limit)).whole("window_ms", l.WindowMS)
	return o.whole("remaining", int64(l.Remaining)).whole("reset_ms", l.ResetMS)
}
