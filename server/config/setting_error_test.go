package config

import (
	"errors"
	"testing"
)

// A value that cannot be read names its setting in the one form, wherever it
// came from.
func TestUnreadableValueNamesTheSetting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ flag, env, value, want string }{
		{"--ping-interval", "RECALL_PING_INTERVAL", "3", "--ping-interval (RECALL_PING_INTERVAL): must have a unit, such as 3s"},
		{"--ping-interval", "RECALL_PING_INTERVAL", "soon", `--ping-interval (RECALL_PING_INTERVAL): "soon" is not a duration such as 250ms, 5s or 2m`},
		{"--outbox-bytes", "RECALL_OUTBOX_BYTES", "much", `--outbox-bytes (RECALL_OUTBOX_BYTES): "much" is not a size such as 512KiB or 64MiB`},
		{"--frame-burst", "RECALL_FRAME_BURST", "many", `--frame-burst (RECALL_FRAME_BURST): expected a valid 64 bit int but got "many"`},
		{"--seed", "RECALL_SEED", "perhaps", ""},
	} {
		_, _, byFlag := parse(t, nil, c.flag+"="+c.value)
		_, _, byEnv := parse(t, map[string]string{c.env: c.value})
		for _, err := range []error{byFlag, byEnv} {
			var bad *SettingError
			switch {
			case err == nil:
				t.Errorf("%s=%s is taken", c.flag, c.value)
			case c.want != "" && (!errors.As(err, &bad) || bad.Error() != c.want):
				t.Errorf("%v, want %s", err, c.want)
			}
		}
	}
}
