package browser_test

import "testing"

// Two tabs of one person show the same, live: what one asks, what it decides and
// what it keeps.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	one := w.person(w.program.addr)
	one.signIn()
	one.ask("a sad song")
	one.see(id("follow-up"))
	one.settled()
	two := one.second()
	two.live()
	two.click(id("thread-open"))
	two.see(id("follow-up"))

	one.ask(known)
	two.until(`document.querySelectorAll('[data-kind="user"]').length === 2`)
	two.settled()
	one.settled()
	// Candidates of the first turn are on the page as well: the song is looked for by its name.
	const song = `[...document.querySelectorAll('[data-testid="candidate"]')].findLast((e) => e.innerText.includes('Take On Me'))`
	two.until(song + ` !== undefined`)
	if a, b := one.conversation(), two.conversation(); a != b {
		t.Errorf("the tabs differ: one shows\n%s\nand the other\n%s", a, b)
	}

	// The song is sure enough to be in the stash by itself; taken out here it goes there, and comes back.
	two.until(`document.querySelector('#stash-toggle').ariaPressed === 'true'`)
	one.click(id("stash-toggle", `[aria-pressed="true"]`))
	one.see(id("stash-toggle", `[aria-pressed="false"]`))
	two.see(id("stash-toggle", `[aria-pressed="false"]`))
	two.click(id("tab-stash"))
	two.see(id("thread-list-empty"))
	one.click(id("stash-toggle"))
	two.see(id("stash-item"))
	two.says(id("stash-item"), "Take On Me")
}
