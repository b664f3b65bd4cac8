package persistence

import (
	"slices"
	"testing"
)

// What is wrong with a plan is seen, and nothing else.
func TestWholeReadsOfPlans(t *testing.T) {
	t.Parallel()
	for plan, want := range map[string][]string{
		`
 Nested Loop  (cost=0.70..5.04 rows=1 width=16)
   ->  Index Scan Backward using recall_messages_thread_seq on recall_messages m  (cost=0.42..2.64 rows=1 width=16)
         Index Cond: (thread_id = $1)
   ->  Bitmap Heap Scan on songs  (cost=4.08..106.55 rows=100 width=105)
         ->  Bitmap Index Scan on songs_document_idx  (cost=0.00..4.05 rows=100 width=0)
               Index Cond: (document @@ query.words)
   ->  Function Scan on unnest name  (cost=0.00..0.02 rows=1 width=32)
   ->  CTE Scan on old  (cost=0.00..0.02 rows=1 width=32)
   ->  Seq Scan on staged_songs s  (cost=0.00..1.02 rows=2 width=61)`: nil,
		` Seq Scan on recalls r  (cost=0.00..1.02 rows=2 width=61)
   Filter: (id = $1)`: {"Seq Scan on recalls"},
		` ->  Parallel Seq Scan on recalls  (cost=0.00..1.02 rows=2 width=61)`: {"Seq Scan on recalls"},
		` Index Only Scan using recalls_pkey on recalls r  (cost=0.14..5.53 rows=212 width=16)
   Filter: (thread_id = $1)`: {"Index Only Scan using recalls_pkey on recalls"},
		` Index Only Scan using recalls_open on recalls r  (cost=0.14..5.53 rows=212 width=16)`: nil,
	} {
		if got := wholeReads(plan); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q in\n%s", got, want, plan)
		}
	}
}

// A statement in a function counts as looked at when Postgres named the line it
// begins on, wherever in it the line stands that tells it.
func TestUnheardStatementsOfFunctions(t *testing.T) {
	t.Parallel()
	const source = `
BEGIN
    WITH given AS (
        SELECT 1
    )
    UPDATE recalls SET state = 'done';
    IF NOT FOUND THEN
        -- all of it
        DELETE FROM recalls;
    END IF;
END`
	for _, c := range []struct{ heard, missing []int }{
		{[]int{3, 9}, nil},
		{[]int{3}, []int{9}},
		{[]int{7, 9}, []int{3, 4, 6}},
	} {
		heard := make(map[int]bool)
		for _, line := range c.heard {
			heard[line] = true
		}
		if got := unheard(source, heard); len(got) != len(c.missing) {
			t.Errorf("heard of lines %v: %q are missing, want those of lines %v", c.heard, got, c.missing)
		}
	}
}
