package media

import (
	"bytes"
	"strings"

	"recall/wire"
)

// ftyp begins an MP4 container of a brand.
func ftyp(brand string) string {
	return "\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x02\x00isommp42" + "\x00\x00\x00\x08free"
}

// oggPage is the first page of a stream whose first packet begins so.
func oggPage(packet string) string {
	return "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x1e" + packet + strings.Repeat("\x00", 30)
}

// ebml begins a Matroska container of a document type.
func ebml(docType string) string {
	return "\x1a\x45\xdf\xa3\x93\x42\x86\x81\x01\x42\x82" + string([]byte{0x80 | byte(len(docType))}) + docType + strings.Repeat("\x00", 40)
}

// mp3Frames are silent frames without a tag: MPEG 1, layer III, 128 kbit/s, 44.1 kHz.
func mp3Frames(n int) string {
	return strings.Repeat("\xff\xfb\x90\x64"+strings.Repeat("\x00", 413), n)
}

// samples are beginnings of files as they are found in the wild, by what they are.
var samples = map[string]struct {
	kind    wire.InputKind // "" where it is refused
	content string
	format  format
}{
	"flac":       {wire.InputVoice, "fLaC\x00\x00\x00\x22" + strings.Repeat("\x10", 40), format{"audio/flac", ".flac"}},
	"mp3 tagged": {wire.InputVoice, "ID3\x04\x00\x00\x00\x00\x00\x00" + mp3Frames(4), format{"audio/mpeg", ".mp3"}},
	"mp3 bare":   {wire.InputVoice, mp3Frames(8), format{"audio/mpeg", ".mp3"}},
	"m4a":        {wire.InputVoice, ftyp("M4A "), format{"audio/mp4", ".m4a"}},
	"mp4":        {wire.InputVoice, ftyp("isom"), format{"audio/mp4", ".mp4"}},
	"m4v":        {wire.InputVoice, ftyp("M4V "), format{"audio/mp4", ".mp4"}},
	"opus":       {wire.InputVoice, oggPage("OpusHead"), format{"audio/ogg", ".ogg"}},
	"vorbis":     {wire.InputVoice, oggPage("\x01vorbis"), format{"audio/ogg", ".ogg"}},
	"wav":        {wire.InputVoice, "RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00", format{"audio/wav", ".wav"}},
	"webm":       {wire.InputVoice, ebml("webm"), format{"audio/webm", ".webm"}},
	"matroska":   {wire.InputVoice, ebml("matroska"), format{"audio/webm", ".webm"}},

	"jpeg": {wire.InputImage, "\xff\xd8\xff\xe0\x00\x10JFIF\x00", format{"image/jpeg", ".jpg"}},
	"png":  {wire.InputImage, "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + strings.Repeat("\x00", 17) + "\x00\x00\x00\x00IDAT", format{"image/png", ".png"}},
	"apng": {wire.InputImage, "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + strings.Repeat("\x00", 17) + "\x00\x00\x00\x08acTL", format{"image/png", ".png"}},
	"webp": {wire.InputImage, "RIFF\x24\x00\x00\x00WEBPVP8 ", format{"image/webp", ".webp"}},
	"gif":  {wire.InputImage, "GIF89a\x01\x00\x01\x00", format{"image/gif", ".gif"}},

	"heic":      {content: ftyp("heic")},
	"avif":      {content: ftyp("avif")},
	"3gp":       {content: ftyp("3gp4")},
	"quicktime": {content: ftyp("qt  ")},
	"theora":    {content: oggPage("\x80theora")},
	"aac":       {content: "\xff\xf1\x50\x80\x02\x1f\xfc"},
	"amr":       {content: "#!AMR\n\x3c\x91"},
	"svg":       {content: `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`},
	"html":      {content: "<!DOCTYPE html><script>alert(1)</script>"},
	"pdf":       {content: "%PDF-1.7\n"},
	"zip":       {content: "PK\x03\x04\x14\x00\x00\x00"},
	"program":   {content: "\x7fELF\x02\x01\x01"},
	"bmp":       {content: "BM\x46\x00\x00\x00"},
	"text":      {content: "la la la"},
	"one byte":  {content: "\x00"},
	"noise":     {content: string(bytes.Repeat([]byte{0xa7, 0x13, 0x5c, 0x02}, 500))},
}
