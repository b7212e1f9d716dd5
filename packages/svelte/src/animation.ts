/**
 * `element.animate()` as far as Svelte's transitions need it: keyframes shown
 * one after the other.
 *
 * The page takes no keyframes: a module's operations are all there is. So each
 * animation frame of the module (`max_fps` in the manifest) writes the keyframe
 * that is due into a layer over the element's own style. Svelte makes a
 * keyframe for each sixtieth of a second, so nothing is lost up to 60 Hz.
 */

import type { ElementNode } from '@playconnect/module';

/** Properties in camel case. */
export type Keyframe = Record<string, string | number | null | undefined>;

export interface AnimationOptions {
  /** Milliseconds. */
  duration?: number;
  fill?: 'none' | 'forwards' | 'backwards' | 'both' | 'auto';
  easing?: string;
}

const running = new Set<ModuleAnimation>();
let frame: number | null = null;

export class ModuleAnimation {
  onfinish: (() => void) | null = null;
  oncancel: (() => void) | null = null;
  /** Set to null by who wants no more of it. */
  effect: unknown = this;
  playState: 'running' | 'finished' | 'idle' = 'running';
  readonly finished: Promise<ModuleAnimation>;
  readonly #keyframes: Record<string, string>[];
  readonly #duration: number;
  readonly #staysAtEnd: boolean;
  readonly #start = performance.now();
  #shown: Record<string, string> | null = null;
  #settle!: { resolve: (animation: ModuleAnimation) => void; reject: (error: Error) => void };
  #timer = 0;
  /** Whether the keyframes differ. */
  #changes = false;

  constructor(
    private readonly element: ElementNode,
    keyframes: Keyframe[] | Record<string, (string | number)[]> | null,
    { duration = 0, fill = 'none', easing = 'linear' }: AnimationOptions,
  ) {
    if (easing !== 'linear') throw new Error(`animate(): the easing \`${easing}\` is not possible in a module. Give enough keyframes instead, or use a CSS transition`);
    this.#keyframes = list(keyframes);
    this.#duration = duration;
    this.#staysAtEnd = fill === 'forwards' || fill === 'both';
    this.finished = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Nobody has to listen to it.
    this.finished.catch(() => {});
    running.add(this);
    this.#show(0);
    if (duration <= 0) queueMicrotask(() => this.finish());
    else {
      // Also where frames are few, as in a hidden tab, the end is on time.
      this.#timer = setTimeout(() => this.finish(), duration);
      if (this.#keyframes.some((keyframe) => !equal(keyframe, this.#keyframes[0]!))) this.#changes = true;
      requestFrame();
    }
  }

  static of(element: ElementNode): ModuleAnimation[] {
    return [...running].filter((animation) => animation.element === element);
  }

  /** Milliseconds; null when it was cancelled. */
  get currentTime(): number | null {
    return this.playState === 'idle' ? null : Math.min(performance.now() - this.#start, this.#duration);
  }

  cancel(): void {
    if (this.playState === 'idle') return;
    const wasRunning = this.playState === 'running';
    this.playState = 'idle';
    this.#stop();
    this.#layer(null);
    if (!wasRunning) return;
    this.#settle.reject(new DOMException('The animation was cancelled', 'AbortError'));
    this.oncancel?.();
  }

  finish(): void {
    if (this.playState !== 'running') return;
    this.playState = 'finished';
    this.#stop();
    if (this.#staysAtEnd) this.#show(1);
    else this.#layer(null);
    this.#settle.resolve(this);
    this.onfinish?.();
  }

  /** Whether another frame would show something else. @internal */
  get needsFrames(): boolean {
    return this.#changes;
  }

  /** @internal */
  step(): void {
    this.#show(this.currentTime! / this.#duration);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    running.delete(this);
  }

  #show(progress: number): void {
    const keyframe = this.#keyframes[Math.round(Math.min(progress, 1) * (this.#keyframes.length - 1))];
    if (keyframe !== undefined && keyframe !== this.#shown) this.#layer(keyframe);
  }

  #layer(declarations: Record<string, string> | null): void {
    this.#shown = declarations;
    this.element.style.setLayer(this, declarations);
  }
}

function requestFrame(): void {
  if (frame !== null || ![...running].some((animation) => animation.needsFrames)) return;
  frame = requestAnimationFrame(() => {
    frame = null;
    for (const animation of running) animation.step();
    requestFrame();
  });
}

/** Values that no browser would take are left out: what rests on layout that a module does not know is NaN. */
function list(keyframes: Keyframe[] | Record<string, (string | number)[]> | null): Record<string, string>[] {
  if (keyframes === null) return [];
  const frames = Array.isArray(keyframes) ? keyframes : transposed(keyframes);
  return frames.map((keyframe) => {
    const declarations: Record<string, string> = {};
    for (const name in keyframe) {
      const value = keyframe[name];
      if (value === null || value === undefined || ignored.has(name) || String(value).includes('NaN')) continue;
      declarations[name === 'cssOffset' ? 'offset' : name] = String(value);
    }
    return declarations;
  });
}

/** Of a keyframe, not of CSS. */
const ignored = new Set(['offset', 'easing', 'composite']);

/** `{ opacity: [0, 1] }` → `[{ opacity: 0 }, { opacity: 1 }]`. */
function transposed(properties: Record<string, (string | number)[]>): Keyframe[] {
  const count = Math.max(0, ...Object.values(properties).map((values) => values.length));
  return Array.from({ length: count }, (_, at) =>
    Object.fromEntries(Object.entries(properties).map(([name, values]) => [name, values[Math.min(at, values.length - 1)]])),
  );
}

function equal(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
