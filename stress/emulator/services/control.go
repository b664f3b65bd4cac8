package services

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// routeControl adds what a person, or a program in another process, steers by.
func (s *Services) routeControl() {
	s.mux.HandleFunc("GET /{$}", s.showPage)
	s.mux.HandleFunc("POST /control/fault", s.controlFault)
	s.mux.HandleFunc("DELETE /control/faults", s.controlRecover)
	s.mux.HandleFunc("GET /control/calls", s.controlCalls)
	s.mux.HandleFunc("POST /control/pace", s.controlPace)
	s.mux.HandleFunc("POST /control/script", s.controlScript)
	s.mux.HandleFunc("GET /control/clip", media("audio/wav", Clip))
	s.mux.HandleFunc("GET /control/picture", media("image/png", Picture))
}

// description is what the page shows, and its JSON says.
func (s *Services) description() object {
	faults := object{}
	for _, name := range Names() {
		faults[name] = Faults(name)
	}
	return object{
		"services": Names(), "faults": faults, "calls": s.Counts(),
		"control": []string{
			`POST /control/fault {"service":"whisper","fault":"status_503","times":5}`,
			`POST /control/fault {"service":"gpt-4o","fault":"stall_in_stream","probability":0.2}`,
			`POST /control/fault {"service":"all","fault":"status_503","times":-1}`,
			`DELETE /control/faults`, `DELETE /control/faults?service=whisper`, `GET /control/calls`,
			`POST /control/pace {"tokens_per_second":30,"latency_ms":200}`,
			`POST /control/script {"key":"<sha256 or words>","answer":"song:Africa"}`,
			`GET /control/clip?name=song:Africa`, `GET /control/picture?name=album:Thriller`,
		},
	}
}

func (s *Services) showPage(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = pageTemplate.Execute(w, s.description())
		return
	}
	answer(w, s.description())
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(encode(value), '\n'))
}

// readControl decodes a command; what is wrong with it has been said when it is false.
func readControl(w http.ResponseWriter, r *http.Request, command any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(command); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func (s *Services) controlFault(w http.ResponseWriter, r *http.Request) {
	var c struct {
		Service     string   `json:"service"`
		Fault       string   `json:"fault"`
		Times       *int     `json:"times"`
		Probability *float64 `json:"probability"`
	}
	if !readControl(w, r, &c) {
		return
	}
	if p := c.Probability; p != nil && (c.Times != nil || *p < 0 || *p > 1) {
		http.Error(w, "probability: from 0 to 1, and not together with times", http.StatusBadRequest)
		return
	}
	var planned Fault
	err := s.eachFault(c.Service, c.Fault, func(service string, f Fault) {
		planned = f
		switch {
		case c.Probability != nil:
			s.InjectWithProbability(service, f, *c.Probability)
		case c.Times != nil:
			s.Inject(service, f, *c.Times)
		default:
			s.Inject(service, f, 1)
		}
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer(w, planned)
}

// controlRecover ends the faults of ?service=, or of all.
func (s *Services) controlRecover(w http.ResponseWriter, r *http.Request) {
	service := cmp.Or(r.URL.Query().Get("service"), All)
	if service != All && !slices.Contains(Names(), service) {
		http.Error(w, fmt.Sprintf("service: %q is none of %v nor %q", service, Names(), All), http.StatusBadRequest)
		return
	}
	s.ClearFaultsOf(service)
	w.WriteHeader(http.StatusNoContent)
}

// Counts is the calls of every service.
func (s *Services) Counts() map[string]int {
	out := map[string]int{}
	for _, name := range Names() {
		out[name] = s.Calls(name)
	}
	return out
}

func (s *Services) controlCalls(w http.ResponseWriter, _ *http.Request) {
	answer(w, object{"counts": s.Counts(), "log": s.Log()})
}

func (s *Services) controlPace(w http.ResponseWriter, r *http.Request) {
	var c struct {
		TokensPerSecond float64 `json:"tokens_per_second"`
		LatencyMS       float64 `json:"latency_ms"`
	}
	if readControl(w, r, &c) {
		s.SetPace(c.TokensPerSecond, time.Duration(c.LatencyMS*float64(time.Millisecond)))
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Services) controlScript(w http.ResponseWriter, r *http.Request) {
	var c struct{ Key, Answer string }
	if readControl(w, r, &c) {
		s.Script(c.Key, c.Answer)
		w.WriteHeader(http.StatusNoContent)
	}
}

// media makes a clip or a picture for who wants to try it by hand.
func media(contentType string, produce func(string) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("name")
		kind, _, _ := strings.Cut(name, ":")
		_, isClip := clipSeconds[kind]
		if len(name) > longestName || isClip != strings.HasPrefix(contentType, "audio") {
			http.Error(w, "name: song:<title>, hum:<title>, speech:<words>, silence or noise for a clip; album:<title> for a picture", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(produce(name))
	}
}
