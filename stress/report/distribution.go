package report

import "github.com/HdrHistogram/hdrhistogram-go"

// Quantiles are times in milliseconds; all are 0 where Count is.
type Quantiles struct {
	Count int64   `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
}

// Distribution is all that is kept of the times of a run, in milliseconds.
type Distribution struct {
	Name string `json:"name"`
	Quantiles
	Min  float64 `json:"min_ms"`
	Mean float64 `json:"mean_ms"`
	P90  float64 `json:"p90_ms"`
	P999 float64 `json:"p999_ms"`
	Max  float64 `json:"max_ms"`
	// Curve is what to draw: denser towards 100 %, which it does not reach.
	Curve []Point `json:"curve"`
}

// Point says that Percent of the times took at most so long.
type Point struct {
	Percent float64 `json:"percent"`
	Millis  float64 `json:"ms"`
}

func quantiles(h *hdrhistogram.Histogram) Quantiles {
	at := h.ValueAtPercentiles([]float64{50, 95, 99})
	return Quantiles{Count: h.TotalCount(), P50: millis(at[50]), P95: millis(at[95]), P99: millis(at[99])}
}

func distribution(name string, h *hdrhistogram.Histogram) Distribution {
	at := h.ValueAtPercentiles([]float64{90, 99.9})
	return Distribution{
		Name: name, Quantiles: quantiles(h),
		Min: millis(h.Min()), Mean: h.Mean() / 1000, P90: millis(at[90]), P999: millis(at[99.9]), Max: millis(h.Max()),
		Curve: curve(h),
	}
}

func millis(us int64) float64 { return float64(us) / 1000 }

// curve has points at equal steps of the logarithm of what lies above, as far as there
// are enough times to tell: a thousand do not know their 99.99 %.
func curve(h *hdrhistogram.Histogram) (points []Point) {
	const halvings, steps = 20, 8
	above := 1.0
	for range halvings {
		for i := range steps {
			share := above * (1 - float64(i)/(2*steps))
			if share*float64(h.TotalCount()) < 1 {
				return points
			}
			p := 100 * (1 - share)
			points = append(points, Point{Percent: p, Millis: millis(h.ValueAtQuantile(p))})
		}
		above /= 2
	}
	return points
}
