/**
 * The contract between a bundle and what runs it: the engine's C glue inside
 * Wasm, the Worker driver in a browser, the harness in tests.
 *
 * The runner makes the global `__playconnect` with {@link Natives} before the
 * bundle is evaluated; the bundle sets `__playconnect.guest`. Values cross as
 * plain objects: the records of `protocol/wit/module.wit` in camel case.
 */

export interface Natives {
  /** Appends one operation to the batch: integers as words, strings as offset and length. */
  emit(op: number, aux: number, ...args: (number | string)[]): void;
  /** Operations in the batch so far. */
  batchSize(): number;
  /** `level`: 0 debug, 1 info, 2 warn, 3 error. */
  log(level: number, message: string): void;
  formatNumber(locale: string, value: number, options: NumberOptions): string;
  /** `timeMs`: milliseconds since the Unix epoch, in UTC. */
  formatDate(locale: string, timeMs: number, options: DateOptions): string;
  utf8Encode(text: string): ArrayBuffer;
  /** Throws a TypeError for bytes that are not UTF-8 if `fatal`, else writes U+FFFD. */
  utf8Decode(buffer: ArrayBufferLike, offset: number, length: number, fatal: boolean): string;
  guest?: Guest;
}

export interface NumberOptions {
  style: 'decimal' | 'percent' | 'currency';
  currency: string | null;
  minimumFractionDigits: number | null;
  maximumFractionDigits: number | null;
  grouping: boolean;
}

export type DateLength = 'none' | 'short' | 'medium' | 'long' | 'full';

export enum DatePart {
  Weekday = 1,
  Year = 2,
  Month = 4,
  Day = 8,
  Hour = 16,
  Minute = 32,
  Second = 64,
}

export interface DateOptions {
  date: DateLength;
  time: DateLength;
  /** Bits of `DatePart`, where `date` and `time` are `none`. */
  parts: number;
  /** Of `parts`. */
  words: Exclude<DateLength, 'full'>;
  padded: boolean;
  /** IANA name. */
  timeZone: string;
}

/** What the runner calls. A throw whose error has `playconnectFatal === true` kills the module; others are logged. */
export interface Guest {
  /** At build time, when the bundle is evaluated and its microtasks are through. A throw fails the build. */
  evaluated?(): void;
  /** At the beginning of the first turn, if not before: a throw fails that. */
  init(start: Start): void;
  /** Takes the inputs and handles the first. The runner drains microtasks afterwards. */
  turn(nowUs: number, inputs: Input[]): void;
  /** Runs at most one macrotask. True: drain microtasks and call again. */
  pump(): boolean;
  finish(): Outcome;
  /** Another incarnation goes on from this memory. */
  restored(start: Start): void;
}

export interface Environment {
  locale: string;
  timeZone: string;
  colorScheme: 'light' | 'dark';
  reducedMotion: boolean;
  viewport: { width: number; height: number };
  /** The page's URL without the origin. */
  url: string;
  visible: boolean;
}

export interface Start {
  module: string;
  slot: string;
  incarnation: number;
  nowUs: number;
  /** 256 bits as eight u32. */
  seed: number[];
  environment: Environment;
  /** A JSON object. */
  properties: string;
  /** Timers that may run at the same time. */
  timersMax: number;
}

export type Detail =
  | {
      kind: 'pointer';
      x: number;
      y: number;
      offsetX: number;
      offsetY: number;
      button: number;
      buttons: number;
      pointerId: number;
      /** `mouse`, `pen`, `touch` or empty. The WIT record calls it `kind`, which names the variant here. */
      pointerType: string;
      count: number;
    }
  | { kind: 'wheel'; x: number; y: number; deltaX: number; deltaY: number; deltaMode: number }
  | { kind: 'key'; key: string; code: string }
  | { kind: 'edit'; inputType: string; data: string | null }
  | { kind: 'scroll'; top: number; left: number }
  | { kind: 'submit'; entries: [string, string][] };

export interface FormState {
  value: string;
  checked: boolean;
  /** UTF-16 offsets. */
  selection: [number, number] | null;
  /** Positions of the selected options of a `select`. */
  selected: number[];
}

export interface EventInput {
  kind: 'event';
  sequence: number;
  target: number;
  type: string;
  /** 1 alt, 2 control, 4 meta, 8 shift, 16 repeat, 32 composing. */
  modifiers: number;
  detail: Detail | null;
  form: FormState | null;
}

export interface ResponseInput {
  kind: 'response';
  id: number;
  response: { url: string; status: number; headers: [string, string][]; body: ArrayBuffer } | null;
  error: string | null;
}

/** What the host left out of earlier batches. `first`: what this incarnation was not told before. */
export interface StrippedInput {
  kind: 'stripped';
  count: number;
  /** `node` null: it was in a template. */
  first: { node: number | null; what: string; why: string }[];
}

export type Input =
  | { kind: 'mount' }
  | EventInput
  | { kind: 'timer' }
  | { kind: 'animation-frame' }
  | { kind: 'environment'; environment: Environment }
  | ResponseInput
  | { kind: 'resync'; node: number }
  | StrippedInput;

export const Lane = { Input: 0, Animation: 1, Default: 2, Idle: 3 } as const;

export type Action =
  | { kind: 'navigate' | 'pushUrl' | 'replaceUrl'; url: string }
  | { kind: 'fetch'; method: string; url: string; headers: [string, string][]; body: ArrayBuffer | null }
  /** The request of this number. */
  | { kind: 'cancel'; id: number };

export interface Request {
  id: number;
  action: Action;
}

export interface Outcome {
  /** One of {@link Lane}. */
  lane: number;
  /** Microseconds since the Unix epoch; in the past: as soon as possible. */
  nextTimerUs: number | null;
  animationFrame: boolean;
  requests: Request[];
}

function findNatives(): Natives {
  const found = (globalThis as { __playconnect?: Natives }).__playconnect;
  if (found === undefined) {
    throw new Error(
      'there is no PlayConnect around this bundle (no global `__playconnect`): run it with `playconnect build` and `playconnect serve`',
    );
  }
  return found;
}

export const natives: Natives = findNatives();
