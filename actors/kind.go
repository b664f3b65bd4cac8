package actors

import (
	"slices"
	"strings"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/cluster"

	"recall/wire"
)

// address is what a grain is found by. It is comparable, so that looking one up
// allocates nothing.
type address struct {
	kind string
	id   wire.ID
}

// addressOf takes protoactor's word apart; false: it names no grain of ours.
func addressOf(id *cluster.ClusterIdentity) (address, bool) {
	parsed, err := wire.ParseID(id.Identity)
	return address{id.Kind, parsed}, err == nil
}

// newKind is a kind whose actors are built by make for the id that they serve. All share
// one set of properties: protoactor's own way copies them for each grain, to tell it its
// identity, and wraps each message; that is 0.5 KB a grain and an allocation a message.
// Here a grain's identity is in its name.
func newKind(name string, make func(wire.ID) actor.Actor) *kind {
	return &kind{name: name, make: make}
}

type kind struct {
	name  string
	make  func(wire.ID) actor.Actor
	props *actor.Props
	ended func(a address, pid *actor.PID) // set by the lookup
}

// run makes the actors of the kind run on the goroutines of d.
func (k *kind) run(d dispatcher) {
	k.props = actor.PropsFromProducer(func() actor.Actor { return &identified{kind: k} },
		actor.WithMailbox(newMailbox), actor.WithDispatcher(d))
}

// inCluster is the kinds as the cluster knows them.
func inCluster(kinds []*kind) []*cluster.Kind {
	all := make([]*cluster.Kind, len(kinds))
	for i, k := range kinds {
		all[i] = cluster.NewKind(k.name, k.props)
	}
	return all
}

// spawn makes an activation.
func (k *kind) spawn(root *actor.RootContext, id wire.ID) *actor.PID {
	return root.SpawnPrefix(k.props, id.String())
}

// served is the id in the name of an activation.
func served(pid *actor.PID) wire.ID {
	name, _, _ := strings.Cut(pid.Id, "$") // behind it is what sets activations apart
	id, err := wire.ParseID(name)
	if err != nil {
		panic("actors: a grain with the name " + pid.Id)
	}
	return id
}

// identified is the actor of its identity, and tells the lookup when it has stopped.
type identified struct {
	kind  *kind
	actor actor.Actor
}

// Receive implements [actor.Actor].
func (i *identified) Receive(c actor.Context) {
	if i.actor == nil {
		i.actor = i.kind.make(served(c.Self()))
	}
	i.actor.Receive(c)
	if _, stopped := c.Message().(*actor.Stopped); stopped {
		i.kind.ended(address{i.kind.name, served(c.Self())}, c.Self())
	}
}

// registryParts are enough for every core to find a part that nobody holds: each has 32
// locks of its own.
const registryParts = 4

// shrink makes protoactor's registry of actors smaller. Its 32,768 parts hold a map each,
// of which every one takes a few hundred bytes as soon as it has an entry: 0.6 KB for
// each connection with its two actors, when there are 5,000.
func shrink(r *actor.ProcessRegistryValue) {
	parts := &actor.SliceMap{LocalPIDs: slices.Clone(r.LocalPIDs.LocalPIDs[:registryParts])}
	for _, part := range r.LocalPIDs.LocalPIDs {
		for name, process := range part.Items() { // the system's own
			parts.GetBucket(name).Set(name, process)
		}
	}
	r.LocalPIDs = parts
}
