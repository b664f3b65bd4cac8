package provider

import (
	"math"
	"reflect"

	"github.com/maypok86/otter/v2"
)

// AnswersCache is how the meter calls the kept answers.
const AnswersCache = "answers"

// kept holds the answers of shared requests: the tape is played again. Nil keeps
// nothing.
type kept struct {
	cache   *otter.Cache[key, *tape]
	meter   Meter
	service string
}

func newKept(cfg Answers, meter Meter, service string) *kept {
	if cfg.Bytes <= 0 || cfg.TTL <= 0 {
		return nil
	}
	return &kept{meter: meter, service: service, cache: otter.Must(&otter.Options[key, *tape]{
		MaximumWeight:    uint64(cfg.Bytes),
		Weigher:          func(k key, t *tape) uint32 { return uint32(min(len(k.text)+t.weight(), math.MaxInt32)) },
		ExpiryCalculator: otter.ExpiryWriting[key, *tape](cfg.TTL),
	})}
}

func (k *kept) get(of key) *tape {
	if k == nil {
		return nil
	}
	t, found := k.cache.GetIfPresent(of)
	if !found {
		k.meter.Miss(AnswersCache)
		return nil
	}
	k.meter.Hit(AnswersCache, k.service)
	return t
}

// keep takes a tape that has ended well.
func (k *kept) keep(of key, t *tape) {
	if k != nil && !empty(t.value) {
		k.cache.Set(of, t)
	}
}

// empty tells an answer that found nothing: the service may know more tomorrow.
func empty(value any) bool {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}

// size is how many answers are kept, and about how many bytes they take.
func (k *kept) size() (entries int, bytes uint64) {
	if k == nil {
		return 0, 0
	}
	return k.cache.EstimatedSize(), k.cache.WeightedSize()
}

// close ends the goroutine that looks for what has expired.
func (k *kept) close() {
	if k != nil {
		k.cache.StopAllGoroutines()
	}
}
