package actors

import (
	"fmt"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"recall/wire"
)

// BenchmarkGrainRequest asks a grain that is awake.
func BenchmarkGrainRequest(b *testing.B) {
	id := wire.NewID()
	ask := func() {
		if _, err := system.ask(b.Context(), echoing, id, "hello"); err != nil {
			b.Fatal(err)
		}
	}
	ask()
	b.ReportAllocs()
	for b.Loop() {
		ask()
	}
}

// BenchmarkMailbox is the way of a message through a mailbox, ours and protoactor's.
func BenchmarkMailbox(b *testing.B) {
	for name, producer := range map[string]actor.MailboxProducer{"ours": newMailbox, "unbounded": actor.Unbounded()} {
		for _, burst := range []int{1, 30} {
			b.Run(fmt.Sprintf("%s/burst=%d", name, burst), func(b *testing.B) {
				done, message := make(chan struct{}), any("m")
				n := 0
				pid := system.actors.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
					if _, ok := c.Message().(string); ok {
						if n++; n%burst == 0 {
							done <- struct{}{}
						}
					}
				}, actor.WithMailbox(producer)))
				defer system.actors.Root.Stop(pid)
				b.ReportAllocs()
				for b.Loop() {
					for range burst {
						system.actors.Root.Send(pid, message)
					}
					<-done
				}
			})
		}
	}
}
