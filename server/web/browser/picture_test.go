package browser_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// choose chooses a picture as if from a folder, under the name cover.png.
func (p *tab) choose(picture []byte) {
	p.w.t.Helper()
	name := filepath.Join(p.w.t.TempDir(), "cover.png")
	check(p.w.t, os.WriteFile(name, picture, 0o600))
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#picture-file"), []string{name}))
	p.see(id("picture-preview"))
}

// drawing is a small picture.
func drawing(t *testing.T) []byte {
	t.Helper()
	const width, height = 320, 240
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(x * 255 / width), uint8(y), 160, 255})
		}
	}
	var out bytes.Buffer
	check(t, png.Encode(&out, img))
	return out.Bytes()
}

// shown is the picture in the conversation, once it has been painted.
const shown = `document.querySelector('[data-testid="picture-shown"]')?.naturalWidth === 320`

// A picture is chosen, seen before it is sent, taken away, chosen again and sent with
// words; it stands in the conversation, after a reload as well.
func TestPicture(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.choose(drawing(t))
	p.says(id("picture-name"), "cover.png")
	p.until(`document.querySelector('#picked-image').naturalWidth === 320`)
	p.click(id("picture-remove"))
	p.until(`document.querySelector('#picked').hidden && document.querySelector('#send').disabled`)
	p.choose(drawing(t))
	p.ask(known)
	p.see(id("message", `[data-type="image"]`))
	p.until(shown)
	p.says(id("message", `[data-type="image"]`), "pencil drawing")
	p.says(top, "Take On Me")
	p.settled()
	if p.shows("#picked") {
		t.Error("the picture still waits to be sent")
	}
	p.reload()
	p.until(shown)
}

// A picture without words may be dropped onto the page, and what is no picture is
// refused before it goes anywhere.
func TestPictureDropped(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.drop("notes.txt", "text/plain")
	p.says(id("notice"), "this is something else")
	if p.shows("#picked") {
		t.Error("a text stands there as a picture")
	}
	p.drop("cover.png", "image/png")
	p.says(id("picture-name"), "cover.png")
	p.click(id("send"))
	p.until(shown)
	p.settled()
	if n := w.recalls(); n != 1 {
		t.Errorf("%d recalls for one picture", n)
	}
}

// drop drops a file onto the page, as a hand would from a folder.
func (p *tab) drop(name, contentType string) {
	p.w.t.Helper()
	value[bool](p, `(async () => {
		const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
		canvas.getContext('2d').fillRect(0, 0, 100, 100);
		const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
		const dataTransfer = new DataTransfer();
		dataTransfer.items.add(new File([blob], '`+name+`', { type: '`+contentType+`' }));
		for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
		return true;
	})()`)
}
