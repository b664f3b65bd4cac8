// What is said about a recall.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { degradedWords, eventWords, intentWords, noteWords } from './words.js';

test('who could not be asked is named kindly, with the reason', () => {
  assert.equal(degradedWords([{ provider: 'shazam', reason: 'throttled' }]), 'Shazam (busy) could not be asked this time.');
  assert.equal(degradedWords([{ provider: 'shazam', reason: 'timeout' }, { provider: 'acrcloud', reason: 'breaker_open' }]),
    'Shazam (too slow) and ACRCloud (resting after failures) could not be asked this time.');
  assert.equal(degradedWords(['whisper', 'acrcloud', 'shazam'].map((provider) => ({ provider, reason: 'not_configured' }))),
    'Whisper, ACRCloud and Shazam (not set up) could not be asked this time.');
  assert.equal(degradedWords([{ provider: 'newcomer', reason: 'odd_reason' }]), 'newcomer (odd reason) could not be asked this time.');
  assert.equal(degradedWords([]), '');
});

test('a match may have been missed only where there was none', () => {
  const degraded = [{ provider: 'shazam', reason: 'busy' }];
  assert.match(noteWords({ type: 'recall.completed', status: 'no_match', degraded }), /may have been missed/);
  assert.doesNotMatch(noteWords({ type: 'recall.completed', status: 'done', degraded }), /may have been missed/);
  assert.equal(noteWords({ type: 'recall.completed', status: 'done', degraded: [] }), '');
});

test('a screen reader hears the words of a voice note once, at the end', () => {
  assert.equal(eventWords({ type: 'recall.transcript', text: 'half', final: false }), '');
  assert.equal(eventWords({ type: 'recall.transcript', text: 'the whole', final: true }), 'Heard: the whole');
});

test('an intent that says nothing is not shown', () => {
  assert.equal(intentWords('humming'), 'Humming');
  assert.equal(intentWords('unclear'), '');
  assert.equal(intentWords(undefined), '');
});
