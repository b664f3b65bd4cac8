package catalog

import (
	"encoding/binary"
	"strings"
	"unsafe"

	"recall/wire"
)

// Songs are kept packed, one after the other in one string per segment: a
// wire.Song is more than 300 bytes of headers, which a catalogue of 100,000
// need not hold for the five that a search shows. Unpacked strings are parts
// of the segment's string and cost no copy.

func appendSong(b []byte, s *wire.Song) []byte {
	b = binary.AppendVarint(b, s.ID)
	b = binary.AppendVarint(b, int64(s.Year))
	b = binary.AppendVarint(b, int64(s.Popularity))
	for _, text := range [...]string{s.Title, s.Artist, s.Album, s.Genre, s.Tempo, s.Language, s.ISRC, s.Description, s.Phrase} {
		b = appendText(b, text)
	}
	b = appendList(b, s.Mood)
	return appendList(b, s.Themes)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendList(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

// unpackSong reads what appendSong wrote at the start of packed.
func unpackSong(packed string) wire.Song {
	var s wire.Song
	r := unpackTexts(packed, &s)
	s.Mood, s.Themes = r.list(), r.list()
	return s
}

// unpackTexts is unpackSong without the lists, which alone cost memory.
func unpackTexts(packed string, s *wire.Song) unpacker {
	r := unpacker{packed}
	s.ID, s.Year, s.Popularity = r.int(), int(r.int()), int(r.int())
	for _, text := range [...]*string{&s.Title, &s.Artist, &s.Album, &s.Genre, &s.Tempo, &s.Language, &s.ISRC, &s.Description, &s.Phrase} {
		*text = r.text()
	}
	return r
}

type unpacker struct{ rest string }

func (r *unpacker) bytes() []byte { return unsafe.Slice(unsafe.StringData(r.rest), len(r.rest)) }

func (r *unpacker) int() int64 {
	v, n := binary.Varint(r.bytes())
	r.rest = r.rest[n:]
	return v
}

func (r *unpacker) len() int {
	v, n := binary.Uvarint(r.bytes())
	r.rest = r.rest[n:]
	return int(v)
}

func (r *unpacker) text() string {
	n := r.len()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *unpacker) list() []string {
	n := r.len()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = r.text()
	}
	return list
}

// packedString hands a finished buffer over as a string without copying it.
func packedString(b []byte) string {
	if cap(b)-len(b) > len(b)/16 {
		return strings.Clone(unsafe.String(unsafe.SliceData(b), len(b)))
	}
	return unsafe.String(unsafe.SliceData(b), len(b))
}
