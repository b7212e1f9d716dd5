/**
 * One queue of macrotasks: inputs first, then timers and messages by due time.
 *
 * The runner asks for one task at a time and drains microtasks after each, so a
 * turn is a piece of a browser's event loop with the clock held still.
 */

import type { Input, Start } from '../glue';
import { clock } from './clock';
import { reportError } from './console';

/** Running timers of a module. The manifest's `limits.timers` comes with `init`; while a bundle is built, its default. */
let timersMax = 256;
let moduleName = 'NAME';
/** Tasks of one turn. What is left waits for the next one, so that frames and other modules come in between. */
const tasksPerTurnMax = 10_000;
/** HTML, "timer initialization steps": deeper nested timers wait 4 ms at least. */
const nestingFree = 5;
const nestedDelayUs = 4_000;

interface Timer {
  id: number;
  dueUs: number;
  order: number;
  nesting: number;
  /** Microseconds; null: not repeated. */
  everyUs: number | null;
  run: () => void;
}

interface Message {
  dueUs: number;
  order: number;
  run: (() => void) | null;
}

/** @internal */
export function allowTimers(start: Start): void {
  timersMax = start.timersMax;
  moduleName = start.module;
}

/** Sorted by due time, then by order of making. */
const timers: Timer[] = [];
let messages: Message[] = [];
let messageAt = 0;
let inputs: Input[] = [];
let order = 0;
let timerId = 0;
let nesting = 0;
let tasksRun = 0;
let idle: { id: number; run: (deadline: IdleDeadline) => void }[] = [];
let frames: { id: number; run: (time: number) => void }[] = [];

type Callback = ((...args: never[]) => void) | string;

export interface IdleDeadline {
  didTimeout: boolean;
  timeRemaining(): number;
}

/** Messages by id, for `clearImmediate`. */
const immediates = new Map<number, Message>();

export function setTimeout(callback: Callback, delay?: number, ...args: unknown[]): number {
  return addTimer(callback, delay, args, false);
}

export function setInterval(callback: Callback, delay?: number, ...args: unknown[]): number {
  return addTimer(callback, delay, args, true);
}

export function clearTimeout(id?: number): void {
  const at = timers.findIndex((timer) => timer.id === id);
  if (at >= 0) timers.splice(at, 1);
}

export function setImmediate(callback: (...args: unknown[]) => void, ...args: unknown[]): number {
  const id = ++timerId;
  immediates.set(
    id,
    post(() => {
      immediates.delete(id);
      callback(...args);
    }),
  );
  return id;
}

export function clearImmediate(id?: number): void {
  if (id === undefined) return;
  const message = immediates.get(id);
  if (message !== undefined) message.run = null;
  immediates.delete(id);
}

/** A task for as soon as possible. Setting its `run` to null takes it back. */
export function post(run: () => void): Message {
  const message = { dueUs: clock.nowUs, order: ++order, run };
  messages.push(message);
  return message;
}

export function requestAnimationFrame(callback: (time: number) => void): number {
  frames.push({ id: ++timerId, run: callback });
  return timerId;
}

export function cancelAnimationFrame(id: number): void {
  frames = frames.filter((frame) => frame.id !== id);
}

/** Runs when nothing else is due. */
export function requestIdleCallback(callback: (deadline: IdleDeadline) => void): number {
  idle.push({ id: ++timerId, run: callback });
  return timerId;
}

export function cancelIdleCallback(id: number): void {
  idle = idle.filter((entry) => entry.id !== id);
}

/** A turn begins. @internal */
export function beginTurn(more: Input[]): void {
  tasksRun = 0;
  inputs.push(...more);
}

/** An input of our own, to be handled in the next turn. @internal */
export function queueInput(input: Input): void {
  inputs.push(input);
}

/** `init` tells the time for the first time: timers made at build time count from now. @internal */
export function shiftTasks(us: number): void {
  for (const timer of timers) timer.dueUs += us;
  for (const message of messages) message.dueUs += us;
}

/** Runs one task. False: none is due. @internal */
export function runTask(handleInput: (input: Input) => void): boolean {
  if (tasksRun === tasksPerTurnMax) return false;
  const run = takeInput(handleInput) ?? takeTimed() ?? takeIdle();
  if (run === null) return false;
  tasksRun++;
  run();
  return true;
}

/** All callbacks that were asked for before this frame. @internal */
export function runAnimationFrame(): void {
  const now = frames;
  frames = [];
  for (const { run } of now) {
    try {
      run(clock.now());
    } catch (error) {
      // One broken callback does not stop the frame of the others.
      reportError(error);
    }
  }
}

/** @internal */
export function wantsAnimationFrame(): boolean {
  return frames.length > 0;
}

/** When a turn is needed for the queue's sake. Null: it is empty. @internal */
export function nextDueUs(): number | null {
  if (inputs.length > 0 || idle.length > 0) return clock.nowUs;
  const message = nextMessage();
  const timer = timers[0];
  if (message !== undefined && timer !== undefined) return Math.min(message.dueUs, timer.dueUs);
  return message?.dueUs ?? timer?.dueUs ?? null;
}

function addTimer(callback: Callback, delay: number | undefined, args: unknown[], repeated: boolean): number {
  if (typeof callback !== 'function') throw new TypeError('a timer takes a function: code in strings is not run');
  if (timers.length >= timersMax) {
    throw new RangeError(
      `${timersMax} timers are running, and this module may have no more: clear those that are not needed (clearTimeout, clearInterval), or raise timers in [module.${moduleName}.limits] of playconnect.toml`,
    );
  }
  const level = nesting + 1;
  const delayUs = clampDelay(delay, level);
  const timer: Timer = {
    id: ++timerId,
    dueUs: clock.nowUs + delayUs,
    order: 0,
    nesting: level,
    everyUs: repeated ? delayUs : null,
    run: () => (callback as (...args: unknown[]) => void)(...args),
  };
  insertTimer(timer);
  return timer.id;
}

function clampDelay(delayMs: number | undefined, level: number): number {
  const delay = Math.max(0, Math.floor(Number(delayMs) * 1000) || 0);
  // As in browsers, where a delay is a signed 32-bit number of milliseconds.
  const bounded = delay > 0x7fffffff * 1000 ? 0 : delay;
  return level > nestingFree ? Math.max(nestedDelayUs, bounded) : bounded;
}

function insertTimer(timer: Timer): void {
  timer.order = ++order;
  let at = timers.length;
  while (at > 0 && timers[at - 1]!.dueUs > timer.dueUs) at--;
  timers.splice(at, 0, timer);
}

function takeInput(handleInput: (input: Input) => void): (() => void) | null {
  const input = inputs[0];
  if (input === undefined) return null;
  inputs = inputs.slice(1);
  return () => handleInput(input);
}

function takeTimed(): (() => void) | null {
  const timer = timers[0];
  const message = nextMessage();
  const timerDue = timer !== undefined && timer.dueUs <= clock.nowUs;
  if (message !== undefined && (!timerDue || isBefore(message, timer))) {
    messageAt++;
    if (messageAt > 1024 && messageAt * 2 > messages.length) {
      messages = messages.slice(messageAt);
      messageAt = 0;
    }
    return message.run;
  }
  return timerDue ? () => runTimer(timer) : null;
}

function runTimer(timer: Timer): void {
  timers.shift();
  if (timer.everyUs !== null) {
    timer.nesting++;
    timer.everyUs = Math.max(timer.everyUs, timer.nesting > nestingFree ? nestedDelayUs : 0);
    // Missed ticks are not made up for.
    timer.dueUs = Math.max(timer.dueUs + timer.everyUs, clock.nowUs);
    insertTimer(timer);
  }
  nesting = timer.nesting;
  try {
    timer.run();
  } finally {
    nesting = 0;
  }
}

/**
 * Time stands still, so the time that remains is counted down by asking: work
 * that is cut to it comes to its end.
 */
function takeIdle(): (() => void) | null {
  const entry = idle.shift();
  if (entry === undefined) return null;
  let remaining = 5;
  return () => entry.run({ didTimeout: false, timeRemaining: () => (remaining = Math.max(0, remaining - 0.25)) });
}

function nextMessage(): Message | undefined {
  while (messageAt < messages.length && messages[messageAt]!.run === null) messageAt++;
  return messages[messageAt];
}

function isBefore(a: { dueUs: number; order: number }, b: { dueUs: number; order: number }): boolean {
  return a.dueUs < b.dueUs || (a.dueUs === b.dueUs && a.order < b.order);
}
