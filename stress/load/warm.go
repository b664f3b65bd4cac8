package load

import (
	"context"
	"time"
)

// warm brings the rate up in a straight line before the stages begin, and holds it until
// caches are full and memory has the size that it will have. A user's first
// question costs more than all that follow: its log is read, its first thread made. In
// life such users come one by one; here all have just come, so that without a warm-up it
// would be their arrival that is measured. What goes wrong meanwhile counts, the times do not.
func (l *load) warm(ctx context.Context) {
	p := l.o.Profile
	if p.Warm == 0 {
		return
	}
	rising := Stages{{Name: "warm-up", Ramp: p.Warm, Hold: p.Warm, Conns: l.size}}
	l.schedule(ctx, Plan{Stages: rising, Rate: p.Rate, Mix: p.Mix, Seed: ^l.o.Seed}, time.Now(), nil)
	l.tally.forgetTimes()
	l.warmed = l.tally.ended.Load()
}
