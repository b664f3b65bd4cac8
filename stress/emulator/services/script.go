package services

import "sync"

// scripts is what tests have laid down.
type scripts struct {
	mu      sync.Mutex
	answers map[string]string
	chat    func(ChatRequest) (string, bool)
}

func newScripts() *scripts { return &scripts{answers: map[string]string{}} }

// Script fixes an answer. The key is the SHA-256 (hex) of a recording as it arrives
// (a file, or Shazam's raw samples) or of a picture; its answer is a name as of
// [Clip] or [Picture], such as "song:Africa". Or the key is the text of the last user
// message of a chat; its answer is the content that the model writes.
func (s *Services) Script(hashOrText, answer string) {
	s.scripts.mu.Lock()
	defer s.scripts.mu.Unlock()
	s.scripts.answers[hashOrText] = answer
}

// ChatScript lets a test write the content of chat answers; with ok false the
// answer is the usual one. It goes before [Services.Script]. Nil takes it away. It is
// called from many goroutines.
func (s *Services) ChatScript(write func(ChatRequest) (content string, ok bool)) {
	s.scripts.mu.Lock()
	defer s.scripts.mu.Unlock()
	s.scripts.chat = write
}

func (s *scripts) answer(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.answers[key]
	return a, ok
}

func (s *scripts) content(r ChatRequest) (string, bool) {
	s.mu.Lock()
	write := s.chat
	s.mu.Unlock()
	if write != nil {
		if content, ok := write(r); ok {
			return content, true
		}
	}
	return s.answer(r.LastUser())
}
