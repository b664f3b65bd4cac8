package actors

import (
	"sync"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/cluster"
)

// lookup knows where the grains of this process are and makes them. It stands in
// for protoactor's disthash, which asks a placement actor for each activation and
// searches all its grains for each one that stops: here both are one look into a
// map. Several nodes need disthash (or a storage lookup) again.
type lookup struct {
	cluster *cluster.Cluster

	mu   sync.Mutex
	pids map[string]*actor.PID // by kind and identity
	left map[string]*actor.PID // activations that have left, until they end or the next one is made
}

func newLookup() *lookup {
	return &lookup{pids: map[string]*actor.PID{}, left: map[string]*actor.PID{}}
}

// Setup implements [cluster.IdentityLookup].
func (l *lookup) Setup(c *cluster.Cluster, _ []string, _ bool) {
	l.cluster = c
	c.ActorSystem.EventStream.Subscribe(func(event any) {
		if end, ok := event.(*cluster.ActivationTerminating); ok {
			l.RemovePid(end.ClusterIdentity, end.Pid)
			l.ended(end.ClusterIdentity, end.Pid)
		}
	})
}

// Get implements [cluster.IdentityLookup]: the activation that is there, or a new one.
func (l *lookup) Get(id *cluster.ClusterIdentity) *actor.PID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.get(id)
}

// Tell sends m to the activation that is there, or to a new one. Looking it up and
// sending are one step: an activation that is taken out afterwards has m in its
// mailbox, and one that is made later is made after m was sent.
func (l *lookup) Tell(id *cluster.ClusterIdentity, m any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if pid := l.get(id); pid != nil {
		l.cluster.ActorSystem.Root.Send(pid, m)
	}
}

// Leave takes an activation out that ends by itself.
func (l *lookup) Leave(id *cluster.ClusterIdentity, pid *actor.PID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.remove(id, pid) {
		l.left[id.AsKey()] = pid
	}
}

// Unwoken does something unless another activation was made since pid left. None is
// made meanwhile.
func (l *lookup) Unwoken(id *cluster.ClusterIdentity, pid *actor.PID, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last, ok := l.left[id.AsKey()]; ok && last.Equal(pid) {
		do()
	}
}

func (l *lookup) ended(id *cluster.ClusterIdentity, pid *actor.PID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last, ok := l.left[id.AsKey()]; ok && last.Equal(pid) {
		delete(l.left, id.AsKey())
	}
}

func (l *lookup) get(id *cluster.ClusterIdentity) *actor.PID {
	if pid, there := l.pids[id.AsKey()]; there {
		return pid
	}
	kind, known := l.cluster.TryGetClusterKind(id.Kind)
	if !known {
		return nil
	}
	pid := l.cluster.ActorSystem.Root.SpawnPrefix(cluster.WithClusterIdentity(kind.Props, id), id.Identity)
	l.pids[id.AsKey()] = pid
	delete(l.left, id.AsKey())
	kind.Inc()
	return pid
}

// Peek is the activation that is there, or nil.
func (l *lookup) Peek(id *cluster.ClusterIdentity) *actor.PID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pids[id.AsKey()]
}

// RemovePid implements [cluster.IdentityLookup]: pid is asked no more. It can be
// said twice.
func (l *lookup) RemovePid(id *cluster.ClusterIdentity, pid *actor.PID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(id, pid)
}

func (l *lookup) remove(id *cluster.ClusterIdentity, pid *actor.PID) bool {
	there, ok := l.pids[id.AsKey()]
	if !ok || !there.Equal(pid) {
		return false
	}
	delete(l.pids, id.AsKey())
	l.cluster.GetClusterKind(id.Kind).Dec()
	return true
}

// Shutdown implements [cluster.IdentityLookup].
func (l *lookup) Shutdown() {}
