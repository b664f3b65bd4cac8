// The picture of a thread, without a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThreadView } from './turns.js';

const song = (key, confidence = 0.8) => ({ key, title: key, artist: 'x', confidence, source_urls: [], sources: ['catalog'] });
const say = (view, type, seq, more = {}) => view.apply({ type, thread_id: 't', recall_id: 'r', seq, epoch: 'e', ...more });
const mine = (id, seq, more = {}) => ({ id, seq, role: 'user', message_type: 'text', text: id, recall_id: 'r', ...more });
const shape = (view) => view.entries().map((e) => e.kind);

function running() {
  const view = new ThreadView('t');
  say(view, 'message', 1, { message: mine('hello', 1) });
  say(view, 'recall.started', 2, { request_id: 'q' });
  return view;
}

test('the place of the answer is kept from the start, so candidates do not jump', () => {
  const view = running();
  say(view, 'recall.candidate', 3, { candidate: song('a'), rank: 1, revision: 1 });
  assert.deepEqual(shape(view), ['user', 'stage', 'answer', 'candidate']);
});

test('a later revision replaces a candidate, an earlier one does not', () => {
  const view = running();
  say(view, 'recall.candidate', 3, { candidate: song('a', 0.5), rank: 1, revision: 2 });
  say(view, 'recall.candidate', 4, { candidate: song('a', 0.1), rank: 1, revision: 1 });
  assert.equal(view.entries().find((e) => e.kind === 'candidate').candidate.confidence, 0.5);
  say(view, 'recall.candidate', 5, { candidate: song('a', 0.9), rank: 1, revision: 3 });
  assert.equal(view.entries().find((e) => e.kind === 'candidate').candidate.confidence, 0.9);
});

test('the stored message takes the place of the live candidate under the same key', () => {
  const view = running();
  say(view, 'recall.candidate', 3, { candidate: song('a'), rank: 1, revision: 1 });
  const before = view.entries().find((e) => e.kind === 'candidate').key;
  say(view, 'message', 4, { message: { id: 'm2', seq: 4, role: 'assistant', message_type: 'candidate', candidate: song('a'), recall_id: 'r' } });
  const after = view.entries().filter((e) => e.kind === 'candidate');
  assert.deepEqual(after.map((e) => [e.key, e.id, e.place]), [[before, 'm2', 1]]);
});

test('deltas add up until the whole answer comes, and a replay starts over', () => {
  const view = running();
  const text = () => view.entries().find((e) => e.kind === 'answer').text;
  say(view, 'recall.answer.delta', 3, { text: 'ab' });
  say(view, 'recall.answer.delta', 4, { text: 'cd' });
  assert.equal(text(), 'abcd');
  say(view, 'recall.started', 2, { request_id: 'q' });
  say(view, 'recall.answer.delta', 3, { text: 'ab' });
  assert.equal(text(), 'ab');
  say(view, 'recall.answer', 5, { text: 'abcd!' });
  say(view, 'recall.answer.delta', 6, { text: 'zz' });
  assert.equal(text(), 'abcd!');
});

test('a candidate that the final list lacks goes away', () => {
  const view = running();
  for (const [i, key] of ['a', 'b'].entries()) say(view, 'recall.candidate', 3 + i, { candidate: song(key), rank: i + 1, revision: 1 });
  say(view, 'recall.completed', 5, { status: 'done', candidates: [song('b')] });
  assert.deepEqual(view.entries().filter((e) => e.kind === 'candidate').map((e) => [e.candidate.key, e.place]), [['b', 1]]);
});

test('what was sent shows at once and gives way to the stored message', () => {
  const view = new ThreadView('t');
  view.send('q', { type: 'text', text: 'rain song' });
  assert.deepEqual(shape(view), ['pending']);
  view.accepted({ request_id: 'q', recall_id: 'r', message: mine('m1', 1, { text: 'rain song', recall_id: undefined }) });
  say(view, 'message', 1, { message: mine('m1', 1, { text: 'rain song', recall_id: undefined }), recall_id: undefined });
  assert.deepEqual(shape(view), ['user', 'stage', 'answer']);
});

test('the follow-up is open until the user speaks again', () => {
  const view = running();
  say(view, 'recall.follow_up', 3, { text: 'Which year?' });
  assert.equal(view.entries().at(-1).open, true);
  view.send('q2', { type: 'text', text: 'about 1985' });
  assert.equal(view.entries().find((e) => e.kind === 'follow_up').open, undefined);
});

test('a waiting recall stays below the running one, whose answer is stored later', () => {
  const view = running();
  view.apply({ type: 'message', seq: 3, recall_id: 'r2', message: mine('second', 3, { recall_id: 'r2' }) });
  say(view, 'message', 4, { message: { id: 'a', seq: 4, role: 'assistant', message_type: 'answer', text: 'found', recall_id: 'r' } });
  const order = view.entries().filter((e) => e.id).map((e) => e.id);
  assert.deepEqual(order, ['hello', 'a', 'second']);
});

test('a replayed message does not undo a verdict', () => {
  const view = running();
  const m = { id: 'c', seq: 3, role: 'assistant', message_type: 'candidate', candidate: song('a'), recall_id: 'r' };
  view.addPage({ messages: [{ ...m, verdict: 'confirmed' }], has_more: false });
  say(view, 'message', 3, { message: m });
  assert.equal(view.entries().find((e) => e.kind === 'candidate').verdict, 'confirmed');
});

test('reload forgets a recall that is no longer running, and a replay begins after the last words', () => {
  const view = running();
  view.reload({ messages: [mine('hello', 1), { id: 'x', seq: 2, role: 'assistant', message_type: 'answer', text: 'y', recall_id: 'r' }], has_more: true });
  assert.deepEqual(shape(view), ['user', 'answer']);
  assert.deepEqual([view.replayFrom, view.oldestSeq, view.hasMore], [1, 1, true]);
});

test('an older turn shows only what every tab can show', () => {
  const view = running();
  say(view, 'recall.failed', 3, { code: 'internal', message: 'oh', retryable: true });
  assert.deepEqual(shape(view), ['user', 'stage', 'note']);
  view.apply({ type: 'message', seq: 4, recall_id: 'r2', message: mine('second', 4, { recall_id: 'r2' }) });
  assert.deepEqual(view.entries().map((e) => e.text), ['hello', 'This search ended without a song.', 'second']);
});

test('a voice note shows its words as they are heard, then as they are stored', () => {
  const view = new ThreadView('t');
  view.send('q', { type: 'voice', text: '' });
  view.uploaded('q', 'm1');
  say(view, 'message', 1, { message: mine('v', 1, { message_type: 'voice', text: undefined, media_id: 'm1' }) });
  say(view, 'recall.started', 2, { request_id: 'q' });
  const own = () => view.entries().find((e) => e.kind === 'user');
  assert.deepEqual([own().mediaId, own().text, own().listening, view.pending.size], ['m1', undefined, true, 0]);
  say(view, 'recall.transcript', 3, { text: 'that song', final: false });
  assert.deepEqual([own().text, own().listening], ['that song', true]);
  say(view, 'recall.transcript', 4, { text: 'that song about rain', final: true });
  assert.deepEqual([own().text, own().listening], ['that song about rain', false]);
  say(view, 'message.updated', 5, { message: mine('v', 1, { message_type: 'voice', text: 'That song about rain', raw_transcript: 'That song about rain', media_id: 'm1' }) });
  assert.equal(own().text, 'That song about rain');
});

test('what was read in a picture is told from the words of the person', () => {
  const view = new ThreadView('t');
  const picture = (id, seq, more) => mine(id, seq, { message_type: 'image', media_id: id, recall_id: id, ...more });
  for (const [id, text] of [['bare', undefined], ['worded', 'who is this']]) {
    view.apply({ type: 'message', seq: 1, recall_id: id, message: picture(id, 1, { text }) });
    view.apply({ type: 'message.updated', seq: 2, recall_id: id, message: picture(id, 1, { text: text ?? 'an album cover' }) });
  }
  view.addPage({ messages: [picture('stored', 3, { text: 'a poster', raw_transcript: 'a poster' })], has_more: false });
  const read = Object.fromEntries(view.entries().filter((e) => e.kind === 'user').map((e) => [e.id, e.read]));
  assert.deepEqual(read, { bare: true, worded: false, stored: true });
});

test('two pictures without words are told apart by what was uploaded', () => {
  const view = new ThreadView('t');
  for (const [q, m] of [['q1', 'm1'], ['q2', 'm2']]) {
    view.send(q, { type: 'image', text: '' });
    view.uploaded(q, m);
  }
  say(view, 'message', 1, { message: mine('p', 1, { message_type: 'image', text: undefined, media_id: 'm2' }) });
  assert.deepEqual([...view.pending.keys()], ['q1']);
});

test('when others should be asked, there is something to ask them, until the talk goes on', () => {
  const view = running();
  say(view, 'recall.completed', 3, { status: 'no_match', candidates: [], should_ask_crowd: true, crowd_prompt: 'Who knows this?', degraded: [] });
  assert.deepEqual(shape(view), ['user', 'stage', 'note', 'crowd']);
  assert.equal(view.entries().at(-1).text, 'Who knows this?');
  view.apply({ type: 'message', seq: 4, recall_id: 'r2', message: mine('second', 4, { recall_id: 'r2' }) });
  assert.deepEqual(shape(view), ['user', 'note', 'user']);
});
