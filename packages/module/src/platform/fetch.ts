/** fetch of the Fetch standard: to the page's own origin and to hosts that the manifest grants. Bodies are whole, not streams. */

import { URLSearchParams } from 'whatwg-url-minimum';
import { natives } from '../glue';
import { withoutPageOrigin } from './environment';
import { AbortSignal, DOMException } from './event-target';
import { FormData } from './form-data';
import { cancelRequest, request } from './requests';

type HeadersInit = Headers | Iterable<[string, string]> | Record<string, string>;
type BodyInit = string | ArrayBuffer | ArrayBufferView | URLSearchParams | FormData | null;

interface RequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit;
  signal?: AbortSignal | null;
}

export class Headers {
  /** Lower-case name to values. */
  private readonly list = new Map<string, string[]>();

  constructor(init: HeadersInit = {}) {
    const entries = Symbol.iterator in init ? (init as Iterable<[string, string]>) : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = headerName(name);
    this.list.set(key, [...(this.list.get(key) ?? []), headerValue(name, value)]);
  }
  set(name: string, value: string): void {
    this.list.set(headerName(name), [headerValue(name, value)]);
  }
  get(name: string): string | null {
    return this.list.get(headerName(name))?.join(', ') ?? null;
  }
  getSetCookie(): string[] {
    return [...(this.list.get('set-cookie') ?? [])];
  }
  has(name: string): boolean {
    return this.list.has(headerName(name));
  }
  delete(name: string): void {
    this.list.delete(headerName(name));
  }
  *entries(): Generator<[string, string], void> {
    for (const name of [...this.list.keys()].sort()) yield [name, this.get(name)!];
  }
  *keys(): Generator<string, void> {
    for (const [name] of this.entries()) yield name;
  }
  *values(): Generator<string, void> {
    for (const [, value] of this.entries()) yield value;
  }
  forEach(callback: (value: string, name: string, headers: Headers) => void): void {
    for (const [name, value] of this.entries()) callback(value, name, this);
  }
  [Symbol.iterator](): Generator<[string, string], void> {
    return this.entries();
  }
}

/** What Request and Response have in common. */
abstract class Body {
  bodyUsed = false;
  abstract readonly headers: Headers;
  /** @internal */
  protected content: ArrayBuffer | null;

  constructor(bytes: ArrayBuffer | null) {
    this.content = bytes;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.bodyUsed) throw new TypeError('the body was read already');
    this.bodyUsed = this.content !== null;
    return this.content?.slice(0) ?? new ArrayBuffer(0);
  }
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }
  async text(): Promise<string> {
    const buffer = await this.arrayBuffer();
    const text = natives.utf8Decode(buffer, 0, buffer.byteLength, false);
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
  /** There are no streams here; `arrayBuffer`, `text` and `json` give the whole body. */
  get body(): never {
    throw new TypeError('a body is not a stream here: read it with arrayBuffer(), bytes(), text() or json()');
  }
}

export class Request extends Body {
  readonly method: string;
  /** Of the page: without its origin. */
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;

  constructor(input: Request | string | { href: string }, init: RequestInit = {}) {
    const from = input instanceof Request ? input : null;
    const [bytes, type] = extractBody(init.body ?? null);
    super(init.body === undefined && from !== null ? from.content : bytes);
    this.method = (init.method ?? from?.method ?? 'GET').replace(/^(get|head|post|put|delete|options)$/i, (name) => name.toUpperCase());
    this.url = from?.url ?? withoutPageOrigin(typeof input === 'string' ? input : (input as { href: string }).href);
    this.headers = new Headers(init.headers ?? from?.headers);
    if (type !== null && !this.headers.has('content-type')) this.headers.set('content-type', type);
    this.signal = init.signal ?? from?.signal ?? new AbortSignal();
    if (this.content !== null && (this.method === 'GET' || this.method === 'HEAD')) throw new TypeError(`a ${this.method} request has no body`);
  }

  clone(): Request {
    return new Request(this);
  }

  /** @internal */
  takeBody(): ArrayBuffer | null {
    return this.content;
  }
}

export class Response extends Body {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly type = 'basic';
  redirected = false;
  url = '';

  constructor(body: BodyInit = null, { status = 200, statusText = '', headers = {} as HeadersInit } = {}) {
    const [bytes, type] = extractBody(body);
    super(bytes);
    if (!(status >= 200 && status <= 599)) throw new RangeError(`a response's status is 200 to 599, not ${status}`);
    this.status = status;
    this.statusText = statusText;
    this.headers = new Headers(headers);
    if (type !== null && !this.headers.has('content-type')) this.headers.set('content-type', type);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  clone(): Response {
    if (this.bodyUsed) throw new TypeError('the body was read already');
    const copy = new Response(this.content, { status: this.status, statusText: this.statusText, headers: this.headers });
    copy.url = this.url;
    copy.redirected = this.redirected;
    return copy;
  }

  static json(value: unknown, init: { status?: number; headers?: HeadersInit } = {}): Response {
    const response = new Response(JSON.stringify(value), init);
    response.headers.set('content-type', 'application/json');
    return response;
  }
}

export function fetch(input: Request | string | { href: string }, init?: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const wanted = new Request(input, init);
    const { signal, method, url } = wanted;
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      cancelRequest(id);
      reject(signal.reason);
    };
    const id = request({ kind: 'fetch', method, url, headers: [...wanted.headers], body: wanted.takeBody() }, (answer) => {
      signal.removeEventListener('abort', abort);
      if (answer.response === null) return reject(new TypeError(`fetch ${url}: ${answer.error ?? 'failed'}`));
      const { status, headers, body } = answer.response;
      // HTTP allows three digits, a Response does not.
      if (status < 200 || status > 599) return reject(new TypeError(`fetch ${url}: answered with the status ${status}`));
      const response = new Response(body, { status, headers });
      response.url = answer.response.url;
      response.redirected = withoutFragment(url) !== response.url;
      resolve(response);
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

/** The bytes, and the content type that goes with them. */
function extractBody(body: BodyInit): [ArrayBuffer | null, string | null] {
  if (body === null) return [null, null];
  if (typeof body === 'string') return [natives.utf8Encode(body), 'text/plain;charset=UTF-8'];
  if (body instanceof ArrayBuffer) return [body.slice(0), null];
  if (ArrayBuffer.isView(body)) return [new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice().buffer as ArrayBuffer, null];
  if (body instanceof URLSearchParams || body instanceof FormData) {
    const parameters = body instanceof FormData ? new URLSearchParams([...body]) : body;
    return [natives.utf8Encode(parameters.toString()), 'application/x-www-form-urlencoded;charset=UTF-8'];
  }
  throw new DOMException('a body is a string, bytes, URLSearchParams or FormData here', 'NotSupportedError');
}

function headerName(name: string): string {
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) throw new TypeError(`\`${name}\` is not the name of a header`);
  return name.toLowerCase();
}

function headerValue(name: string, value: string): string {
  const trimmed = String(value).trim();
  if (/[\0\r\n]/.test(trimmed)) throw new TypeError(`the header \`${name}\` has a line break in its value`);
  return trimmed;
}
