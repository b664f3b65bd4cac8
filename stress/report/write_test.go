package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestJSONReadsBack(t *testing.T) {
	t.Parallel()
	r := sampleResult(3, 20)
	var out bytes.Buffer
	if err := JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	var back Result
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, back) {
		t.Error("the result changed on its way")
	}
}

// The table ends with the checks and shows what failed.
func TestTable(t *testing.T) {
	t.Parallel()
	r := sampleResult(1, 30)
	r.Notes = nil
	var out bytes.Buffer
	if err := Table(&out, r); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if last := strings.Join(strings.Fields(lines[len(lines)-1]), " "); last != "FAIL memory back at the end want within 10 % got +14.2 %" {
		t.Errorf("the last line is %q", last)
	}
	if !strings.Contains(out.String(), number(r.Latencies[0].P99)) {
		t.Error("the table lacks the 99th percentile")
	}
}
