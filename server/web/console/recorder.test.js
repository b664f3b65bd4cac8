// Recording, with a microphone and a clock of the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CannotRecord, LONGEST_MS, microphone, Recording, recordingType, refusalWords } from './recorder.js';

class FakeRecorder {
  state = 'inactive';
  static isTypeSupported = (type) => type.startsWith('audio/mp4');
  constructor(stream, { mimeType }) { Object.assign(this, { stream, mimeType }); }
  start(ms) { Object.assign(this, { state: 'recording', ms }); }
  stop() {
    this.state = 'inactive';
    this.say('last');
    this.onstop();
  }
  say(text) { this.ondataavailable({ data: new Blob([text]) }); }
}

function begin() {
  const clock = { ms: 0, performance: { now: () => clock.ms }, setTimeout: (fn, ms) => (clock.due = { fn, ms }), clearTimeout: () => { clock.due = null; } };
  const track = { stopped: false, stop() { this.stopped = true; } };
  const log = [];
  const recording = new Recording({ getTracks: () => [track] }, { piece: (b) => log.push(b.size), ended: (why) => log.push(why) },
    { MediaRecorder: FakeRecorder, clock });
  return { recording, clock, track, log };
}

test('pieces are handed on while it records, the last one before its end', async () => {
  const { recording, clock, track, log } = begin();
  assert.equal(recording.recorder.ms, 250);
  recording.recorder.say('one');
  clock.ms = 700;
  assert.deepEqual([recording.elapsedMs, log], [700, [3]]);
  recording.stop();
  recording.stop();
  clock.ms = 9000;
  assert.deepEqual([log, track.stopped, recording.elapsedMs], [[3, 4, 'stop'], true, 700]);
  assert.deepEqual([await recording.blob.text(), recording.type], ['onelast', 'audio/mp4']);
});

test('it ends by itself after a minute, and what was said is kept', () => {
  const { recording, clock, log } = begin();
  assert.equal(clock.due.ms, LONGEST_MS);
  clock.ms = LONGEST_MS + 40;
  clock.due.fn();
  assert.deepEqual([log, recording.elapsedMs, recording.over], [[4, 'longest'], LONGEST_MS, true]);
});

test('a cancelled recording hands nothing on any more, and lets the microphone go', () => {
  const { recording, clock, track, log } = begin();
  recording.cancel();
  assert.deepEqual([log, track.stopped, clock.due, recording.blob.size], [['cancel'], true, null, 0]);
});

test('a microphone that is pulled out ends it', () => {
  const { recording, log } = begin();
  recording.recorder.state = 'inactive';
  recording.recorder.onstop();
  assert.deepEqual([log, recording.over], [['lost'], true]);
});

test('each browser records in the best of what it has', () => {
  assert.equal(recordingType(FakeRecorder), 'audio/mp4');
  assert.equal(recordingType({ isTypeSupported: () => true }), 'audio/webm;codecs=opus');
  assert.equal(recordingType({ isTypeSupported: () => false }), '');
});

test('whatever is in the way of recording is explained in words', async () => {
  const page = (error, more) => ({ isSecureContext: true, MediaRecorder: FakeRecorder,
    navigator: { mediaDevices: { getUserMedia: () => Promise.reject(Object.assign(new Error(), { name: error })) } }, ...more });
  await assert.rejects(microphone(page('NotAllowedError')), (err) => err instanceof CannotRecord && /blocked/.test(err.message));
  await assert.rejects(microphone(page('NotFoundError')), /No microphone was found/);
  await assert.rejects(microphone(page('NotReadableError')), /another program/);
  await assert.rejects(microphone(page('', { isSecureContext: false, navigator: {} })), /https/);
  await assert.rejects(microphone(page('', { MediaRecorder: undefined })), /cannot record/);
  assert.match(refusalWords({ name: 'Odd' }), /could not be started/);
});
