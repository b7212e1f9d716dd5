import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bundle } from '@playconnect/module/bundle';
import { Runner } from './runner';

/** Bundles `source` in a folder of its own. */
async function bundled(source: string): Promise<string> {
  const root = mkdtempSync(path.join(process.cwd(), 'out', 'bundle-'));
  try {
    writeFileSync(path.join(root, 'app.ts'), source);
    return (await bundle({ entry: 'app.ts', out: 'app.js', root, log: false, write: false })).code!;
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a bundle runs', async () => {
  const code = await bundled(`import { onMount, slot, createText } from '@playconnect/module'; onMount(() => void slot.appendChild(createText(new URL('/a', location.href).pathname)));`);
  assert.equal(new Runner(code).mount().page.text(), '/a');
});

test('globals are there before any library is evaluated', async () => {
  const code = await bundled(`const early = setTimeout; import { onMount } from '@playconnect/module'; onMount(() => void early(() => console.log('ran')));`);
  assert.deepEqual(new Runner(code).mount().logs, ['info ran']);
});

test('a global that a module does not have is an error with its place', async () => {
  await assert.rejects(bundled(`import { onMount } from '@playconnect/module';\n\nonMount(() => {\n  const x = 1, y = localStorage.getItem('x');\n  new WebSocket('/x' + x + y);\n});`), (error: Error) => {
    assert.deepEqual(error.message.split('\n'), [
      'app.ts:4:20: `localStorage` is not there in a module: nothing is stored in the browser by a module: keep it in the module\'s state',
      'app.ts:5:7: `WebSocket` is not there in a module: a module has `fetch`, to its own origin and to hosts that the manifest grants (outbound_hosts)',
    ]);
    return true;
  });
});

test('names of one\'s own, and globals behind typeof, are fine', async () => {
  await bundled(`import { onMount } from '@playconnect/module'; onMount(() => { const document = { title: 'x' }; console.log(document.title, typeof localStorage === 'undefined' ? 0 : localStorage.length, { process: 1 }.process); });`);
});

test('a fault in the source is an error with its place', async () => {
  await assert.rejects(bundled('const x = ;'), /app\.ts:1:10: ERROR: Unexpected ";"/);
});
