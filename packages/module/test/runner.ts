/**
 * Runs a bundle as the engine does: an own realm with nothing but ECMAScript
 * and `__playconnect`, microtasks drained between macrotasks, one batch a turn.
 */

import path from 'node:path';
import vm from 'node:vm';
import * as esbuild from 'esbuild';
import type { Environment, EventInput, Input, Outcome, Start } from '../src/glue';
import { batchMagic, StreamWriter } from '../src/stream';
import { Page, type PageNode } from './page';

const repository = process.cwd();
const install = path.join(repository, 'packages/module/src/install.ts');

export const environment: Environment = {
  locale: 'de-CH',
  timeZone: 'Europe/Zurich',
  colorScheme: 'light',
  reducedMotion: false,
  viewport: { width: 1000, height: 600 },
  url: '/lobby?room=1#top',
  visible: true,
};

/** 2026-01-01T00:00:00Z */
export const start0Us = 1_767_225_600_000_000;

/** Bundles TypeScript source; imports are relative to `folder` below the repository. */
export function bundleSource(source: string, folder = 'packages/module/test'): string {
  const result = esbuild.buildSync({
    stdin: { contents: source, resolveDir: path.join(repository, folder), loader: 'tsx', sourcefile: 'app.tsx' },
    inject: [install],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['browser', 'import', 'production'],
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    sourcemap: 'inline',
  });
  return result.outputFiles[0]!.text;
}

export class Runner {
  readonly page = new Page();
  /** `level message` */
  readonly logs: string[] = [];
  readonly requests: Outcome['requests'] = [];
  nowUs = start0Us;
  outcome: Outcome | null = null;
  /** The last batch; empty if there was none. */
  batch: Uint8Array = new Uint8Array(0);
  private readonly context: vm.Context;
  private readonly writer = new StreamWriter();
  private operations = 0;
  private sequence = 0;

  /** Evaluates the bundle, as at build time. */
  constructor(code: string, { intl = false } = {}) {
    const outer = {
      emit: (op: number, aux: number, args: (number | string)[]) => {
        this.operations++;
        this.writer.emit(op, aux, ...args);
      },
      batchSize: () => this.operations,
      log: (level: number, message: string) => void this.logs.push(`${['debug', 'info', 'warn', 'error'][level]} ${message}`),
      formatNumber: (locale: string, value: number, options: object) => `${locale} ${value} ${JSON.stringify(options)}`,
      formatDate: (locale: string, value: number, options: object) => `${locale} ${value} ${JSON.stringify(options)}`,
      encode: (text: string) => Array.from(new TextEncoder().encode(text)),
      decode: (bytes: Uint8Array, fatal: boolean) => {
        try {
          return new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(Uint8Array.from(bytes));
        } catch {
          return null;
        }
      },
    };
    this.context = vm.createContext({ outer }, { microtaskMode: 'afterEvaluate' });
    // Buffers and errors must be of the inner realm.
    this.evaluate(`{
      const { outer } = globalThis;
      delete globalThis.outer;
      ${intl ? '' : 'delete globalThis.Intl;'}
      delete globalThis.console;
      delete globalThis.WebAssembly;
      globalThis.queueMicrotask = (run) => void Promise.resolve().then(run);
      globalThis.__playconnect = {
        emit: (op, aux, ...args) => outer.emit(op, aux, args),
        batchSize: outer.batchSize, log: outer.log, formatNumber: outer.formatNumber, formatDate: outer.formatDate,
        utf8Encode: (text) => Uint8Array.from(outer.encode(text)).buffer,
        utf8Decode: (buffer, offset, length, fatal) => {
          const text = outer.decode(new Uint8Array(buffer, offset, length), fatal);
          if (text === null) throw new TypeError('not UTF-8');
          return text;
        },
      };
    }`);
    this.evaluate(code);
    this.evaluate('__playconnect.guest.evaluated()');
  }

  /** Evaluates an expression inside, between turns; microtasks are drained. The result crosses as it is. */
  evaluate(code: string): unknown {
    return vm.runInContext(code, this.context);
  }

  init(overrides: Partial<Start> = {}): void {
    const start: Start = {
      module: 'menu',
      slot: 'menu',
      incarnation: 0,
      nowUs: this.nowUs,
      seed: [1, 2, 3, 4, 5, 6, 7, 8],
      environment,
      properties: '{}',
      timersMax: 256,
      ...overrides,
    };
    this.evaluate(`__playconnect.guest.init(${JSON.stringify(start)})`);
  }

  restored(overrides: Partial<Start>): void {
    const start: Start = { module: 'menu', slot: 'menu', incarnation: 1, nowUs: this.nowUs, seed: [8, 7, 6, 5, 4, 3, 2, 1], environment, properties: '{}', timersMax: 256, ...overrides };
    this.nowUs = start.nowUs;
    this.evaluate(`__playconnect.guest.restored(${JSON.stringify(start)})`);
  }

  /** `init` and the first turn. */
  mount(overrides: Partial<Start> = {}): this {
    this.init(overrides);
    this.turn([{ kind: 'mount' }]);
    return this;
  }

  /** One turn, `afterMs` after the one before. Throws what is fatal. */
  turn(inputs: Input[], afterMs = 0): Outcome {
    this.nowUs += afterMs * 1000;
    this.attempt(`__playconnect.guest.turn(${this.nowUs}, ${literal(inputs)})`);
    while (this.attempt('__playconnect.guest.pump()') === true);
    this.outcome = this.evaluate('__playconnect.guest.finish()') as Outcome;
    this.requests.push(...this.outcome.requests);
    this.batch = this.writer.isEmpty ? new Uint8Array(0) : this.writer.take(batchMagic);
    this.operations = 0;
    if (this.batch.length > 0) this.page.apply(this.batch);
    else this.page.ops = [];
    return this.outcome;
  }

  /** Turns until nothing is due before `untilMs` from now. */
  settle(untilMs = 0): void {
    const until = this.nowUs + untilMs * 1000;
    for (let turns = 0; turns < 1000; turns++) {
      const due = this.outcome?.nextTimerUs ?? null;
      if (due === null || due > until) break;
      this.turn([{ kind: 'timer' }], Math.max(0, due - this.nowUs) / 1000);
    }
  }

  /** One event in a turn of its own. A listener must be on its way, or a browser would not have sent it. */
  fire(node: PageNode, type: string, more: Partial<EventInput> = {}): Outcome {
    return this.turn([this.event(node, type, more)], 1);
  }

  event(node: PageNode, type: string, more: Partial<EventInput> = {}): EventInput {
    let listened = false;
    for (let at: PageNode | null = node; at !== null; at = at.parent) listened ||= at.listeners.has(type);
    if (!listened) throw new Error(`nobody listens to ${type} on <${node.tag}> or above`);
    return { kind: 'event', sequence: ++this.sequence, target: node.index, type, modifiers: 0, detail: null, form: null, ...more };
  }

  /** The text is in the control, the cursor behind it, and `input` is raised. */
  type(node: PageNode, value: string): Outcome {
    return this.fire(node, 'input', {
      detail: { kind: 'edit', inputType: 'insertText', data: value.slice(-1) },
      form: { value, checked: false, selection: [value.length, value.length], selected: [] },
    });
  }

  click(node: PageNode): Outcome {
    return this.fire(node, 'click', {
      detail: { kind: 'pointer', x: 5, y: 6, offsetX: 1, offsetY: 2, button: 0, buttons: 0, pointerId: 1, pointerType: 'mouse', count: 1 },
    });
  }

  get errors(): string[] {
    return this.logs.filter((line) => line.startsWith('error'));
  }

  /** As the engine: what is not fatal is logged. */
  private attempt(code: string): unknown {
    try {
      return this.evaluate(code);
    } catch (error) {
      if ((error as { playconnectFatal?: boolean }).playconnectFatal === true) throw error;
      this.logs.push(`error uncaught ${String(error)}`);
      return true;
    }
  }
}

/** Source text of a value; buffers become buffers of the inner realm. */
function literal(value: unknown): string {
  if (value instanceof ArrayBuffer) return `new Uint8Array([${new Uint8Array(value).join()}]).buffer`;
  if (Array.isArray(value)) return `[${value.map(literal).join()}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${literal(item)}`).join()}}`;
  }
  return value === undefined ? 'undefined' : JSON.stringify(value);
}
