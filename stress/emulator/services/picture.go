package services

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"  // pictures come in these formats
	_ "image/jpeg" // as well
	"image/png"
	"math"
	"strings"
)

// A picture carries its name as squares, black for 0 and white for 1, in rows of
// squaresAcross; it may be scaled and coded again, but not cut.
const (
	squaresAcross = 24
	squareSize    = 12 // pixels
)

// Picture makes a PNG that the vision model recognizes: "album:<title>". It panics
// for names above 255 bytes.
func Picture(name string) []byte {
	if len(name) > longestName {
		panic(fmt.Sprintf("emulator: the name %q is too long for a picture", name))
	}
	data := frame(name)
	rows := (8*len(data) + squaresAcross - 1) / squaresAcross
	img := image.NewGray(image.Rect(0, 0, squaresAcross*squareSize, rows*squareSize))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if i := y/squareSize*squaresAcross + x/squareSize; bit(data, i) {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}

func bit(data []byte, i int) bool {
	return i/8 < len(data) && data[i/8]>>(7-i%8)&1 == 1
}

// see tells what a picture is: an album of ours, else what anybody could say of it.
func (e *ears) see(content []byte) (h heard, colour string) {
	h.hash = hashOf(content)
	img, _, err := image.Decode(bytes.NewReader(content))
	if err == nil {
		colour = colourOf(img)
		if name, ok := nameOn(img); ok {
			h.kind, h.text, _ = strings.Cut(name, ":")
		}
	}
	h.failed = err != nil
	if name, ok := e.scripts.answer(h.hash); ok {
		h.kind, h.text, _ = strings.Cut(name, ":")
	}
	return h, colour
}

func nameOn(img image.Image) (string, bool) {
	size := float64(img.Bounds().Dx()) / squaresAcross
	if size < 2 {
		return "", false
	}
	rows := int(math.Round(float64(img.Bounds().Dy()) / size))
	return readFrame(func(i int) (b byte, ok bool) {
		for k := range 8 {
			x, y := (8*i+k)%squaresAcross, (8*i+k)/squaresAcross
			if y >= rows {
				return 0, false
			}
			b = b<<1 | white(img, int((float64(x)+0.5)*size), int((float64(y)+0.5)*size))
		}
		return b, true
	})
}

func white(img image.Image, x, y int) byte {
	at := img.Bounds().Min
	return color.GrayModel.Convert(img.At(at.X+x, at.Y+y)).(color.Gray).Y >> 7 //nolint:errcheck // the model's own type
}

// colourOf names what a picture mostly is.
func colourOf(img image.Image) string {
	var sum [3]float64
	b := img.Bounds()
	const grid = 16
	for i := range grid * grid {
		r, g, bl, _ := img.At(b.Min.X+(i%grid)*b.Dx()/grid, b.Min.Y+(i/grid)*b.Dy()/grid).RGBA()
		for k, v := range []uint32{r, g, bl} {
			sum[k] += float64(v) / (grid * grid * 0xFFFF)
		}
	}
	return colourName(sum[0], sum[1], sum[2])
}

func colourName(r, g, b float64) string {
	most, least := max(r, g, b), min(r, g, b)
	switch {
	case most < 0.2:
		return "black"
	case most-least < 0.1 && most > 0.85:
		return "white"
	case most-least < 0.1:
		return "grey"
	case r == most && g > (most+least)/2:
		return "yellow"
	case r == most && b > (most+least)/2:
		return "pink"
	case r == most:
		return "red"
	case g == most:
		return "green"
	default:
		return "blue"
	}
}
