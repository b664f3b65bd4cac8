package provider

import (
	"context"
	"reflect"

	"recall/actors/provider/fault"
)

// Do asks the service. It returns what call returns, or the reason why call was not
// made; every error is a [fault.Fault].
//
// Calls with equal keys at the same time are one: all get its result, and its ctx
// ends when the last of them has left. Its answer may be kept ([Config.Answers]). So
// equal keys must mean equal answers, whoever asks, and callers must not change what
// they get. The empty key is shared with nobody.
//
// The ctx of call has the values of the ctx that began it. It ends after
// [Config.Timeout], or when the caller's own ends. call may be made twice.
func Do[A any](ctx context.Context, s *Service, key string, call func(ctx context.Context) (A, error)) (A, error) {
	return typed[A](s.ask(ctx, request{
		key:  named[A](key),
		call: func(ctx context.Context, _ func(any)) (any, error) { return call(ctx) },
	}, nil))
}

// Stream is [Do] for a call that tells pieces before its result. Each caller gets all
// pieces in order, those that were told before it came first, on its own goroutine
// and at its own pace. A call that has told pieces is not made again; after its error
// they stand.
func Stream[P, A any](ctx context.Context, s *Service, key string, tell func(P),
	call func(ctx context.Context, tell func(P)) (A, error)) (A, error) {
	return typed[A](s.ask(ctx, request{
		key: named[func(P) A](key),
		call: func(ctx context.Context, add func(any)) (any, error) {
			return call(ctx, func(piece P) { add(piece) })
		},
	}, func(piece any) { tell(as[P](piece)) }))
}

// ask waits for the answer to a request, as long as ctx allows.
func (s *Service) ask(ctx context.Context, r request, tell func(any)) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, fault.Of(err)
	}
	f, tape := s.join(ctx, r)
	if f != nil {
		defer s.leave(ctx, f)
	}
	return tape.follow(ctx, tell)
}

func named[K any](text string) key { return key{text, reflect.TypeFor[K]()} }

func typed[A any](value any, err error) (A, error) { return as[A](value), err }

// as is a value of its type again; the zero value for none.
func as[T any](value any) T {
	t, _ := value.(T)
	return t
}
