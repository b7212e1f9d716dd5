import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Namespace, OpEncoder } from '../src/ops';
import { batchMagic, decodeStream, StreamError, StreamWriter } from '../src/stream';
import { fromHex, readVectors, toHex, toJson, writeJson } from './vectors';

const vectors = readVectors();

test('golden streams are read', () => {
  for (const { name, ops, hex } of vectors.accepted) assert.deepEqual(toJson(decodeStream(fromHex(hex))), ops, name);
});

test('golden streams are written', () => {
  for (const { name, ops, hex, readOnly } of vectors.accepted) {
    if (readOnly) continue;
    const writer = new StreamWriter();
    writeJson(writer, ops);
    assert.equal(toHex(writer.take()), hex, name);
  }
});

test('golden streams that are refused are refused for that', () => {
  for (const { name, hex, error } of vectors.refused) {
    assert.throws(() => decodeStream(fromHex(hex)), (thrown) => thrown instanceof StreamError && thrown.code === error, name);
  }
});

test('the encoder makes the golden bytes of "every operation of a batch"', () => {
  const writer = new StreamWriter();
  const ops = new OpEncoder(writer);
  ops.create(1, 'div', Namespace.None);
  ops.create(2, 'svg', Namespace.SVG);
  ops.text(3, 'Grüezi 🎲');
  ops.comment(4, '');
  ops.setText(3, 'naïve');
  ops.setAttribute(1, 'class', 'a', Namespace.None);
  ops.setAttribute(2, 'href', '#b', Namespace.XLink);
  ops.removeAttribute(1, 'class', Namespace.None);
  ops.setValue(1, 7, 'text');
  ops.setFlag(1, 'checked', 7, true);
  ops.setFlag(1, 'indeterminate', 0, false);
  ops.setFlag(1, 'selected', 0, true);
  ops.setSelection(1, 9, 2, 5);
  ops.setFlag(1, 'muted', 0, true);
  ops.setScroll(1, 'scrollTop', 0, 120);
  ops.setScroll(1, 'scrollLeft', 0, -3);
  ops.insert(0, 1, 0);
  ops.insert(0, 2, 1);
  ops.insert(1, 3, 0);
  ops.insert(1, 4, 3);
  ops.detach(4);
  ops.remove(4);
  ops.listen(1, 'click', 0, '');
  ops.listen(1, 'keydown', 2, 'Enter-Shift');
  ops.unlisten(1, 'click');
  for (const command of ['focus', 'blur', 'select', 'scrollIntoView', 'showModal', 'close'] as const) ops.call(1, command);
  const golden = vectors.accepted.find(({ name }) => name === 'every operation of a batch')!;
  assert.equal(toHex(writer.take()), golden.hex);
});

test('the encoder makes the golden bytes of "a template and two clones"', () => {
  const writer = new StreamWriter();
  const ops = new OpEncoder(writer);
  const row = ops.template();
  ops.open(1, 'li', Namespace.None);
  ops.openAttribute('class', 'row', Namespace.None);
  ops.open(0, 'b', Namespace.None);
  ops.openText(1, '');
  ops.close();
  ops.openComment(0, 'é');
  ops.openText(0, ' fixed');
  ops.close();
  ops.clone(row, [1, 2]);
  ops.clone(row, [3, 4]);
  const golden = vectors.accepted.find(({ name }) => name === 'a template and two clones')!;
  assert.equal(toHex(writer.take()), golden.hex);
});

test('a name is defined once, per namespace', () => {
  const writer = new StreamWriter();
  const ops = new OpEncoder(writer);
  for (let node = 1; node < 4; node++) ops.create(node, 'a', node === 3 ? Namespace.SVG : Namespace.None);
  assert.deepEqual(toJson(decodeStream(writer.take())), [
    ['name', 0, 0, 'a'],
    ['create', 1, 'a'],
    ['create', 2, 'a'],
    ['name', 1, 1, 'a'],
    ['create', 3, ['a', 1]],
  ]);
});

test('limits are errors that say which', () => {
  const ops = new OpEncoder(new StreamWriter());
  assert.throws(() => ops.text(1, 'é'.repeat(131073)), /a text has 262146 bytes of UTF-8; 262144 are allowed/);
  ops.text(1, 'é'.repeat(131072));
  assert.throws(() => ops.create(1, 'x'.repeat(129), 0), /the name of an element, attribute or event has 129 bytes/);
  assert.throws(() => ops.create(1, '', 0), /empty name/);
  for (let id = 0; id < 4096; id++) ops.create(1, `n${id}`, 0);
  assert.throws(() => ops.create(1, 'one-more', 0), /`one-more` would be the module's name number 4097/);
});

test('lone surrogates are written as U+FFFD', () => {
  const writer = new StreamWriter();
  new OpEncoder(writer).text(1, 'a\ud800b\udc00\ud83d');
  assert.deepEqual(toJson(decodeStream(writer.take())), [['text', 1, 'a\ufffdb\ufffd\ufffd']]);
});

test('a writer is empty after `take`, and puts the magic in front of a batch', () => {
  const writer = new StreamWriter();
  assert.ok(writer.isEmpty);
  new OpEncoder(writer).detach(5);
  const length = writer.byteLength;
  const batch = writer.take(batchMagic);
  assert.equal(batch.length, 4 + length);
  assert.equal(toHex(batch.subarray(0, 4)), Buffer.from('PCB1').toString('hex'));
  assert.ok(writer.isEmpty);
});

test('random bytes are read or refused, and nothing else', () => {
  let state = 7;
  const random = (n: number): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
  for (let round = 0; round < 20000; round++) {
    const bytes = fromHex(vectors.accepted[random(vectors.accepted.length)]!.hex);
    for (let flips = random(4) + 1; flips > 0; flips--) bytes[random(bytes.length)] = random(256);
    try {
      decodeStream(random(5) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes);
    } catch (error) {
      assert.ok(error instanceof StreamError, String(error));
    }
  }
});
