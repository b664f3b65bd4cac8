package gateway

import (
	"errors"
	"io"
	"net/http"
	"time"

	"recall/wire"
)

// delivery stands between ServeContent and the socket. It holds the status back until
// there is a byte to send, since a store that cannot give the bytes says so only when
// it is read; and it gives each write its own time, so that a slow client gets
// everything and a deaf one does not stay.
type delivery struct {
	http.ResponseWriter
	content *heard
	control *http.ResponseController
	idle    time.Duration
	status  int
	begun   bool // the status is on its way
}

func newDelivery(w http.ResponseWriter, content io.ReadSeeker, idle time.Duration) *delivery {
	return &delivery{ResponseWriter: w, content: &heard{ReadSeeker: content}, control: http.NewResponseController(w), idle: idle}
}

// WriteHeader implements [http.ResponseWriter].
func (d *delivery) WriteHeader(status int) { d.status = status }

// Write implements [http.ResponseWriter].
func (d *delivery) Write(p []byte) (int, error) {
	if d.status >= http.StatusBadRequest {
		return len(p), nil // its words; end has its own
	}
	d.begin()
	_ = d.control.SetWriteDeadline(time.Now().Add(d.idle)) // the server takes it back behind the answer
	return d.ResponseWriter.Write(p)
}

func (d *delivery) begin() {
	if !d.begun {
		d.begun = true
		d.ResponseWriter.WriteHeader(d.status)
	}
}

// end sends what no byte has sent yet: an answer without a body, or a fault. What
// broke off in the middle is cut by the server, for it is shorter than it said.
func (d *delivery) end(faultOf func(error) *wire.Error) {
	switch {
	case d.content.err != nil:
		if fault := faultOf(d.content.err); !d.begun {
			forget(d.Header(), "Content-Range")
			refuse(d.ResponseWriter, fault)
		}
	case d.status >= http.StatusBadRequest:
		forget(d.Header())
		writeError(d.ResponseWriter, d.status, misfit(d.status))
	default:
		d.begin()
	}
}

// misfit words what ServeContent refuses: a range or a precondition of the request.
func misfit(status int) *wire.Error {
	if status == http.StatusRequestedRangeNotSatisfiable {
		return wire.Errorf(wire.CodeBadRequest, "Range: the media have no such bytes")
	}
	return wire.Errorf(wire.CodeBadRequest, "%s: the media are not as the request expects them", http.StatusText(status))
}

// forget takes back what was said of the bytes.
func forget(h http.Header, also ...string) {
	for _, name := range append(also, "Content-Length", "Content-Disposition", "Etag", "Last-Modified", "Accept-Ranges") {
		h.Del(name)
	}
}

// heard remembers why its bytes did not come.
type heard struct {
	io.ReadSeeker
	err error
}

// Read implements [io.Reader].
func (h *heard) Read(p []byte) (int, error) {
	n, err := h.ReadSeeker.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		h.err = err
	}
	return n, err
}
