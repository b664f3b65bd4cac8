// The statistics as what the page shows: rows and figures, each with its words. Whatever is missing is not known, and
// never a fault: an older server says less. No DOM here.

import { bytes, clock, count, decimal, NONE, percent, plain, span, time } from './operations-format.js';
import { serviceName, stateWords } from './words.js';

/** What the service has promised itself; the alert rules watch the same bounds. */
export const TARGETS = { resolveMS: 2000, errors: 0.01, queries: 2, limited: 0.01, hits: { threads: 0.7, messages: 0.5 } };

/** Stages in the order of a recall; each has a colour of its own in the style sheet. */
export const STAGES = ['transcribing', 'understanding', 'recognizing', 'reading_image', 'searching', 'answering'];

const entries = (map) => Object.entries(map ?? {});
const byName = (map) => entries(map).sort(([a], [b]) => a.localeCompare(b));
const within = (value, holds) => (value === undefined || !Number.isFinite(value) ? undefined : holds ? 'good' : 'bad');
const list = (...words) => words.filter(Boolean).join(' · ');
/** Nothing has happened yet, and a percentile of nothing is no time. */
const ran = (operation, ms) => (operation?.count ? time(ms) : NONE);

/** @returns {{key: string, label: string, text: string, more?: string, state?: 'good'|'bad', trail?: object[]}[]} */
export function tiles(stats, history) {
  const recalls = stats.operations?.resolve_recall ?? {};
  const { db = {}, overload = {} } = stats;
  const queries = history.per('queries', 'recalls');
  const failed = history.per('errors', 'recalls');
  const p95 = recalls.count ? recalls.p95_ms : undefined;
  return [
    { key: 'connections', label: 'Connections', text: count(stats.connections), more: people(stats.users), trail: history.values('connections') },
    { key: 'recalls', label: 'Recalls under way', text: count(stats.active_recalls), more: overload.open_recalls !== undefined && `${count(overload.open_recalls)} accepted and not ended` },
    { key: 'rate', label: 'Recalls a second', text: decimal(history.perSecond('recalls')), more: 'in the last minute', trail: history.rates('recalls') },
    { key: 'p95', label: 'Recall, p95', text: time(p95), more: 'target: up to 2 s', state: within(p95, p95 <= TARGETS.resolveMS), trail: history.values('p95') },
    { key: 'errors', label: 'Failed recalls', text: percent(failed), state: within(failed, failed <= TARGETS.errors),
      more: list('target: up to 1 %', recalls.count > 0 && `since the start ${percent(recalls.errors / recalls.count)}`) },
    { key: 'queries', label: 'Queries a recall', text: decimal(queries), state: within(queries, queries <= TARGETS.queries),
      more: list('target: up to 2', `${decimal(history.perSecond('queries'))} queries a second`) },
    { key: 'overload', label: 'New recalls', text: overload.shedding === undefined ? NONE : overload.shedding ? 'Refused' : 'Accepted',
      // It may begin and end between two looks, so that the last minute counts as well.
      state: overload.shedding === undefined ? undefined : overload.shedding || history.rise('shed') ? 'bad' : 'good',
      more: list(overload.shedding && `overload: ${overload.reason ?? 'unknown'}`, history.rise('shed') && `${count(history.rise('shed'))} refused in the last minute`,
        `${count(overload.shed)} refused so far`, `lag ${time(overload.lag_ms)}`) },
    { key: 'pool', label: 'Database', text: `${count(db.acquired)} of ${count(db.max_conns)}`, state: db.saturated === undefined ? undefined : db.saturated ? 'bad' : 'good',
      more: list('connections in use', db.saturated && 'saturated') },
  ];
}

const people = (n) => (n === undefined ? '' : `${count(n)} ${n === 1 ? 'user' : 'users'}`);

export const operations = (stats) => byName(stats.operations).map(([name, o]) => ({
  key: name, name, count: count(o.count), requests: count(o.requests), errors: { text: count(o.errors), state: o.errors > o.count * TARGETS.errors ? 'bad' : undefined },
  avg: ran(o, o.avg_ms), p50: ran(o, o.p50_ms), p95: ran(o, o.p95_ms), p99: ran(o, o.p99_ms),
}));

/** The stages that are known stand there from the start, so that nothing moves when the first recall comes. */
export function stages(stats) {
  const all = stats.stages ?? {};
  const names = [...STAGES, ...Object.keys(all).filter((name) => !STAGES.includes(name)).sort()];
  const most = Math.max(...names.map((name) => all[name]?.p95_ms ?? 0));
  return names.map((name) => {
    const o = all[name] ?? {};
    return { key: name, name: plain(name), count: count(o.count ?? 0), p50: ran(o, o.p50_ms), p95: ran(o, o.p95_ms),
      bar: { name, p50: share(o.p50_ms, most), p95: share(o.p95_ms, most) } };
  });
}

const share = (n, all) => (n > 0 && all > 0 ? Math.min(n / all, 1) : 0);

export const breakers = (stats) => byName(stats.breakers).map(([name, b]) => ({
  key: name, name: serviceName(name), state: { text: list(stateWords(b.state), b.reason && plain(b.reason)), dot: b.state },
  failures: count(b.failures), since: b.state === 'closed' ? NONE : clock(b.opened_at), until: clock(b.not_before), running: count(b.running), waiting: count(b.waiting),
}));

/** Lookups before a hit rate is judged: the first ones of a server all miss. */
const JUDGED_FROM = 100;

export const caches = (stats) => byName(stats.cache).map(([name, c]) => {
  const lookups = (c.hits ?? 0) + (c.misses ?? 0);
  const asked = lookups > 0;
  const target = TARGETS.hits[name];
  return { key: name, name: plain(name), rate: { text: asked ? percent(c.hit_rate) : NONE, state: lookups >= JUDGED_FROM && target ? within(c.hit_rate, c.hit_rate >= target) : undefined },
    meter: { part: asked ? c.hit_rate : 0, target }, target: target ? percent(target) : NONE,
    hits: count(c.hits), misses: count(c.misses), size: count(c.size), bytes: bytes(c.bytes) };
});

/** Work that was not done at all, or before anybody waited for it, by operation. */
export const spared = (stats) => [...new Set([...Object.keys(stats.coalesced ?? {}), ...Object.keys(stats.debounced ?? {}), ...Object.keys(stats.prefetched ?? {})])].sort().map((name) => ({
  key: name, name: plain(name), joined: count((stats.coalesced?.[name] ?? 0) + (stats.debounced?.[name] ?? 0)), ahead: count(stats.prefetched?.[name] ?? 0),
}));

export function limits(stats) {
  const { admitted, users = {} } = stats.limits ?? {};
  // Who hammers the limits is meant to be refused; the target is about the others.
  const normal = users.active - (users.hammering ?? 0);
  const part = normal > 0 ? users.limited / normal : undefined;
  return [
    { key: 'admitted', label: 'Recalls admitted', text: count(admitted) },
    { key: 'active', label: 'Users who asked', text: count(users.active) },
    { key: 'limited', label: 'Normal users refused', text: count(users.limited), state: within(part, part <= TARGETS.limited),
      more: part === undefined ? 'target: up to 1 %' : `${percent(part)}, target: up to 1 %` },
    { key: 'hammering', label: 'Users who hammer', text: count(users.hammering), more: 'refused again and again' },
  ];
}

/** What was refused or slowed down: by the limits of users, and by floods of connections and addresses. */
export const refusals = (stats) => [
  ...byName(stats.limits?.refused).map(([name, n]) => ({ key: `user ${name}`, name: plain(name), whose: 'limit of a user', count: count(n) })),
  ...byName(stats.overload?.shed_for).map(([name, n]) => ({ key: `overload ${name}`, name: plain(name), whose: 'overload', count: count(n) })),
  ...byName(stats.floods).map(([name, n]) => ({ key: `flood ${name}`, name: plain(name), whose: 'flood', count: count(n) })),
];

export function pool(stats, history) {
  const db = stats.db ?? {};
  return [
    { key: 'use', label: 'In use', text: `${count(db.acquired)} of ${count(db.max_conns)}`, state: db.saturated ? 'bad' : undefined, more: list(`${count(db.conns)} open`, db.saturated && 'saturated') },
    { key: 'queries', label: 'Queries a second', text: decimal(history.perSecond('queries')), more: `${count(db.queries)} in all` },
    { key: 'waits', label: 'Waits', text: count(db.waits), more: db.waits ? `${time(db.waited_ms / db.waits)} each on average` : 'for a connection' },
    { key: 'pressure', label: 'Longest wait now', text: time(db.pressure_ms) },
    { key: 'groups', label: 'Written in groups', text: count(db.groups), more: 'groups of commits' },
    { key: 'size', label: 'Commits a group', text: db.groups ? decimal(db.grouped / db.groups) : NONE, more: 'mean size' },
  ];
}

/** The slowest recalls; bars are as long as the recall was beside the slowest of all. */
export function slowest(stats) {
  const all = stats.slowest ?? [];
  const most = Math.max(...all.map((r) => r.total_ms ?? 0), 0);
  return all.map((r, i) => ({
    key: r.recall_id ?? `row ${i}`, kind: plain(r.kind ?? NONE), started: clock(r.started_at), total: time(r.total_ms), added: time(r.added_ms),
    ended: { text: plain(r.ended ?? NONE), state: r.ended === 'failed' || r.ended === 'expired' ? 'bad' : undefined },
    course: (r.stages ?? []).map(({ stage, ms }) => ({ name: stage, text: `${plain(stage)} ${time(ms)}`, part: share(ms, most) })),
  }));
}

/** Which server this is. */
export const server = ({ version, uptime_s: s, songs, off }) => list(version, s !== undefined && `up ${span(s)}`, songs !== undefined && `${count(songs)} songs`,
  off?.length > 0 && `switched off: ${off.join(', ')}`);
