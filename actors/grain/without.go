package grain

// Without names optimisations that are switched off, so that what each of them is
// worth can be measured. The zero value switches none off.
type Without struct {
	Coalescing bool // equal loads under way at once are one
	Debounce   bool // equal loads of one connection within a moment are one
	Prefetch   bool // what is likely to be asked for next is loaded ahead
}
