package metrics

import "github.com/prometheus/client_golang/prometheus"

// value is one metric of a reading.
type value[S any] struct {
	name, help string
	kind       prometheus.ValueType
	of         func(S) float64
	same       prometheus.Labels // in every sample
	desc       *prometheus.Desc  // made by publish
}

func gauge[S any](name, help string, of func(S) float64) value[S] {
	return value[S]{name: name, help: help, kind: prometheus.GaugeValue, of: of}
}

func total[S any](name, help string, of func(S) float64) value[S] {
	return value[S]{name: name, help: help, kind: prometheus.CounterValue, of: of}
}

// readings are metrics of one or more things that are all read at once, when somebody
// asks: values that belong together are of one moment, and reading costs once.
type readings[S any] struct {
	read   func() map[string]S // by the value of the label, if there is one
	labels []string            // none or one
	values []value[S]
}

func publish[S any](r *Recorder, label string, read func() map[string]S, values ...value[S]) {
	all := readings[S]{read: read, values: values}
	if label != "" {
		all.labels = []string{label}
	}
	for i, v := range values {
		values[i].desc = prometheus.NewDesc(v.name, v.help, all.labels, v.same)
	}
	r.registry.MustRegister(all)
}

// one is a reading of a single thing, without a label.
func one[S any](read func() S) func() map[string]S {
	return func() map[string]S { return map[string]S{"": read()} }
}

// Describe implements [prometheus.Collector].
func (r readings[S]) Describe(to chan<- *prometheus.Desc) {
	for _, v := range r.values {
		to <- v.desc
	}
}

// Collect implements [prometheus.Collector].
func (r readings[S]) Collect(to chan<- prometheus.Metric) {
	for name, s := range r.read() {
		for _, v := range r.values {
			to <- prometheus.MustNewConstMetric(v.desc, v.kind, v.of(s), []string{name}[:len(r.labels)]...)
		}
	}
}
