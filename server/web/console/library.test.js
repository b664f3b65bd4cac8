// What was uploaded is fetched once, forgotten in time, and asked for again after a failure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Library } from './library.js';

test('each blob is fetched once, and what was sent from here not at all', async () => {
  const asked = [];
  const library = new Library(async (id) => (asked.push(id), new Blob([id])));
  library.keep('own', new Blob(['mine']));
  assert.equal(await (await library.blob('own')).text(), 'mine');
  await Promise.all([library.blob('a'), library.blob('a')]);
  assert.deepEqual(asked, ['a']);
});

test('a failure is not kept', async () => {
  let fails = true;
  const library = new Library(async () => { if (fails) throw new Error('down'); return new Blob(); });
  await assert.rejects(library.blob('a'));
  fails = false;
  await library.blob('a');
});

test('only the latest stay', async () => {
  const asked = [];
  const library = new Library(async (id) => (asked.push(id), new Blob()));
  for (let i = 0; i < 13; i++) await library.blob(String(i));
  await library.blob('12');
  await library.blob('0');
  assert.deepEqual(asked.slice(12), ['12', '0']);
});
