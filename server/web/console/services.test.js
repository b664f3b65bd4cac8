// The statistics of the outside services, in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.document ??= {};
const { serviceRows } = await import('./services.js');
const time = (at) => at.slice(11, 16);

test('every state has a word beside its colour, and the services stand by name', () => {
  const rows = serviceRows({
    shazam: { state: 'open', failures: 5, opened_at: '2024-01-01T09:30:00.000Z' }, acrcloud: { state: 'closed', failures: 1 },
    whisper: { state: 'half_open', failures: 5 }, 'gpt-4o': { state: 'disabled', failures: 0 }, lyrics: { state: 'throttled', failures: 0 },
  }, time);
  assert.deepEqual(rows.map((r) => [r.name, r.words, r.more]), [
    ['ACRCloud', 'Working', '1 failure in a row'], ['GPT-4o', 'Not open to this server', ''], ['Lyrics', 'Busy, asked to wait', ''],
    ['Shazam', 'Resting after failures', '5 failures in a row, since 09:30'], ['Whisper', 'Being tried again', '5 failures in a row'],
  ]);
});

test('a state that is not known here is shown as it is', () => {
  assert.equal(serviceRows({ x: { state: 'odd', failures: 0 } })[0].words, 'odd');
});
