package config

import (
	"slices"
	"testing"
)

func TestUnknownVariablesAreNamed(t *testing.T) {
	t.Parallel()
	got := Unknown([]string{"RECALL_COALESCE=false", "RECALL_COALESCING=false", "RECALL_OPENAI_KEY=x", "DATABASE_URL=y", "HOME=/", "RECALL_A"})
	if want := []string{"RECALL_A", "RECALL_COALESCE"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWhatIsSwitchedOff(t *testing.T) {
	t.Parallel()
	c := Default()
	if off := c.Off(); len(off) != 0 {
		t.Errorf("by default %v", off)
	}
	c.Prefetch, c.Batching = false, false
	if off, want := c.Off(), []string{"RECALL_BATCHING", "RECALL_PREFETCH"}; !slices.Equal(off, want) {
		t.Errorf("%v, want %v", off, want)
	}
}
