package embedded

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Whatever a crash left in the lock file, healing puts our pid into line 1,
// keeps the rest, and is stable.
func FuzzPIDFile(f *testing.F) {
	for _, seed := range []string{"", "\n", "123", "123\n/data\n456\n5432\n", "-7\nx", "\x00\n\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		const pid = 4711
		once := healed(text, pid)
		if pidIn(once) != pid || !bytes.Equal(healed(once, pid), once) {
			t.Errorf("%q healed to %q", text, once)
		}
		if _, rest, found := bytes.Cut(text, []byte("\n")); found && !bytes.HasSuffix(once, rest) {
			t.Errorf("%q lost its rest in %q", text, once)
		}
	})
}

// Any folder that may hold a socket comes out of the URL as it went in.
func FuzzSocketURL(f *testing.F) {
	for _, seed := range []string{"/run", "/with space/+%41", "/é&host=x", "/a'b\"c\\d", "/#?"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, dir string) {
		if !strings.HasPrefix(dir, "/") || strings.Contains(dir, "\x00") || !fitsSocket(dir) {
			t.Skip("no socket goes there")
		}
		config, err := pgx.ParseConfig(socketURL(dir, "r", "d"))
		if err != nil {
			t.Fatal(err)
		}
		if config.Host != dir || config.User != "r" || config.Database != "d" || config.Port != 5432 {
			t.Errorf("%q came out as %q, %s, %s, %d", dir, config.Host, config.User, config.Database, config.Port)
		}
	})
}

// os-release is a file of others: nothing in it may break the advice.
func FuzzOSRelease(f *testing.F) {
	f.Add("ID=debian\nID_LIKE=\"a b\"\n")
	f.Add("ID=\n=\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		if advice := installCommand(parseOSRelease(text), 15); advice == "" || strings.Contains(advice, "\n") {
			t.Errorf("%q gives %q", text, advice)
		}
	})
}
