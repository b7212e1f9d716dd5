/**
 * Installs the platform's globals. To be evaluated before anything that takes
 * hold of a global, so bundles are built with this file in front
 * (`@playconnect/module/bundle` does).
 *
 * They are ours in a browser's Worker too: what a module computes depends on
 * its turns alone, not on where it runs. Only `Intl` is the engine's own where
 * it has one.
 */

import './platform/base64';
import { URL, URLSearchParams } from 'whatwg-url-minimum';
import { installDate } from './platform/clock';
import { console, reportError } from './platform/console';
import { TextDecoder, TextEncoder } from './platform/encoding';
import { environment, history, location, matchMedia, MediaQueryList, navigator, windowEvents } from './platform/environment';
import {
  AbortController,
  AbortSignal,
  CustomEvent,
  DOMException,
  Event,
  EventTarget,
  MessageChannel,
  MessageEvent,
  MessagePort,
  scheduler,
} from './platform/event-target';
import { fetch, Headers, Request, Response } from './platform/fetch';
import { FormData } from './platform/form-data';
import { installIntl } from './platform/intl';
import { performance } from './platform/performance';
import { crypto, random } from './platform/random';
import { structuredClone } from './platform/structured-clone';
import {
  cancelAnimationFrame,
  cancelIdleCallback,
  clearImmediate,
  clearTimeout,
  requestAnimationFrame,
  requestIdleCallback,
  setImmediate,
  setInterval,
  setTimeout,
} from './platform/tasks';

const globals: Record<string, unknown> = {
  AbortController,
  AbortSignal,
  CustomEvent,
  DOMException,
  Event,
  EventTarget,
  FormData,
  Headers,
  MediaQueryList,
  MessageChannel,
  MessageEvent,
  MessagePort,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  cancelAnimationFrame,
  cancelIdleCallback,
  clearImmediate,
  clearInterval: clearTimeout,
  clearTimeout,
  console,
  crypto,
  devicePixelRatio: 1,
  fetch,
  history,
  location,
  matchMedia,
  navigator,
  performance,
  reportError,
  requestAnimationFrame,
  requestIdleCallback,
  scheduler,
  self: globalThis,
  setImmediate,
  setInterval,
  setTimeout,
  structuredClone,
  window: globalThis,
  addEventListener: windowEvents.addEventListener.bind(windowEvents),
  removeEventListener: windowEvents.removeEventListener.bind(windowEvents),
  dispatchEvent: windowEvents.dispatchEvent.bind(windowEvents),
};

for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
Object.defineProperty(globalThis, 'innerWidth', { get: () => environment.viewport.width, configurable: true });
Object.defineProperty(globalThis, 'innerHeight', { get: () => environment.viewport.height, configurable: true });
Object.defineProperty(Math, 'random', { value: random, configurable: true, writable: true });
installDate();
installIntl();

