package pgtest

import "testing"

// New returns the URL of a fresh database with all migrations applied, which
// only this test knows. It is dropped when the test ends.
func New(t testing.TB) string {
	t.Helper()
	return fresh(t, (*shared).migrated)
}

// Empty is New without the migrations.
func Empty(t testing.TB) string {
	t.Helper()
	return fresh(t, (*shared).bare)
}

func (s *shared) bare() (string, error) { return s.create("") }

func (s *shared) migrated() (string, error) {
	template, err := s.template()
	if err != nil {
		return "", err
	}
	return s.create(template)
}

func fresh(t testing.TB, create func(*shared) (string, error)) string {
	t.Helper()
	s, err := running(t).shared()
	if err != nil {
		t.Fatal(err)
	}
	name, err := create(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.drop(name); err != nil {
			t.Error(err)
		}
	})
	return s.address(name)
}
