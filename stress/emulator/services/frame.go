package services

import "hash/crc32"

// A name travels in media as a frame: two marks, the length, the name, and two bytes
// of checksum. The marks find the beginning, the checksum tells a name from luck.
const (
	frameMark1, frameMark2 = 0xA5, 0x3C
	frameHead              = 3
	frameExtra             = frameHead + 2
	longestName            = 255 // bytes
)

func frame(name string) []byte {
	sum := crc32.ChecksumIEEE([]byte(name))
	out := append([]byte{frameMark1, frameMark2, byte(len(name))}, name...)
	return append(out, byte(sum), byte(sum>>8))
}

// readFrame reads a name; at gives byte i, or false where the media ends.
func readFrame(at func(i int) (byte, bool)) (name string, ok bool) {
	for i, mark := range []byte{frameMark1, frameMark2} {
		if b, ok := at(i); !ok || b != mark {
			return "", false
		}
	}
	stated, ok := at(2)
	if !ok {
		return "", false
	}
	length := int(stated)
	text := make([]byte, length+2)
	for i := range text {
		if text[i], ok = at(frameHead + i); !ok {
			return "", false
		}
	}
	name = string(text[:length])
	sum := crc32.ChecksumIEEE([]byte(name))
	return name, text[length] == byte(sum) && text[length+1] == byte(sum>>8)
}
