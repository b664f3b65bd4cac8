package embedded

import (
	"fmt"
	"maps"
	"slices"
)

// defaultSettings suits one application on a small machine (2 cores, 2 GB and
// up). They go on the command line, not into a file in the cluster: the program
// stays the one source, and a newer program brings its settings to old data.
var defaultSettings = map[string]string{
	// Room for a pool per node of a small cluster of servers, plus tools.
	// A slot costs some 20 KB whether used or not.
	"max_connections": "200",

	// Holds the working set of 100,000 songs and the recent threads. Pages are
	// taken from the system only when first touched.
	"shared_buffers":       "256MB",
	"effective_cache_size": "1GB", // a hint to the planner, allocates nothing
	"work_mem":             "8MB", // per sort, so 200 busy connections still fit
	"maintenance_work_mem": "64MB",

	// An answer acknowledged to a person must survive a power cut.
	"synchronous_commit": "on",

	// No replica reads this log, so it carries only what crash recovery needs.
	// Checkpoints are rare and spread: each makes the following writes dearer.
	"wal_level":          "minimal",
	"max_wal_senders":    "0",
	"wal_compression":    "on",
	"min_wal_size":       "80MB",
	"max_wal_size":       "1GB",
	"checkpoint_timeout": "15min",

	// Queries here take about a millisecond: compiling them or splitting them
	// between two cores costs more than it saves.
	"jit":                             "off",
	"max_parallel_workers_per_gather": "0",
	"autovacuum_max_workers":          "2",
	"random_page_cost":                "1.1", // solid-state disks

	// People's words do not belong in a log file: parameters are left out, and
	// slow statements appear with their text only.
	"log_min_duration_statement": "1s",
	"log_parameter_max_length":   "0",
	"log_checkpoints":            "off",
	"log_line_prefix":            "%m [%p] ",
	"log_timezone":               "UTC",
	"logging_collector":          "off", // the log is our file, see log.go
	"lc_messages":                "C",   // we read the reasons of a failed start
	"timezone":                   "UTC",
	"cluster_name":               databaseName,
}

// reserved are the settings by which this package reaches and guards the
// server; an ExtraSettings entry for one of them is an error.
var reserved = []string{
	"listen_addresses", "unix_socket_directories", "unix_socket_permissions", "port",
	"data_directory", "hba_file", "config_file", "external_pid_file", "logging_collector", "lc_messages",
}

func checkSettings(extra map[string]string) error {
	for name := range extra {
		if slices.Contains(reserved, name) {
			return fmt.Errorf("embedded postgres: ExtraSettings: %s is decided by this package", name)
		}
	}
	return nil
}

// serverArgs is the command line of the server, in a stable order.
func serverArgs(cluster, socketDir string, extra map[string]string) []string {
	settings := maps.Clone(defaultSettings)
	maps.Copy(settings, extra)
	maps.Copy(settings, map[string]string{
		"listen_addresses":        "", // no network at all: the socket is the only door
		"unix_socket_directories": quoteListItem(socketDir),
		"unix_socket_permissions": "0700",
		"port":                    socketPort,
	})
	args := []string{"-D", cluster}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}

// memoryKept lets a backend keep up to 4 MB that it has freed, for its next statement.
// By default glibc gives all but 128 kB back to the system at once, and a group of
// commits needs more than that: to take and clear the same pages for every group was a
// fifth of Postgres's time. Other C libraries do not know these names.
var memoryKept = []string{"MALLOC_TRIM_THRESHOLD_=4194304", "MALLOC_TOP_PAD_=1048576", "MALLOC_MMAP_THRESHOLD_=2097152"}

// environment is all that postgres and initdb get: nothing a person exported
// for another server (PGDATA, PGPORT, LC_ALL) may leak in.
func environment() []string {
	return append([]string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}, memoryKept...)
}
