// Package pgtest gives each test a Postgres database of its own, quickly.
//
//	func TestMain(m *testing.M) {
//		os.Exit(pgtest.Main(m, persistence.Migrate, func() error { return goleak.Find() }))
//	}
//
//	func TestStore(t *testing.T) {
//		t.Parallel()
//		store := persistence.Open(t.Context(), pgtest.New(t))
//		...
//	}
//
// # Why it is quick
//
// One server per test process, with its data in memory where the system has
// that and without fsync; migrations run once, into a template; each test's
// database is a file copy of the template. Nothing starts before the first test
// asks, so a run that needs no database costs nothing.
//
// # Who owns what
//
//   - Main owns the run: it must be called from TestMain, once. The other
//     functions fail the test when it was not.
//   - A database belongs to its test. It is dropped in t.Cleanup, with whatever
//     connections are left; cleanups registered later (closing a pool) go first.
//   - A server from Server belongs to its test, which may stop it, kill it and
//     Restart it.
//   - The reaper owns the removal. It is a second copy of the test binary that
//     waits for the end of a pipe that only the test process holds open. So it
//     cleans up after a panic, a test timeout and kill -9 just as after success,
//     by the same code. It runs in a session of its own and survives Ctrl-C.
//
// # With a server of your own
//
// If TEST_DATABASE_URL (a postgres:// URL) is set, New and Empty create their
// databases there, under names that begin with recall_test_. The role needs the
// right to create databases, and for New that to create trusted extensions.
// Server always starts a private one.
//
// # Bounds
//
// A server takes 200 connections. Admin statements go over one connection, one
// at a time. The server runs with fsync=off, which survives any death of
// processes but not of the machine, and the shared one without autovacuum, so
// that plans do not change under a test: ANALYZE where statistics matter.
package pgtest
