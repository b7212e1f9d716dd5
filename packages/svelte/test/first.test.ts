import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mounted, log, run } from './mounted';
test('a click counts', async () => {
  const runner = await mounted(`<script>let n = $state(0);</script><button onclick={() => n++}>count: {n}</button>{#if n > 1}<p>two</p>{/if}`);
  assert.equal(runner.page.html(), '<button>count: 0</button><!---->');
  runner.click(runner.page.find('button'));
  console.log(runner.page.html(), runner.logs, runner.outcome, runner.page.find('button').listeners, runner.page.slot.listeners);
  assert.equal(runner.page.text(), 'count: 1');
});
