package browser_test

import (
	"strings"
	"testing"
)

// The watch hears what it is there for; else the silence of the other tests would
// say nothing.
func TestWatchHears(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.see(id("sign-in-dev"))
	for what, js := range map[string]string{
		"policy":        `fetch('http://elsewhere.invalid/').catch(() => 1)`,
		"style-src":     `document.body.append(Object.assign(document.createElement('style'), { textContent: 'p { color: red }' })), 1`,
		"console.error": `console.error('a fault'), 1`,
		"exception":     `setTimeout(() => { throw new Error('thrown') }), 1`,
		"a request to":  `open('http://127.0.0.1:1/'), location.assign('http://127.0.0.1:1/'), 1`,
	} {
		value[int](p, js)
		w.eventually(what, func() bool { return strings.Contains(strings.Join(p.faults(), "\n"), what) })
	}
	p.tolerate("") // all of it was meant
}
