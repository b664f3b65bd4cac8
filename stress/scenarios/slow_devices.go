package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"recall/stress/device"
)

const (
	slowPages    = 12  // fill the kernel's buffers, so that the server's own queue is used
	deafPages    = 120 // fill the server's queue as well
	kernelBuffer = 4 << 10
	segment      = 536
)

// holdBack brings those who do not read. They ask for pages without looking at them.
func (c *company) holdBack(ctx context.Context) error {
	for i := range max(2, c.Devices/10) {
		for pages, list := range map[int]*[]*device.Device{slowPages: &c.slow, deafPages: &c.deaf} {
			d, err := c.unread(ctx, pages)
			if err != nil {
				return fmt.Errorf("device %d: %w", i, err)
			}
			*list = append(*list, d)
		}
	}
	return nil
}

// unread connects a device with little room in the kernel, whose replies stay where they are.
func (c *company) unread(ctx context.Context, pages int) (*device.Device, error) {
	d, err := device.Dial(ctx, c.target.Load().WS(), device.Options{Token: c.readers[0].token, Client: narrow(), Hold: true})
	if err != nil {
		return nil, err
	}
	if err := d.Send(ctx, []byte(`{"type":"thread.subscribe","thread_id":"`+c.thread+`"}`)); err != nil {
		return nil, err
	}
	for range pages {
		if err := d.Send(ctx, []byte(`{"type":"messages.list","thread_id":"`+c.thread+`"}`)); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// narrow dials with a small receive buffer and small segments: the server's kernel takes
// about 100 KB for such a client, and 2 MB and more on loopback otherwise, since its own
// buffer grows with the size of segments. Both must be set before the handshake.
func narrow() *http.Client {
	dialer := net.Dialer{Control: func(_, _ string, c syscall.RawConn) (err error) {
		failed := c.Control(func(fd uintptr) {
			err = errors.Join(
				syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, kernelBuffer),
				syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, segment),
			)
		})
		return errors.Join(failed, err)
	}}
	return &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
}
