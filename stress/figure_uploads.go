package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
)

const uploadBytes = 26_214_400 // the most that the protocol allows

// measureUploads uploads as much as is allowed, many at a time, and tells what the
// server's process grows by. Postgres is a process of its own and is not counted.
func measureUploads(ctx context.Context, server string, c figuresCommand) error {
	fmt.Printf("uploads              %d at a time of %d MiB, each of another user; resident memory of the server's process, MiB\n", c.Uploads, uploadBytes>>20)
	fmt.Printf("  %-10s %8s %8s %8s   %10s %10s\n", "", "base", "peak", "growth", "time, s", "MiB/s")
	r := newRecording()
	for _, way := range []uploadWay{{"socket", bySocket}, {"HTTP", byHTTP}} {
		if err := measureUploadsBy(ctx, server, c, way, r); err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
	}
	return nil
}

type uploadWay struct {
	name string
	send func(ctx context.Context, p *process, r *recording, u *uploader) (device.Stored, error)
}

// uploader is one user with one upload.
type uploader struct {
	number int
	token  string
	device *device.Device
}

func measureUploadsBy(ctx context.Context, server string, c figuresCommand, way uploadWay, r *recording) error {
	dir, remove, err := folder()
	if err != nil {
		return err
	}
	defer remove()
	if err := enoughRoom(dir, uint64(c.Uploads+1)*2*uploadBytes); err != nil { //nolint:gosec // a count
		return err
	}
	p, err := serve(ctx, server, dir)
	if err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	progress("%s: warming up", way.name)
	if err := uploadAll(ctx, p, way, r, 1); err != nil {
		return err
	}
	watch, err := watchMemory(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	progress("%s: %d uploads", way.name, c.Uploads)
	start := time.Now()
	err = uploadAll(ctx, p, way, r, c.Uploads)
	took := time.Since(start).Seconds()
	m, watchErr := watch.end()
	if err != nil {
		return err
	}
	if watchErr != nil {
		return watchErr
	}
	fmt.Printf("  %-10s %8.1f %8.1f %8.1f   %10.1f %10.0f\n", way.name,
		mib(m.base), mib(m.peak), mib(m.peak-m.base), took, float64(c.Uploads)*uploadBytes/(1<<20)/took)
	return nil
}

func uploadAll(ctx context.Context, p *process, way uploadWay, r *recording, n int) error {
	users, err := gather(ctx, p, n)
	if err != nil {
		return err
	}
	defer users.leave()
	all, ctx := errgroup.WithContext(ctx)
	for i := range n {
		all.Go(func() error {
			stored, err := way.send(ctx, p, r, &uploader{i, users.tokens[i], users.devices[i]})
			if want := r.sum(i); err == nil && stored.SHA256 != want {
				err = fmt.Errorf("upload %d: %d bytes were stored with SHA-256 %s, not %s", i, stored.Size, stored.SHA256, want)
			}
			return err
		})
	}
	return all.Wait()
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }
