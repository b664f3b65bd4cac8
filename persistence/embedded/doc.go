// Package embedded runs a private Postgres as a child process, so that the
// program needs no database to be set up beforehand.
//
// # What is where
//
// Everything is in DataDir/postgres (layout.go):
//
//	owner        lock of the owning process; holds its pid for people to read
//	data/        the cluster, 0700, owned by the user the server runs as
//	data.new/    a cluster that initdb has not finished; never started
//	run/         the Unix socket, 0700 (a long path moves it to /tmp/recall-HASH)
//	server.log   what Postgres says; moved to server.log.1 at a start above 8 MiB
//
// # Lifecycle
//
// Start: take the lock (owner.go), stop an orphan (orphan.go), find binaries of
// the cluster's version (binaries.go), choose the user (account.go), initdb if
// there is no cluster (initdb.go), heal the old pid file, clear the old socket
// (socket.go), spawn (process.go), connect until it answers, make role and
// database (ready.go). A server that is refused because backends of a killed
// predecessor still hold shared memory is tried again for 15 s (launch.go).
//
// The server ends in one of four ways: Stop; our death, upon which the kernel
// sends it SIGINT (Linux) or the next Start finds it (elsewhere); its own death,
// which Done and Err report; or a stranger's signal, which looks the same as its
// own death. Nothing restarts it by itself: whether to is the caller's decision.
//
// # Who owns what
//
//   - The process that holds the lock owns the folder. The lock is the only
//     judge: pid files are hints, since pids are reused and outlive crashes.
//   - The goroutine in process.run owns the child and keeps its thread, because
//     Linux ties the death signal to the forking thread. It ends with the child.
//   - The goroutine in Server.watch owns lock and log file once Start succeeded,
//     and gives them back when the child has ended. These two goroutines are all.
//
// # Invariants
//
//   - Data is never deleted or converted, except by Remove. A cluster of another
//     major version is an error with advice, unless that version is installed
//     too: then it is used.
//   - A folder named data is a complete cluster: it got its name by a rename.
//   - postmaster.pid is never deleted: its shared memory key is how Postgres
//     keeps two servers from one cluster.
//   - No process is signalled that was not just recognised as ours.
//   - The server listens on no network address, and only its own user and root
//     can enter the socket's folder. That folder is the access control: inside
//     it connections are trusted, the superuser's too.
//   - The data directory must be on a local disk: flock does not reach across
//     machines on every network file system.
//
// # Root
//
// Postgres refuses to run as root, so under root it runs as the owner of the
// existing cluster, else as user postgres, else as nobody. Lock and log stay
// root's, where the server cannot redirect them. Every parent of the data
// directory must let that user pass; DefaultDataDir picks a place that does.
package embedded
