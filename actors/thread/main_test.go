package thread

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

var rewrite = flag.Bool("rewrite", false, "write the golden transcripts anew")

// TestMain fails the package when goroutines are left.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
