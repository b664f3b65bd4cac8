// Package catalog finds songs by description in an index of its own, held in
// memory: a provider among providers, and the one that needs no network.
//
// # Data
//
// An Index is a list of immutable segments, each an inverted index of some
// songs sorted by id: the songs packed in one string (record.go), an open hash
// table of terms (vocab.go), postings in flat arrays with one byte of impact
// and one of field bits each (segment.go), trigrams of the terms for typing
// errors (typo.go), and eight bytes a song of what is compared rather than
// searched (year, genre, language, tempo, popularity). Nothing in a segment
// points anywhere, so the collector has nothing to scan.
//
// Upsert makes a segment of the new songs, marks the replaced ones dead in a
// copy of the older segments' bitmaps, and merges small segments (index.go,
// merge.go): each song is moved a logarithmic number of times, from what is
// indexed already, without reading its text again.
//
// # Concurrency
//
// Readers load one atomic pointer to a snapshot and never wait. Writers hold
// Index.writing, so they wait for each other, and publish one new snapshot a
// call: a reader sees all of a call or nothing. A Provider has no state.
//
// # Ranking
//
// A query is read turn by turn (utterance.go, analyse.go): clauses, quotations,
// negation, eras, genres, languages, tempo; then what it says as an answer to
// the question before it (answers.go). Every word becomes a unit with a weight,
// its idf less for words that say little (stop.go), and with variants: the
// stem, synonyms, and for unknown words the nearest terms (query.go). Runs of
// neighbouring words that are a whole title or artist are units of their own.
//
// The first phase (search.go) adds up BM25F impacts term at a time, the rarest
// first, within a budget of postings, adds style and popularity, and keeps a
// short list. The second (rank.go) weighs the few again: each unit by its best
// variant, titles said in full, runs of words of the phrase, what was ruled
// out. Years, genres and languages weaken and never exclude.
//
// Confidence is a logistic function of what was matched and of the distance to
// the next candidate (confidence.go), fitted on descriptions; below 0.7 the
// question is asked whose answer would tell most (followup.go, topics.go).
package catalog
