package actors

import (
	"github.com/asynkron/protoactor-go/cluster"
)

// single is the membership of a cluster that has one member: this process.
// Several nodes need one of protoactor's providers (consul, etcd, kubernetes) in
// its place; nothing else here knows how many there are.
type single struct{}

// StartMember implements [cluster.ClusterProvider].
func (single) StartMember(c *cluster.Cluster) error {
	host, port, err := c.ActorSystem.GetHostPort()
	if err != nil {
		return err
	}
	c.MemberList.UpdateClusterTopology(cluster.Members{{
		Id: c.ActorSystem.ID, Host: host, Port: int32(port), Kinds: c.GetClusterKinds(),
	}})
	return nil
}

// StartClient implements [cluster.ClusterProvider].
func (single) StartClient(*cluster.Cluster) error { return nil }

// Shutdown implements [cluster.ClusterProvider].
func (single) Shutdown(bool) error { return nil }
