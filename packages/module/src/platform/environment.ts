/** The page around the module: location, history, navigator, media queries, and the events of `window` that come of them. */

import { URL } from 'whatwg-url-minimum';
import type { Environment } from '../glue';
import { OuterTarget, outerTargets } from '../propagate';
import { Event, EventTarget } from './event-target';
import { request } from './requests';

/**
 * The page's origin is none of a module's business, and unknown to it. URLs of
 * the page stand under this one (`.invalid`, RFC 6761) and leave the module
 * without it.
 */
export const pageOrigin = 'https://page.invalid';

export let environment: Environment = {
  locale: 'en',
  timeZone: 'UTC',
  colorScheme: 'light',
  reducedMotion: false,
  viewport: { width: 1280, height: 720 },
  url: '/',
  visible: true,
};

let url = new URL('/', pageOrigin);
let historyState: unknown = null;
let historyLength = 1;
const mediaQueries: MediaQueryList[] = [];

/**
 * `window` for listeners. Its own events are popstate, hashchange, resize, visibilitychange and languagechange; those
 * that bubble (keydown, click …) come from the module's slot.
 */
export const windowEvents = new OuterTarget(['error', 'load', 'resize', 'scroll'], globalThis);
outerTargets.push(windowEvents);

/** `init`: no events. @internal */
export function startEnvironment(next: Environment): void {
  environment = next;
  url = new URL(next.url, pageOrigin);
}

/** @internal */
export function changeEnvironment(next: Environment): void {
  const before = environment;
  const oldUrl = url;
  environment = next;
  const moved = new URL(next.url, pageOrigin);
  if (moved.href !== url.href) {
    url = moved;
    historyState = null;
    windowEvents.dispatchEvent(Object.assign(new Event('popstate'), { state: null }));
    if (oldUrl.hash !== url.hash) {
      windowEvents.dispatchEvent(Object.assign(new Event('hashchange'), { oldURL: oldUrl.href, newURL: url.href }));
    }
  }
  for (const query of mediaQueries) query.update();
  if (before.viewport.width !== next.viewport.width || before.viewport.height !== next.viewport.height) {
    windowEvents.dispatchEvent(new Event('resize'));
  }
  if (before.visible !== next.visible) windowEvents.dispatchEvent(new Event('visibilitychange'));
  if (before.locale !== next.locale) windowEvents.dispatchEvent(new Event('languagechange'));
}

/** Without the page's origin, if it is the page's. */
export function withoutPageOrigin(target: string | URL): string {
  const resolved = new URL(String(target), url.href);
  return resolved.origin === pageOrigin ? resolved.href.slice(pageOrigin.length) : resolved.href;
}

export const location = {
  get href(): string {
    return url.href;
  },
  set href(target: string) {
    location.assign(target);
  },
  get origin(): string {
    return url.origin;
  },
  get protocol(): string {
    return url.protocol;
  },
  get host(): string {
    return url.host;
  },
  get hostname(): string {
    return url.hostname;
  },
  get port(): string {
    return url.port;
  },
  get pathname(): string {
    return url.pathname;
  },
  get search(): string {
    return url.search;
  },
  get hash(): string {
    return url.hash;
  },
  /** Another fragment is another URL of the same page. */
  set hash(hash: string) {
    const target = new URL(url.href);
    target.hash = hash;
    if (target.href !== url.href) history.pushState(null, '', target.href);
  },
  assign(target: string | URL): void {
    request({ kind: 'navigate', url: withoutPageOrigin(target) });
  },
  replace(target: string | URL): void {
    location.assign(target);
  },
  reload(): void {
    location.assign(url.href);
  },
  toString(): string {
    return url.href;
  },
};

export const history = {
  get state(): unknown {
    return historyState;
  },
  get length(): number {
    return historyLength;
  },
  pushState(state: unknown, _title: string, target?: string | URL | null): void {
    historyLength++;
    move('pushUrl', state, target);
  },
  replaceState(state: unknown, _title: string, target?: string | URL | null): void {
    move('replaceUrl', state, target);
  },
  back: () => history.go(),
  forward: () => history.go(),
  go(): void {
    throw new Error('history.back, forward and go are not possible from a module: the browser\'s history is the page\'s');
  },
};

export const navigator = {
  get language(): string {
    return environment.locale;
  },
  get languages(): string[] {
    return [environment.locale];
  },
  onLine: true,
  userAgent: 'PlayConnect',
  // The person's machine is not told.
  platform: '',
  vendor: '',
  maxTouchPoints: 0,
  hardwareConcurrency: 1,
};

/** Media queries of Media Queries 4 on width, height, orientation, prefers-color-scheme and prefers-reduced-motion. */
export class MediaQueryList extends EventTarget {
  readonly media: string;
  matches: boolean;
  onchange: ((event: Event) => void) | null = null;

  constructor(media: string) {
    super();
    this.media = media;
    this.matches = matchesMedia(media);
  }

  /** Old names, still called by some libraries. */
  addListener(callback: ((event: Event) => void) | null): void {
    this.addEventListener('change', callback);
  }
  removeListener(callback: ((event: Event) => void) | null): void {
    this.removeEventListener('change', callback);
  }

  /** @internal */
  update(): void {
    const matches = matchesMedia(this.media);
    if (matches === this.matches) return;
    this.matches = matches;
    this.dispatchEvent(Object.assign(new Event('change'), { matches, media: this.media }));
  }
}

/** The same list for the same query: lists are kept, so that their listeners hear of changes. */
export function matchMedia(query: string): MediaQueryList {
  const media = String(query).trim();
  let list = mediaQueries.find((known) => known.media === media);
  if (list === undefined) {
    list = new MediaQueryList(media);
    mediaQueries.push(list);
  }
  return list;
}

function move(kind: 'pushUrl' | 'replaceUrl', state: unknown, target: string | URL | null | undefined): void {
  historyState = state;
  if (target === undefined || target === null) return;
  const next = new URL(String(target), url.href);
  if (next.origin !== pageOrigin) throw new Error(`history: ${next.href} is not a URL of this page`);
  url = next;
  request({ kind, url: withoutPageOrigin(next.href) });
}

function matchesMedia(media: string): boolean {
  return media
    .toLowerCase()
    .split(',')
    .some((query) => {
      const [, negation, conditions] = /^\s*(not\s+|only\s+)?(.*?)\s*$/.exec(query)!;
      const matches = conditions!.split(/\s+and\s+/).every(matchesCondition);
      return negation?.trim() === 'not' ? !matches : matches;
    });
}

/** Unknown features do not match. */
function matchesCondition(condition: string): boolean {
  if (condition === '' || condition === 'all' || condition === 'screen') return true;
  const { width, height } = environment.viewport;
  const [, feature, value] = /^\(\s*([a-z-]+)\s*(?::\s*([^)]+?)\s*)?\)$/.exec(condition) ?? [];
  switch (feature) {
    case 'prefers-color-scheme':
      return value === environment.colorScheme;
    case 'prefers-reduced-motion':
      return environment.reducedMotion ? value === 'reduce' || value === undefined : value === 'no-preference';
    case 'orientation':
      return value === (width > height ? 'landscape' : 'portrait');
    case 'width':
      return width === pixels(value);
    case 'min-width':
      return width >= pixels(value);
    case 'max-width':
      return width <= pixels(value);
    case 'min-height':
      return height >= pixels(value);
    case 'max-height':
      return height <= pixels(value);
  }
  const [, name, comparison, length] = /^\(\s*(width|height)\s*([<>]=?)\s*(\S+)\s*\)$/.exec(condition) ?? [];
  if (name === undefined) return false;
  const actual = name === 'width' ? width : height;
  const bound = pixels(length);
  return comparison === '<' ? actual < bound : comparison === '<=' ? actual <= bound : comparison === '>' ? actual > bound : actual >= bound;
}

/** NaN for what is no length, which compares as false. */
function pixels(length: string | undefined): number {
  const [, number, unit] = /^(\d*\.?\d+)(px|em|rem)?$/.exec(length ?? '') ?? [];
  return number === undefined ? NaN : Number(number) * (unit === 'em' || unit === 'rem' ? 16 : 1);
}
