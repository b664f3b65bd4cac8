package services

import (
	"bytes"
	"path"
	"strings"
)

// audioFormats is what the transcription takes: for each extension, the test that its
// content passes.
var audioFormats = map[string]func([]byte) bool{
	"flac": startsWith("fLaC"),
	"m4a":  isMP4,
	"mp3":  isMPEG,
	"mp4":  isMP4,
	"mpeg": isMPEG,
	"mpga": isMPEG,
	"oga":  startsWith("OggS"),
	"ogg":  startsWith("OggS"),
	"wav":  func(b []byte) bool { return len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WAVE" },
	"webm": startsWith("\x1a\x45\xdf\xa3"),
}

func startsWith(magic string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }
}

func isMP4(b []byte) bool { return len(b) >= 8 && string(b[4:8]) == "ftyp" }

// isMPEG takes an ID3 tag, a frame of MPEG audio that is not AAC, or a program stream.
func isMPEG(b []byte) bool {
	frame := len(b) >= 2 && b[0] == 0xFF && b[1]&0xE0 == 0xE0 && b[1]&0x06 != 0
	return frame || startsWith("ID3")(b) || startsWith("\x00\x00\x01\xba")(b)
}

// fits tells whether a file is what its name says, in a format that is taken.
func (f file) fits() bool {
	extension := strings.ToLower(strings.TrimPrefix(path.Ext(f.name), "."))
	test, known := audioFormats[extension]
	return known && test(f.content)
}
