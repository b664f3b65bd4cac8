package recall

import "recall/wire"

// keyring remembers the title keys of one recall's songs. All of them are compared
// with each other whenever one more comes, and to make a key again and again took most
// of a recall's own time.
type keyring map[named]string

// named is a song as somebody writes it.
type named struct{ title, artist string }

// title is the [TitleKey].
func (k keyring) title(title, artist string) string {
	name := named{title, artist}
	key, known := k[name]
	if !known {
		key = TitleKey(title, artist)
		k[name] = key
	}
	return key
}

// of are the names under which the same song may come from elsewhere: its code, if it
// has one, and its title key. The first one is its [SongKey].
func (k keyring) of(c *wire.Candidate) [2]string {
	title := k.title(c.Title, c.Artist)
	if code := foldISRC(c.ISRC); code != "" {
		return [2]string{isrcPrefix + code, title}
	}
	return [2]string{title, title}
}
