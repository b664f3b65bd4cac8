// Which pictures are taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, sizeWords } from './picture.js';

test('what the server would refuse is refused here, with the reason', () => {
  assert.equal(refusal({ type: 'image/webp', size: 26_214_400 }), '');
  assert.match(refusal({ type: 'image/webp', size: 26_214_401 }), /25\.0 MB/);
  assert.match(refusal({ type: 'image/svg+xml', size: 10 }), /PNG, JPEG, WebP and GIF/);
  assert.match(refusal({ type: 'image/png', size: 0 }), /empty/);
});

test('sizes are said briefly', () => assert.deepEqual([10, 2048, 3_500_000].map(sizeWords), ['1 KB', '2 KB', '3.3 MB']));
