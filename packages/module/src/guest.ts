/** The guest: what the runner calls, turn by turn. */

import { dispatch } from './event';
import { Lane, natives, type Guest, type Input, type Outcome, type Start } from './glue';
import { clock } from './platform/clock';
import { reportStripped } from './platform/console';
import { changeEnvironment, startEnvironment } from './platform/environment';
import { reseed } from './platform/random';
import { receiveAnswer, takeRequests } from './platform/requests';
import { allowTimers, beginTurn, nextDueUs, queueInput, runAnimationFrame, runTask, shiftTasks, wantsAnimationFrame } from './platform/tasks';
import { attachSlot, describeAgain, freeTakenOut, nodeAt } from './tree';

/** What the module was started with. `properties` is the manifest's `[module.NAME.properties]`. */
export interface Module {
  name: string;
  slot: string;
  incarnation: number;
  properties: Record<string, unknown>;
}

/** Known from `init` on: in components and handlers, not while the bundle is evaluated. */
export function currentModule(): Module {
  if (current === null) throw new Error('currentModule() is known when the module runs, not while its bundle is evaluated at build time');
  return current;
}

/** `render` is called by the first turn. To be called at the bundle's top level. */
export function onMount(render: () => void): void {
  if (mounted) throw new Error('onMount() was called after the module was mounted: call it at the top level of the bundle');
  renders.push(render);
}

/**
 * The module cannot go on: the host restarts it, with back-off. The page keeps
 * the last complete frame until then.
 */
export function fail(error: unknown): void {
  if (fatal !== null) return;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // The text has the error's name already.
  fatal = Object.assign(new Error(text, { cause: error }), { name: '', playconnectFatal: true as const });
  if (error instanceof Error && error.stack !== undefined) fatal.stack = error.stack;
}

let current: Module | null = null;
let mounted = false;
let fatal: (Error & { playconnectFatal: true }) | null = null;
const renders: (() => void)[] = [];
/** The most urgent of the turn's inputs. */
let lane: number = Lane.Idle;

const guest: Guest = {
  evaluated(): void {
    if (renders.length === 0) {
      throw new Error('the bundle shows nothing: call mount(…) of the framework\'s package (or onMount) at its top level');
    }
  },

  init(start: Start): void {
    clock.nowUs = clock.originUs = start.nowUs;
    shiftTasks(start.nowUs);
    allowTimers(start);
    reseed(start.seed);
    startEnvironment(start.environment);
    current = moduleOf(start);
  },

  turn(nowUs: number, inputs: Input[]): void {
    clock.nowUs = nowUs;
    lane = Lane.Idle;
    for (const input of inputs) lane = Math.min(lane, laneOf(input));
    beginTurn(inputs);
    guest.pump();
  },

  pump(): boolean {
    const ran = runTask(handle);
    if (fatal !== null) throw fatal;
    return ran;
  },

  finish(): Outcome {
    if (fatal !== null) throw fatal;
    freeTakenOut();
    return { lane, nextTimerUs: nextDueUs(), animationFrame: wantsAnimationFrame(), requests: takeRequests() };
  },

  restored(start: Start): void {
    clock.nowUs = start.nowUs;
    allowTimers(start);
    reseed(start.seed);
    current = moduleOf(start);
    queueInput({ kind: 'environment', environment: start.environment });
  },
};

natives.guest = guest;

function handle(input: Input): void {
  switch (input.kind) {
    case 'mount':
      attachSlot();
      if (mounted) return;
      mounted = true;
      try {
        for (const render of renders) render();
      } catch (error) {
        // A module that shows nothing, or half of it, is of no use to anybody.
        fail(error);
      }
      return;
    case 'event':
      return dispatch(input);
    case 'timer':
      // Due timers run as tasks of their own.
      return;
    case 'animation-frame':
      return runAnimationFrame();
    case 'environment':
      return changeEnvironment(input.environment);
    case 'response':
      return receiveAnswer(input);
    case 'resync': {
      const node = nodeAt(input.node);
      if (node !== null) describeAgain(node);
      return;
    }
    case 'stripped':
      return reportStripped(input);
  }
}

function laneOf(input: Input): number {
  switch (input.kind) {
    case 'event':
      return Lane.Input;
    case 'animation-frame':
      return Lane.Animation;
    default:
      return Lane.Default;
  }
}

function moduleOf(start: Start): Module {
  const properties = JSON.parse(start.properties) as Record<string, unknown>;
  return { name: start.module, slot: start.slot, incarnation: start.incarnation, properties };
}
