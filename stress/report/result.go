// Package report keeps what a run of the harness measured and shows it: as a table on
// the terminal, as JSON for other programs, and as one HTML file with plots that needs
// no network.
//
//	latency := report.NewLatency()          // one for each thing that is timed
//	latency.Record(time.Since(due))         // from any goroutine
//	sample.Latency = latency.Window()       // once a second, by one goroutine
//	result.Latencies = append(result.Latencies, latency.Total("terminal event"))
//
// Values that the run did not measure stay zero; a plot without any value is left out.
package report

import "time"

// Names of the processes in [Sample.CPU] and [Sample.RSS]. Others are shown too.
const (
	Server   = "server"
	Postgres = "postgres"
	Emulator = "emulator"
	Harness  = "harness"
)

// Result is one run.
type Result struct {
	Name     string    `json:"name"`
	Command  string    `json:"command"` // that repeats the run
	Machine  Machine   `json:"machine"`
	Date     time.Time `json:"date"` // when it began
	Seconds  float64   `json:"seconds"`
	Seed     uint64    `json:"seed"`
	Settings []Setting `json:"settings"`
	Counts   Counts    `json:"counts"`
	// Latencies of the whole run. The first is the headline; each is drawn.
	Latencies []Distribution `json:"latencies"`
	Samples   []Sample       `json:"samples"` // one a second, oldest first
	Checks    []Check        `json:"checks"`
	Notes     []string       `json:"notes,omitempty"` // what a reader must know beside
}

// Machine is what the run had to work with.
type Machine struct {
	CPU    string `json:"cpu"` // model
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory_bytes"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
}

// Setting is one choice of the run, in the order in which it is to be read.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Counts are numbers of recalls, of the whole run.
type Counts struct {
	Due       int64            `json:"due"`      // that the schedule asked for
	Accepted  int64            `json:"accepted"` // that the server took on
	Refused   map[string]int64 `json:"refused,omitempty"`
	Completed int64            `json:"completed"`
	NoMatch   int64            `json:"no_match"`
	Degraded  int64            `json:"degraded"` // of the ended ones, whose answer went without a service
	Cancelled int64            `json:"cancelled"`
	Failed    int64            `json:"failed"`
	Expired   int64            `json:"expired"`
	Errors    int64            `json:"errors"` // what counts against the run
}

// Check is a threshold or an invariant, and how the run did.
type Check struct {
	Name string `json:"name"`
	Want string `json:"want"`
	Got  string `json:"got"`
	OK   bool   `json:"ok"`
}

// OK tells whether every check holds.
func (r Result) OK() bool {
	for _, c := range r.Checks {
		if !c.OK {
			return false
		}
	}
	return true
}
