package browser_test

// playedStats gives the page statistics of the test's own: all of them, an empty
// answer, a refusal, or silence; and it keeps the timers that beat every two seconds.
const playedStats = `(() => {
	const at = '2024-01-01T09:30:00.000Z';
	const ran = (count, p50_ms) => ({ count, requests: count, errors: 0, avg_ms: p50_ms, min_ms: p50_ms, max_ms: p50_ms, p50_ms, p95_ms: p50_ms * 3.1, p99_ms: p50_ms * 5.2 });
	const all = {
		operations: { resolve_recall: ran(12000, 420), resolve_recall_added: ran(12000, 6.1), a_rather_long_name_of_an_operation: ran(1, 2) },
		stages: { transcribing: ran(4100, 610), searching: ran(11800, 2.1) },
		cache: { threads: { hits: 75, misses: 25, hit_rate: .75, size: 9, bytes: 18400000 }, messages: { hits: 40, misses: 60, hit_rate: .4, size: 3, bytes: 220 } },
		coalesced: { fetch_messages: 4420 }, prefetched: { list_threads: 88 },
		breakers: { shazam: { state: 'open', reason: 'timeout', failures: 5, opened_at: at, running: 0, waiting: 0 }, 'gpt-4o': { state: 'throttled', failures: 0, not_before: at, running: 4, waiting: 31 } },
		connections: 9800, users: 8931, active_recalls: 212, songs: 1203,
		db: { queries: 24210, conns: 14, max_conns: 16, acquired: 7, waits: 31, waited_ms: 410, pressure_ms: 1.2, saturated: false, groups: 8000, grouped: 24160 },
		limits: { admitted: 12400, refused: { burst: 12 }, users: { active: 3201, limited: 14, hammering: 3 } }, floods: { frames: 31 },
		overload: { shedding: true, reason: 'database', shed: 17, lag_ms: .3, open_recalls: 240 },
		slowest: [{ recall_id: 'a', kind: 'voice', started_at: at, total_ms: 4200, added_ms: 8.2, ended: 'failed', stages: [{ stage: 'transcribing', ms: 1300 }, { stage: 'recognizing', ms: 1200 }, { stage: 'answering', ms: 600 }] }],
		version: 'recall 0.4.0', uptime_s: 93211,
	};
	window.played = 'all';
	window.beats = new Set();
	const [set, clear, fetch] = [window.setTimeout.bind(window), window.clearTimeout.bind(window), window.fetch.bind(window)];
	window.setTimeout = (fn, ms) => { const timer = set(() => { window.beats.delete(timer); fn(); }, ms); if (ms === 2000) window.beats.add(timer); return timer; };
	window.clearTimeout = (timer) => { window.beats.delete(timer); clear(timer); };
	const answers = {
		all: () => Response.json(all), nothing: () => Response.json({}), refusal: () => new Response('', { status: 503 }),
		silence: () => { throw new TypeError('no answer'); },
	};
	window.fetch = async (url, more) => (String(url).endsWith('/v1/stats') ? answers[window.played]() : fetch(url, more));
	return 1;
})()`
