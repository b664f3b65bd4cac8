package shazam

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails the package when goroutines are left.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
