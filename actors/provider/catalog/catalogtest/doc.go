// Package catalogtest makes catalogues for benchmarks, load tests and the
// figures of the README: invented songs that have the shape of real ones, any
// number of them, the same for the same seed. Word use follows Zipf's law, so
// that the longest posting lists are as long as in a catalogue of that size.
package catalogtest
