/** What a scenario is: a page in each framework, and what a person does on it. */

import type { DifferenceName } from './differences';

export type Action =
  | { do: 'click'; on: string }
  /** Clicks into the control and types; what is in it stays. */
  | { do: 'type'; on: string; text: string }
  /** A key for what has the focus, as Playwright names it: `Enter`, `Shift+ArrowLeft`. */
  | { do: 'press'; keys: string[] }
  /** Of a select: values. */
  | { do: 'select'; on: string; values: string[] }
  /** Nothing but waiting for what comes by itself. */
  | { do: 'wait' };

export type Step = Action & {
  /** Where an effect comes by time: what both pages wait for. */
  until?: { selector: string; text: string };
  /** By framework: a difference that shows after this step, and no longer after the next. */
  differs?: Record<string, DifferenceName>;
};

/** What each of the broken adapters does. How: `faults.ts`. */
export const faults = {
  attributes: 'forgets to change an attribute',
  texts: 'forgets to change a text',
  insertion: 'forgets to insert a node',
  order: 'inserts at the end instead of before a sibling',
  removal: 'forgets to take a node out',
  state: 'forgets to set value, checked and selected',
  focus: 'forgets to give the focus',
} as const;

export type Fault = keyof typeof faults;

export interface Scenario {
  /** The folder's name. */
  name: string;
  title: string;
  /** What it shows, for the report. */
  covers: string;
  steps: Step[];
  /** Each of these adapters, broken on purpose, must be noticed. */
  faults: Fault[];
}

/** The one that is tried with the framework of this number: in turn, so that all of them are tried with some framework. */
export const faultsOf = ({ faults }: Scenario, framework: number): Fault[] => [faults[framework % faults.length]!];

export const click = (on: string): Step => ({ do: 'click', on });
export const type = (on: string, text: string): Step => ({ do: 'type', on, text });
export const press = (...keys: string[]): Step => ({ do: 'press', keys });
export const select = (on: string, ...values: string[]): Step => ({ do: 'select', on, values });
/** For what comes by time: both pages wait until this element has this text. */
export const until = (selector: string, text: string, step: Step = { do: 'wait' }): Step => ({ ...step, until: { selector, text } });

export const differs = (step: Step, where: Record<string, DifferenceName>): Step => ({ ...step, differs: where });

export function say({ until, differs: _, ...action }: Step): string {
  const what = action.do === 'wait' ? 'wait' : JSON.stringify(Object.values(action));
  return until === undefined ? what : `${what} until ${until.selector} is "${until.text}"`;
}
