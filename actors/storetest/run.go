package storetest

import (
	"errors"
	"testing"
	"time"

	"recall/wire"
)

// Run shows that a store keeps the promises of [Store]. It calls open for each
// test; since every test has users and threads of its own, open may return the
// same store each time.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for name, test := range map[string]func(*world){
		"Activate/NotFound":        activateNotFound,
		"Activate/FenceRises":      activateRaisesFence,
		"Activate/KeepsEpoch":      activateKeepsEpoch,
		"Activate/EpochAfterCrash": activateChangesEpochAfterCrash,
		"Activate/Returns":         activateReturnsAll,
		"Create/Idempotent":        createIsIdempotent,
		"Create/SomebodyElses":     createRefusesOthersID,
		"Create/Deleted":           createRefusesDeleted,

		"Commit/Stale":              commitRefusesStaleFence,
		"Commit/Backwards":          commitRefusesLowerSeq,
		"Commit/Again":              commitCanBeRepeated,
		"Commit/AgainDeleted":       deletingCanBeRepeated,
		"Commit/UnknownThread":      commitNeedsThread,
		"Commit/OneOfTwo":           exactlyOneActivationWins,
		"Commit/Duplicate":          duplicateRequestWritesNothing,
		"Commit/DuplicateElsewhere": duplicateRequestAcrossThreads,
		"Commit/SameRequestOthers":  requestsAreTheUsersOwn,
		"Commit/EndTwice":           recallEndsOnce,
		"Commit/EndUnknown":         unknownRecallWritesNothing,
		"Commit/Fields":             commitChangesFields,
		"Commit/LastMessage":        commitMovesLastMessage,
		"Commit/Verdict":            verdictIsKept,
		"Commit/VerdictNotFound":    verdictNeedsMessage,
		"Commit/Heard":              heardWordsAreKept,
		"Commit/HeardAtOnce":        heardWithItsMessage,
		"Commit/HeardNotFound":      heardNeedsTheUsersMessage,
		"Commit/HeardStale":         staleHeardWritesNothing,
		"Commit/Delete":             deletedIsGone,

		"Together/Many":       manyAtOnce,
		"Together/BadOne":     badOneFailsAlone,
		"Together/OneRequest": oneRequestAtOnce,
		"Together/Order":      orderWithinThreads,

		"Page/RoundTrip":  postingsComeBackWhole,
		"Page/Newest":     newestPage,
		"Page/Backwards":  pagesBackwards,
		"Page/Forwards":   pagesForwards,
		"Page/Empty":      emptyPages,
		"Page/EqualTimes": orderIsSeqNotTime,
		"Posting":         postingOfThread,
		"ThreadOfMessage": threadOfMessage,

		"Threads/Order":    threadsInOrder,
		"Threads/Pages":    threadsPage,
		"Threads/Archived": archivedApart,
		"Threads/Cursor":   badThreadsCursor,
		"Stash/Keep":       stashIsOneAThread,
		"Stash/Pages":      stashPages,
		"Stash/Cursor":     badStashCursor,

		"Admissions":             admissionsInOrder,
		"RecallByRequest":        recallByRequest,
		"ThreadOfRecall":         threadOfRecall,
		"ThreadsWithOpenRecalls": threadsWithOpenRecalls,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&world{T: t, store: open(t), user: wire.NewID(), clock: wire.At(time.Now())})
		})
	}
}

// world is one test's user with a clock that only the test moves.
type world struct {
	*testing.T
	store Store
	user  wire.ID
	clock wire.Time
}

// now moves the clock on by a second and returns it.
func (w *world) now() wire.Time {
	w.clock = wire.At(w.clock.Add(time.Second))
	return w.clock
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) is(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("error %v, want %v", err, want)
	}
}

// code expects an error that clients are told as code.
func (w *world) code(err error, code wire.Code) {
	w.Helper()
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != code {
		w.Fatalf("error %v, want code %s", err, code)
	}
}

func same[T comparable](w *world, what string, got, want T) {
	w.Helper()
	if got != want {
		w.Fatalf("%s: got %v, want %v", what, got, want)
	}
}
