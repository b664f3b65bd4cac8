package catalog

import "bytes"

// distance is the optimal string alignment distance (insert, delete, replace,
// swap neighbours), or limit+1 when it is more than limit.
func distance(a, b []byte, limit int) int {
	if bytes.Equal(a, b) {
		return 0
	}
	if len(a) > maxTermLength || len(b) > maxTermLength {
		return limit + 1
	}
	var rows [3][maxTermLength + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := last[j-1]
			if a[i-1] != b[j-1] {
				cost++
			}
			cost = min(cost, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cost = min(cost, before[j-2]+1)
			}
			row[j] = cost
			best = min(best, cost)
		}
		if best > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}

const maxTermLength = 60

func abs(n int) int { return max(n, -n) }

func isNumber(word []byte) bool {
	for _, b := range word {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}
