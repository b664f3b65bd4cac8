package browser_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A person without a mouse signs in, asks, and confirms the song.
func TestKeyboardOnly(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.see(id("sign-in-dev"))
	p.named("signing in")
	p.tabTo(id("sign-in-dev"))
	p.press(kb.Enter)
	p.live()
	p.named("nothing asked")
	p.tabTo(id("composer-input"))
	p.write(known)
	p.press(kb.Enter)
	p.says(top, "Take On Me")
	p.settled()
	p.named("an answer")
	p.tabTo(top + " " + id("confirm"))
	p.press(kb.Enter)
	p.says(top+" "+id("verdict"), "You found it")
	p.tabTo(id("thread-menu"))
	p.press(kb.Enter)
	p.see(id("menu-rename"))
	p.named("the menu")
	p.press(kb.ArrowDown)
	if !value[bool](p, `document.activeElement.dataset.testid === 'menu-rename'`) {
		t.Error("arrow down does not go to the second entry of the menu")
	}
	p.press(kb.Enter)
	p.see(id("dialog-input"))
	p.named("the dialog")
	p.press(kb.Escape)
	p.until(`!document.querySelector('dialog').open`)
}

// tabTo goes on by Tab until the focus is where it should be, and looks on the
// way that it can be seen. All that can be focused is passed once at most.
func (p *tab) tabTo(selector string) {
	p.w.t.Helper()
	for range 60 {
		p.press(kb.Tab)
		if bad := value[string](p, unseenFocus); bad != "" {
			p.w.t.Errorf("on the way to %s the focus cannot be seen: %s", selector, bad)
		}
		if value[bool](p, `document.activeElement.matches('`+selector+`')`) {
			return
		}
	}
	p.w.t.Fatalf("%s cannot be reached by Tab", selector)
}

// unseenFocus describes what has the focus and does not show it: no outline, its
// own or that of the composer around it, or not on the screen.
const unseenFocus = `(() => {
	const el = document.activeElement;
	if (el === document.body) return '';
	const marked = [el, el.closest('.composer')].some((e) => e && getComputedStyle(e).outlineStyle !== 'none'
		&& parseFloat(getComputedStyle(e).outlineWidth) >= 1);
	const box = el.getBoundingClientRect();
	const there = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
	return marked && there ? '' : el.outerHTML.slice(0, 120);
})()`

// operable are the roles of what a person can use, and which so needs a name.
const operable = " button link textbox searchbox checkbox combobox menuitem tab switch meter dialog navigation "

// named looks whether all that can be used has a name for a screen reader, as the
// browser itself computes it.
func (p *tab) named(when string) {
	p.w.t.Helper()
	var nodes []*accessibility.Node
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		tree, err := cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		nodes = tree.Nodes
		return err
	}))
	found := 0
	for _, n := range nodes {
		if n.Ignored || !strings.Contains(operable, " "+axText(n.Role)+" ") {
			continue
		}
		found++
		if axText(n.Name) == "" {
			p.w.t.Errorf("%s: a %s has no name (node %d)", when, axText(n.Role), n.BackendDOMNodeID)
		}
	}
	if found == 0 {
		p.w.t.Errorf("%s: nothing can be used", when)
	}
}

func axText(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}
