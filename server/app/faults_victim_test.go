package app

import (
	"math/rand/v2"
	"slices"
	"time"

	"recall/actors/provider"
	double "recall/stress/emulator/services"
	"recall/wire"
)

// victim is a person of a storm.
type victim struct {
	*person
	clock bool // as the storm's
	luck  *rand.Rand
	asked []wire.ID
}

var inputs = []func(*person) wire.Input{
	typed("norwegian band from the eighties with a high falsetto voice"), typed("what is Take On Me by a-ha about?"), typed("thanks!"),
	typed("who sang it?"), typed("no, that's not it"), typed("something slow with rain and drums"), typed("de qué trata esta canción?"),
	spoken("speech:norwegian band with a high falsetto"), spoken("hum:Take On Me"), spoken("song:Africa"), spoken("noise"), spoken("silence"),
	shown("album:Thriller"), transcribed("what is this song"),
}

// turn asks once or twice, while faults come and go, and may think better of it.
func (v *victim) turn() {
	v.weather()
	began, now := time.Now(), []wire.ID(nil)
	for range 1 + v.luck.IntN(2) {
		now = append(now, v.asks(inputs[v.luck.IntN(len(inputs))](v.person)))
	}
	v.asked = append(v.asked, now...)
	v.wait(8 * time.Second)
	v.weather()
	regrets := v.luck.IntN(3) == 0
	if regrets {
		v.until("some events", v.progress(now[0], v.luck.IntN(8)))
		v.cancels(now[0])
	}
	for i, id := range now {
		v.wantEnd(v.end(id), began, regrets && i == 0)
	}
	v.wait(20 * time.Second)
}

// progress fits the n-th event of a recall, or its last.
func (v *victim) progress(id wire.ID, n int) func(told) bool {
	return func(f told) bool {
		if f.RecallID != id || f.TS == "" {
			return false
		}
		n--
		return n < 0 || f.isTerminal()
	}
}

// wait passes some time where that costs none.
func (v *victim) wait(most time.Duration) {
	if d := time.Duration(v.luck.Int64N(int64(most))); v.clock {
		time.Sleep(d)
	}
}

// weather changes what goes wrong.
func (v *victim) weather() {
	service := double.Names()[v.luck.IntN(len(double.Names()))]
	faults := double.Faults(service)
	fault := faults[v.luck.IntN(len(faults))]
	switch v.luck.IntN(6) {
	case 0:
		v.double.ClearFaults()
	case 1:
		v.double.InjectWithProbability(service, fault, v.luck.Float64())
	case 2, 3, 4:
		v.double.Inject(service, fault, 1+v.luck.IntN(4))
	}
}

// wantEnd checks what the person is told in the end.
func (v *victim) wantEnd(f told, began time.Time, regretted bool) {
	took := f.at.Sub(began)
	late := took >= v.cfg.RecallBudget-2*time.Second
	switch {
	case f.Type == "recall.completed", f.Type == "recall.cancelled" && regretted, f.Type == "recall.expired" && late:
	default:
		v.Errorf("ended as %+v after %v", f, took)
	}
	if took > v.cfg.RecallBudget {
		v.Errorf("took %v", took)
	}
	if f.Type == "recall.completed" && f.Status != wire.StatusNoMatch && len(f.Candidates) == 0 && f.Answer == nil && f.FollowUp == "" {
		v.Errorf("has nothing to say: %+v", f)
	}
	var named []string
	for _, d := range f.Degraded {
		if slices.Contains(named, d.Provider) || !v.guilty(d, late) {
			v.Errorf("degraded by %+v, which has no cause", d)
		}
		named = append(named, d.Provider)
	}
}

// guilty tells whether a service had a fault, now or before, that explains the reason: one
// of its own, or ours, when there was no place or no time left. Real time may be short for
// anybody.
func (v *victim) guilty(d wire.Degraded, late bool) bool {
	slow := slices.Contains(words[double.Timeout], d.Reason)
	silence := d == wire.Degraded{Provider: double.ACRCloud, Reason: string(double.BadInput)} // has no fingerprint
	if d.Reason == provider.Busy || silence || slow && (late || !v.clock) {
		return true
	}
	for _, c := range v.double.Log() {
		if f, faulty := double.FaultNamed(c.Service, c.Fault); faulty && c.Service == d.Provider && explains(f, d.Reason) {
			return true
		}
	}
	return false
}

func explains(f double.Fault, reason string) bool {
	for class, all := range words {
		if f.Allows(class) && (slices.Contains(all, reason) || reason == provider.BreakerOpen && breaks(string(class))) {
			return true
		}
	}
	return false
}
