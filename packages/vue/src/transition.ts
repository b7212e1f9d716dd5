/**
 * `<Transition>` and `<TransitionGroup>`: the classes of Vue, set from afar.
 *
 * A module does not know the stylesheet, so the browser says what runs: a
 * transition lasts from the first `transitionrun` or `animationstart` of its
 * element to the last end. If none comes, nothing runs. `duration` counts
 * instead of all that where it is given.
 */

import type { ModuleEvent } from '@playconnect/module';
import {
  BaseTransition,
  BaseTransitionPropsValidators,
  createVNode,
  Fragment,
  getCurrentInstance,
  getTransitionRawChildren,
  h,
  resolveTransitionHooks,
  setTransitionHooks,
  toRaw,
  useTransitionState,
  type BaseTransitionProps,
  type FunctionalComponent,
  type SetupContext,
  type VNode,
} from '@vue/runtime-core';
import type { TransitionGroupProps, TransitionProps } from '@vue/runtime-dom';
import { isArray, isObject, toNumber } from '@vue/shared';
import { HostElement } from './element';

/** How long the browser has to say that something runs: a round trip and two frames on a slow line. */
const startMsMax = 400;
/** An end that never comes (a script of the page, a lost event) must not keep an element for ever. */
const endMsMax = 10_000;

const ownProps = {
  name: String,
  type: String,
  css: { type: Boolean, default: true },
  duration: [String, Number, Object],
  enterFromClass: String,
  enterActiveClass: String,
  enterToClass: String,
  appearFromClass: String,
  appearActiveClass: String,
  appearToClass: String,
  leaveFromClass: String,
  leaveActiveClass: String,
  leaveToClass: String,
};

const transitionProps = /* @__PURE__ */ Object.assign({}, BaseTransitionPropsValidators as object, ownProps);

export const Transition = /* @__PURE__ */ Object.assign(
  ((props, { slots }) => h(BaseTransition, resolveTransitionProps(props), slots)) as FunctionalComponent<TransitionProps>,
  { displayName: 'Transition', props: transitionProps },
);

export const TransitionGroup = /* @__PURE__ */ defineTransitionGroup();

function defineTransitionGroup(): new () => { $props: TransitionGroupProps } {
  const { mode: _, ...props } = transitionProps as Record<string, unknown>;
  const component = {
    name: 'TransitionGroup',
    props: { ...props, tag: String, moveClass: String },
    setup(props: TransitionGroupProps, { slots }: SetupContext) {
      const instance = getCurrentInstance()!;
      const state = useTransitionState();
      let children: VNode[] = [];
      return () => {
        const raw = toRaw(props);
        const hooks = resolveTransitionProps(raw);
        const before = children;
        children = slots['default'] ? getTransitionRawChildren(slots['default']()) : [];
        // Those that are about to go need them, too.
        for (const child of [...children.filter(({ key }) => key !== null), ...before.filter(({ el }) => (el as unknown) instanceof HostElement)]) {
          setTransitionHooks(child, resolveTransitionHooks(child, hooks as never, state, instance));
        }
        return createVNode(raw.tag ?? Fragment, null, children);
      };
    },
  };
  return component as never;
}

type Done = () => void;
type Hook = (element: HostElement, done: Done) => void;

/** Vue's props to hooks of BaseTransition. */
function resolveTransitionProps(raw: TransitionProps): BaseTransitionProps<HostElement> {
  const base: Record<string, unknown> = {};
  for (const key in raw) if (!(key in ownProps)) base[key] = raw[key as keyof TransitionProps];
  if (raw.css === false) return base;
  const { name = 'v', type } = raw;
  const enter = {
    from: raw.enterFromClass ?? `${name}-enter-from`,
    active: raw.enterActiveClass ?? `${name}-enter-active`,
    to: raw.enterToClass ?? `${name}-enter-to`,
  };
  const appear = { from: raw.appearFromClass ?? enter.from, active: raw.appearActiveClass ?? enter.active, to: raw.appearToClass ?? enter.to };
  const leave = {
    from: raw.leaveFromClass ?? `${name}-leave-from`,
    active: raw.leaveActiveClass ?? `${name}-leave-active`,
    to: raw.leaveToClass ?? `${name}-leave-to`,
  };
  const [enterMs, leaveMs] = durations(raw.duration);
  const { onBeforeEnter, onEnter, onEnterCancelled, onLeave, onLeaveCancelled } = base as Record<string, Hook | Hook[] | undefined>;
  const { onBeforeAppear = onBeforeEnter, onAppear = onEnter, onAppearCancelled = onEnterCancelled } = base as Record<string, Hook | Hook[] | undefined>;

  const entering = (classes: typeof enter, before: typeof onEnter, hook: typeof onEnter, cancelled: typeof onEnter) => {
    const finish = (element: HostElement): void => {
      endRun(element);
      removeClass(element, classes.from);
      removeClass(element, classes.to);
      removeClass(element, classes.active);
    };
    return {
      before(element: HostElement) {
        callHook(before, element);
        addClass(element, classes.from);
        addClass(element, classes.active);
      },
      run(element: HostElement, done: Done) {
        const end = (): void => {
          finish(element);
          done();
        };
        const run = beginRun(element, hasDone(hook) ? null : watchEnd(element, type, enterMs, end));
        nextFrame(() => {
          if (runs.get(element) !== run) return;
          removeClass(element, classes.from);
          addClass(element, classes.to);
          run.watch?.begin();
        });
        callHook(hook, element, end);
      },
      cancelled(element: HostElement) {
        finish(element);
        callHook(cancelled, element);
      },
    };
  };
  const entered = entering(enter, onBeforeEnter, onEnter, onEnterCancelled);
  const appeared = entering(appear, onBeforeAppear, onAppear, onAppearCancelled);
  const left = (element: HostElement): void => {
    endRun(element);
    removeClass(element, leave.from);
    removeClass(element, leave.to);
    removeClass(element, leave.active);
  };

  return Object.assign(base, {
    onBeforeEnter: entered.before,
    onEnter: entered.run,
    onEnterCancelled: entered.cancelled,
    onBeforeAppear: appeared.before,
    onAppear: appeared.run,
    onAppearCancelled: appeared.cancelled,
    onLeave(element: HostElement, done: Done) {
      const end = (): void => {
        left(element);
        done();
      };
      addClass(element, leave.from);
      addClass(element, leave.active);
      const run = beginRun(element, hasDone(onLeave) ? null : watchEnd(element, type, leaveMs, end));
      nextFrame(() => {
        if (runs.get(element) !== run) return;
        removeClass(element, leave.from);
        addClass(element, leave.to);
        run.watch?.begin();
      });
      callHook(onLeave, element, end);
    },
    onLeaveCancelled(element: HostElement) {
      left(element);
      callHook(onLeaveCancelled, element);
    },
  });
}

function callHook(hook: Hook | Hook[] | undefined, element: HostElement, done: Done = () => {}): void {
  for (const one of isArray(hook) ? hook : [hook]) one?.(element, done);
}

/** A hook that takes `done` says itself when it is over. */
function hasDone(hook: Hook | Hook[] | undefined): boolean {
  return (isArray(hook) ? hook : [hook]).some((one) => one !== undefined && one.length > 1);
}

/** Milliseconds for entering and for leaving; null: not given. */
function durations(duration: TransitionProps['duration']): [number | null, number | null] {
  if (duration === null || duration === undefined) return [null, null];
  if (isObject(duration)) return [Number(toNumber(duration.enter)), Number(toNumber(duration.leave))];
  const both = Number(toNumber(duration));
  return [both, both];
}

function addClass(element: HostElement, names: string): void {
  element.classList.add(...names.split(/\s+/).filter(Boolean));
  (element.transitionClasses ??= new Set()).add(names);
}

function removeClass(element: HostElement, names: string): void {
  if (!element.transitionClasses?.delete(names)) return;
  element.classList.remove(...names.split(/\s+/).filter(Boolean));
  if (element.transitionClasses.size === 0) element.transitionClasses = null;
}

/** The browser has shown what was set in this turn: a turn's batch is a frame of its own by then. */
function nextFrame(run: () => void): void {
  requestAnimationFrame(run);
}

interface Watch {
  /** The classes that the element goes to are set. */
  begin(): void;
  stop(): void;
}

/** One way in or out; a new one takes the place of one that was not over. */
interface Run {
  watch: Watch | null;
}

const runs = new WeakMap<HostElement, Run>();

function beginRun(element: HostElement, watch: Watch | null): Run {
  const run = { watch };
  endRun(element);
  runs.set(element, run);
  return run;
}

function endRun(element: HostElement): void {
  runs.get(element)?.watch?.stop();
  runs.delete(element);
}

type Kind = 'transition' | 'animation';
const starts: Record<Kind, string[]> = { transition: ['transitionrun'], animation: ['animationstart'] };
// As in Vue, one round of an animation is all of it.
const ends: Record<Kind, string[]> = { transition: ['transitionend', 'transitioncancel'], animation: ['animationend', 'animationcancel', 'animationiteration'] };

function watchEnd(element: HostElement, type: string | undefined, durationMs: number | null, end: Done): Watch {
  const kinds: Kind[] = type === 'transition' || type === 'animation' ? [type] : ['transition', 'animation'];
  let running = 0;
  let begun = false;
  let over = false;
  let cancel = (): void => {};
  const onStart = (event: ModuleEvent): void => {
    if (event.target !== element) return;
    running++;
    cancel();
    cancel = after(endMsMax, finish);
  };
  const onEnd = (event: ModuleEvent): void => {
    if (event.target !== element || running === 0) return;
    if (--running === 0 && begun) finish();
  };
  const listen = (method: 'addEventListener' | 'removeEventListener'): void => {
    for (const kind of kinds) {
      for (const name of starts[kind]) element[method](name, onStart);
      for (const name of ends[kind]) element[method](name, onEnd);
    }
  };
  const watch: Watch = {
    begin() {
      if (over) return;
      begun = true;
      if (durationMs !== null) cancel = after(durationMs, finish);
      else if (running === 0) cancel = after(startMsMax, finish);
    },
    stop() {
      if (over) return;
      over = true;
      cancel();
      if (durationMs === null) listen('removeEventListener');
    },
  };
  function finish(): void {
    watch.stop();
    end();
  }
  if (durationMs === null) listen('addEventListener');
  return watch;
}

/** What is due at the same time shares one timer: a long list must not need as many as it has entries. */
const due = new Map<number, Set<() => void>>();

function after(delayMs: number, run: () => void): () => void {
  const at = performance.now() + delayMs;
  let runs = due.get(at);
  if (runs === undefined) {
    due.set(at, (runs = new Set()));
    setTimeout(() => {
      due.delete(at);
      for (const each of runs!) each();
    }, delayMs);
  }
  runs.add(run);
  return () => runs.delete(run);
}
