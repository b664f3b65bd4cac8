package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// sampleResult is a run as the full profile would make it, from a seed: stages, a slow
// start, a pause in the middle.
func sampleResult(seed uint64, seconds int) Result {
	random := rand.New(rand.NewPCG(seed, seed))
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := Result{
		Name: "full profile", Command: "go run ./stress run -profile full -seed 7", Date: start, Seconds: float64(seconds), Seed: seed,
		Machine: Machine{CPU: "Some CPU @ 2.80GHz", Cores: 2, Memory: 16 << 30, Kernel: "6.1.0", Go: "go1.26"},
		Settings: []Setting{{"profile", "full"}, {"connections", "10000"}, {"recalls a second", "600"}, {"songs", "5000"},
			{"emulator", "50 ms median, 1000 tokens a second"}, {"GOGC", "100"}},
		Notes: []string{"The pause in the middle is a restart of Postgres."},
	}
	last, first := NewLatency(), NewLatency()
	for i := range seconds {
		r.Samples = append(r.Samples, sampleSecond(random, start, i, seconds, last, first, &r.Counts))
	}
	r.Counts.Refused = map[string]int64{"rate_limited": 4100, "too_many_recalls": 87}
	r.Latencies = []Distribution{last.Total("terminal event"), first.Total("first event")}
	for _, name := range []string{"due to accepted", "text, due to terminal event", "voice, due to terminal event", "page of messages", "list of threads", "connect to welcome", "reconnect to resumed", "scheduler behind its plan"} {
		l := NewLatency()
		scale := 1 + 50*random.Float64()
		for range 500 {
			l.Record(time.Duration(scale * math.Exp(0.5*random.NormFloat64()) * float64(time.Millisecond)))
		}
		r.Latencies = append(r.Latencies, l.Total(name))
	}
	r.Checks = []Check{
		{"events dense and in order on every device", "0 gaps", "0 gaps", true},
		{"p95 from due to terminal event", "< 500 ms", fmt.Sprintf("%s ms", number(r.Latencies[0].P95)), true},
		{"memory back at the end", "within 10 %", "+14.2 %", false},
	}
	return r
}

func sampleSecond(random *rand.Rand, start time.Time, i, seconds int, last, first *Latency, c *Counts) Sample {
	part := float64(i) / float64(seconds)
	load := min(1, part*3, (1-part)*8)
	slow := 1.0
	if part > 0.5 && part < 0.53 {
		slow = 20
	}
	n := int(600 * load * (0.9 + 0.2*random.Float64()))
	for range n {
		ms := slow * (8 + 40*load) * math.Exp(0.6*random.NormFloat64())
		last.Record(time.Duration(ms * float64(time.Millisecond)))
		first.Record(time.Duration(ms * 0.2 * float64(time.Millisecond)))
	}
	c.Due, c.Accepted, c.Completed = c.Due+int64(n), c.Accepted+int64(n), c.Completed+int64(n)
	return Sample{
		At: start.Add(time.Duration(i+1) * time.Second), Connections: int(10000 * load),
		Arrivals: 600 * load, Ended: float64(n), Errors: slow - 1, Open: int(float64(n) * slow / 20),
		Latency: last.Window(), First: first.Window(),
		CPU:       map[string]float64{Server: load * 0.9, Postgres: load * 0.4, Emulator: load * 0.2, Harness: load * 0.3},
		RSS:       map[string]int64{Server: int64((80 + 300*load) * mib), Postgres: int64((200 + 60*load) * mib), Emulator: 60 * mib, Harness: int64(500 * load * mib)},
		HeapStack: int64((20 + 180*load + 20*random.Float64()) * mib), Queries: 2400 * load, RoundTrips: 800 * load,
		HitRate: CacheRate{Threads: 0.99 * min(1, load*4), Messages: 0.9 * min(1, load*3), Answers: 0.4 * load},
	}
}
