package user

import (
	"errors"
	"testing"

	"recall/wire"
)

// firstPage asks for the page that is kept, as caller n.
func firstPage(n int) Call { return Call{From: n, Body: List{Command: &wire.ThreadList{}}} }

// reads are the reads among effects, answers the callers that were answered.
func split(effects []Effect) (reads []Read, answers []Answer) {
	for _, e := range effects {
		switch e := e.(type) {
		case Read:
			reads = append(reads, e)
		case Answer:
			answers = append(answers, e)
		}
	}
	return reads, answers
}

func TestOneReadForManyCallers(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	var reads []Read
	for n := range 10_000 {
		more, _ := split(s.Step(start, firstPage(n)))
		reads = append(reads, more...)
	}
	if len(reads) != 1 {
		t.Fatalf("%d reads", len(reads))
	}
	page := &wire.Threads{}
	_, answers := split(s.Step(start, Listed{Key: reads[0].Key, Threads: page}))
	for n, a := range answers {
		if a.To != n || a.Body.(Listing).Threads != page {
			t.Fatalf("answer %d: %+v", n, a)
		}
	}
	reads, answers = split(s.Step(start, firstPage(0)))
	if len(answers) != 1 || len(reads) != 0 {
		t.Fatalf("the page is not kept: %d reads", len(reads))
	}
}

func TestListThatChangesWhileItIsReadIsReadAgain(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	reads, _ := split(s.Step(start, firstPage(1)))
	s.Step(start, Call{Body: ListChanged{}})
	again, answers := split(s.Step(start, Listed{Key: reads[0].Key, Threads: &wire.Threads{}}))
	if len(again) != 1 || len(answers) != 0 {
		t.Fatalf("%d reads, %d answers", len(again), len(answers))
	}
	_, answers = split(s.Step(start, Listed{Key: again[0].Key, Threads: &wire.Threads{}}))
	if len(answers) != 1 {
		t.Fatalf("%d answers", len(answers))
	}
}

func TestChangeDropsTheKeptPage(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	s.lists.Keep(Pages{}.with("", &wire.Threads{}))
	s.Step(start, Call{Body: ListChanged{}})
	if reads, _ := split(s.Step(start, firstPage(1))); len(reads) != 1 {
		t.Fatal("an old page is shown")
	}
}

func TestFailedReadIsToldAndNotKept(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	reads, _ := split(s.Step(start, firstPage(1)))
	fault := errors.New("away")
	_, answers := split(s.Step(start, Listed{Key: reads[0].Key, Err: fault}))
	if len(answers) != 1 || !errors.Is(answers[0].Body.(Listing).Err, fault) {
		t.Fatalf("%+v", answers)
	}
	if reads, _ := split(s.Step(start, firstPage(1))); len(reads) != 1 {
		t.Fatal("a failed read is kept")
	}
}

func TestOtherPagesAreNotKept(t *testing.T) {
	t.Parallel()
	small := 5
	for name, c := range map[string]*wire.ThreadList{
		"archived": {Archived: true}, "limit": {Limit: &small},
	} {
		s := awake(Config{}, start)
		for range 2 {
			reads, _ := split(s.Step(start, Call{From: name, Body: List{Command: c}}))
			if len(reads) != 1 {
				t.Fatalf("%s: %d reads", name, len(reads))
			}
			_, answers := split(s.Step(start, Listed{Key: reads[0].Key, Threads: &wire.Threads{}}))
			if len(answers) != 1 || answers[0].To != name {
				t.Fatalf("%s: %+v", name, answers)
			}
		}
		if _, ok := s.lists.Get(); ok {
			t.Fatalf("%s: kept", name)
		}
	}
}
