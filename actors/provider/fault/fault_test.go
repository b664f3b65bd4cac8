package fault_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"recall/actors/provider/fault"
)

type slow struct{}

func (slow) Error() string { return "slow" }
func (slow) Timeout() bool { return true }

func TestOfNamesEveryError(t *testing.T) {
	t.Parallel()
	throttled := &fault.Fault{Class: fault.Throttled}
	for name, c := range map[string]struct {
		err  error
		want fault.Class
	}{
		"a fault":                {throttled, fault.Throttled},
		"a wrapped fault":        {fmt.Errorf("calling: %w", throttled), fault.Throttled},
		"a fault over its cause": {&fault.Fault{Class: fault.BadInput, Err: context.Canceled}, fault.BadInput},
		"the caller left":        {fmt.Errorf("read: %w", context.Canceled), fault.Canceled},
		"the time is over":       {fmt.Errorf("read: %w", context.DeadlineExceeded), fault.Timeout},
		"a slow network":         {fmt.Errorf("dial: %w", slow{}), fault.Timeout},
		"anything else":          {errors.New("connection reset"), fault.Unavailable},
	} {
		if got := fault.Of(c.err); got.Class != c.want {
			t.Errorf("%s: %s, want %s", name, got.Class, c.want)
		}
	}
	if fault.Of(nil) != nil {
		t.Error("no error is no fault")
	}
}

// TestOnlyBrokenServicesBreak pins B0 of PROVIDERS.md.
func TestOnlyBrokenServicesBreak(t *testing.T) {
	t.Parallel()
	for class, want := range map[fault.Class]struct{ breaks, disables bool }{
		fault.BadInput:    {false, false},
		fault.Auth:        {false, true},
		fault.Quota:       {false, true},
		fault.Throttled:   {false, false},
		fault.Unavailable: {true, false},
		fault.Timeout:     {true, false},
		fault.Canceled:    {false, false},
	} {
		if class.Breaks() != want.breaks || class.Disables() != want.disables {
			t.Errorf("%s: breaks %t, disables %t", class, class.Breaks(), class.Disables())
		}
	}
}

func TestFaultSaysWhatTheLogNeeds(t *testing.T) {
	t.Parallel()
	cause := errors.New("HTTP 401")
	f := &fault.Fault{Class: fault.Auth, Reason: "config", Request: "req_1", Err: cause}
	for _, part := range []string{"auth", "config", "HTTP 401", "req_1"} {
		if !strings.Contains(f.Error(), part) {
			t.Errorf("%q does not tell %q", f.Error(), part)
		}
	}
	if !errors.Is(f, cause) {
		t.Error("the cause is lost")
	}
	if f.Word() != "config" || fault.New(fault.Quota, "x").Word() != "quota" {
		t.Error("degraded names the reason, else the class")
	}
}
