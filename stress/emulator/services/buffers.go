package services

import "sync"

// buffers are what streams are put together in. One takes 100 kB and more, and to
// clear that anew for each answer was a seventh of its time.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func takeBuffer() *[]byte {
	b, _ := buffers.Get().(*[]byte)
	*b = (*b)[:0]
	return b
}

// recycle gives back what the reply stands in; nobody may read it after that.
func (r *reply) recycle() {
	if r.buffer != nil {
		buffers.Put(r.buffer)
		r.buffer, r.parts = nil, nil
	}
}
