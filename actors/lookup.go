package actors

import (
	"sync"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/cluster"
)

// lookup knows where the grains of this process are and makes them. It stands in
// for protoactor's disthash, which asks a placement actor for each activation and
// searches all its grains for each one that stops: here both are one look into a
// map, which is also why there is no cache of addresses above it. Several nodes need disthash (or a storage lookup) again.
type lookup struct {
	cluster *cluster.Cluster
	kinds   map[string]*kind

	mu   sync.Mutex
	pids map[address]*actor.PID
	left map[address]*actor.PID // activations that have left, until they end or the next one is made
}

func newLookup(kinds []*kind) *lookup {
	l := &lookup{kinds: map[string]*kind{}, pids: map[address]*actor.PID{}, left: map[address]*actor.PID{}}
	for _, k := range kinds {
		k.ended = l.ended
		l.kinds[k.name] = k
	}
	return l
}

// Setup implements [cluster.IdentityLookup].
func (l *lookup) Setup(c *cluster.Cluster, _ []string, _ bool) { l.cluster = c }

// Get implements [cluster.IdentityLookup]: the activation that is there, or a new one.
func (l *lookup) Get(id *cluster.ClusterIdentity) *actor.PID {
	a, ok := addressOf(id)
	if !ok {
		return nil
	}
	return l.Find(a)
}

// Find is the activation that is there, or a new one; nil: there is no such kind.
func (l *lookup) Find(a address) *actor.PID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.find(a)
}

// Tell sends m to the activation that is there, or to a new one. Looking it up and
// sending are one step: an activation that is taken out afterwards has m in its
// mailbox, and one that is made later is made after m was sent.
func (l *lookup) Tell(a address, m any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if pid := l.find(a); pid != nil {
		l.cluster.ActorSystem.Root.Send(pid, m)
	}
}

// Leave takes an activation out that ends by itself.
func (l *lookup) Leave(a address, pid *actor.PID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.remove(a, pid) {
		l.left[a] = pid
	}
}

// Unwoken does something unless another activation was made since pid left. None is
// made meanwhile.
func (l *lookup) Unwoken(a address, pid *actor.PID, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last, ok := l.left[a]; ok && last.Equal(pid) {
		do()
	}
}

// ended forgets an activation that has stopped, for whatever reason.
func (l *lookup) ended(a address, pid *actor.PID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(a, pid)
	if last, ok := l.left[a]; ok && last.Equal(pid) {
		delete(l.left, a)
	}
}

func (l *lookup) find(a address) *actor.PID {
	if pid, there := l.pids[a]; there {
		return pid
	}
	k, known := l.kinds[a.kind]
	if !known {
		return nil
	}
	pid := k.spawn(l.cluster.ActorSystem.Root, a.id)
	l.pids[a] = pid
	delete(l.left, a)
	l.cluster.GetClusterKind(a.kind).Inc()
	return pid
}

// Peek is the activation that is there, or nil.
func (l *lookup) Peek(a address) *actor.PID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pids[a]
}

// RemovePid implements [cluster.IdentityLookup].
func (l *lookup) RemovePid(id *cluster.ClusterIdentity, pid *actor.PID) {
	if a, ok := addressOf(id); ok {
		l.Remove(a, pid)
	}
}

// Remove sees to it that pid is asked no more. It can be said twice.
func (l *lookup) Remove(a address, pid *actor.PID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(a, pid)
}

func (l *lookup) remove(a address, pid *actor.PID) bool {
	there, ok := l.pids[a]
	if !ok || !there.Equal(pid) {
		return false
	}
	delete(l.pids, a)
	l.cluster.GetClusterKind(a.kind).Dec()
	return true
}

// Shutdown implements [cluster.IdentityLookup].
func (l *lookup) Shutdown() {}
