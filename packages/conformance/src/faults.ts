/**
 * The adapters, broken on purpose: a test of the test. It is bundled in front
 * of a framework's entry for the broken components alone, and breaks the
 * host operations below all adapters. Which one, the page's path says.
 */

import { TreeNode } from '@playconnect/module';
import { chosenFault } from '../frameworks/chosen';
import { natives } from '../../module/src/glue';
import { OpEncoder } from '../../module/src/ops';
import type { Fault } from './steps';

/** The page begins as it should: the first turn is spared. */
let turns = 0;
const isBroken = (fault: Fault): boolean => turns > 1 && chosenFault() === fault;

const { turn } = natives.guest!;
natives.guest!.turn = (...given) => {
  turns++;
  turn(...given);
};

function replace<K extends string>(prototype: Record<K, unknown>, name: K, fault: Fault, instead: (this: any, ...given: any[]) => unknown): void {
  const original = prototype[name] as (...given: unknown[]) => unknown;
  prototype[name] = function (this: unknown, ...given: unknown[]): unknown {
    return isBroken(fault) ? instead.apply(this, given) : original.apply(this, given);
  };
}

const encoder = OpEncoder.prototype as unknown as Record<string, unknown>;
for (const name of ['setAttribute', 'removeAttribute']) replace(encoder, name, 'attributes', () => {});
replace(encoder, 'setText', 'texts', () => {});
for (const name of ['setValue', 'setFlag']) replace(encoder, name, 'state', () => {});
replace(encoder, 'call', 'focus', () => {});
const { insert } = OpEncoder.prototype;
replace(encoder, 'insert', 'insertion', () => {});
replace(encoder, 'insert', 'order', function (this: OpEncoder, parent: number, child: number) {
  insert.call(this, parent, child, 0);
});

// The module's own picture loses the node, the page does not.
for (const name of ['remove', 'destroy']) {
  replace(TreeNode.prototype as unknown as Record<string, unknown>, name, 'removal', function (this: TreeNode) {
    this.parentNode?.unlink(this);
  });
}
