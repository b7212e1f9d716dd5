/**
 * Listeners of Vue's templates: on the module's tree, with what the browser
 * must know beforehand (`preventDefault`, `stopPropagation`) taken from the
 * modifiers and from the prop `listen`.
 */

import { explainPreventDefault, type ListenOptions, type ModuleEvent } from '@playconnect/module';
import { callWithAsyncErrorHandling, type ComponentInternalInstance } from '@vue/runtime-core';
import { withKeys as withKeysOfDom, withModifiers as withModifiersOfDom } from '@vue/runtime-dom';
import { capitalize, hyphenate, isArray, isFunction } from '@vue/shared';
import type { HostElement } from './element';

type Handler = (event: ModuleEvent) => unknown;
type HandlerValue = Handler | (Handler | null | undefined)[];

/** What is registered on the node; the handler behind it may change with each render. */
export interface Invoker {
  (event: ModuleEvent): void;
  value: HandlerValue;
  type: string;
  options: ListenOptions;
}

/** On handlers with modifiers: what they declare. */
const declared = Symbol('declared');
interface Declaring {
  [declared]?: Declaration;
}

interface Declaration {
  /** With `keys` not empty, narrowed to them. */
  preventDefault: boolean;
  /** Words of the filter. */
  keys: string[];
  stopPropagation: boolean;
  /** `+Control-Alt`: what must and must not be held for `preventDefault`. */
  held: string;
}

explainPreventDefault(
  (type) =>
    `the modifier .prevent (@${type}.prevent, also with keys: @keydown.enter.prevent), or :listen="{ ${type}: { preventDefault: true } }" on the element, ` +
    `also for some keys only ({ preventDefault: 'Enter-Shift' })`,
);

/** `value` null: the listener goes. */
export function patchEvent(element: HostElement, name: string, value: unknown, instance: ComponentInternalInstance | null): void {
  const invoker = element.invokers?.get(name);
  if (!isHandler(value)) {
    if (value !== null && value !== undefined) {
      console.warn(`${name} on <${element.localName}> takes a function, or an array of functions, not ${typeof value}: is an @ or a : missing before its name?`);
    }
    if (invoker === undefined) return;
    element.removeEventListener(invoker.type, invoker, invoker.options);
    element.invokers!.delete(name);
    return;
  }
  if (invoker === undefined) {
    const made = createInvoker(element, name, value, instance);
    (element.invokers ??= new Map()).set(name, made);
    element.addEventListener(made.type, made, made.options);
    return;
  }
  invoker.value = value;
  renew(element, name, invoker);
}

/** The prop `listen` has changed. */
export function patchListen(element: HostElement, value: unknown): void {
  if (value !== null && value !== undefined && typeof value !== 'object') {
    throw new Error(`<${element.localName}>: \`listen\` is an object by event type, as in :listen="{ keydown: { preventDefault: 'Enter-Shift' } }"`);
  }
  element.listenOptions = (value ?? null) as HostElement['listenOptions'];
  if (element.invokers !== null) for (const [name, invoker] of element.invokers) renew(element, name, invoker);
}

/** Vue's `.stop`, `.prevent`, `.self`, `.ctrl` … */
export const withModifiers = ((handler: Handler, modifiers: string[]) => {
  const wrapped = withModifiersOfDom(handler as never, modifiers as never) as unknown as Handler & Declaring;
  if (isFunction(wrapped)) wrapped[declared] ??= declarationOf(modifiers);
  return wrapped;
}) as unknown as typeof withModifiersOfDom;

/** Vue's `.enter`, `.esc`, `.page-down` … */
export const withKeys = ((handler: Handler & Declaring, keys: string[]) => {
  const wrapped = withKeysOfDom(handler as never, keys) as unknown as Handler & Declaring;
  const inner = handler[declared];
  if (inner !== undefined) {
    wrapped[declared] ??= {
      preventDefault: inner.preventDefault,
      keys: keys.flatMap(filterKeys).map((key) => key + inner.held),
      // The page is not told for which keys the event ends here.
      stopPropagation: false,
      held: '',
    };
  }
  return wrapped;
}) as unknown as typeof withKeysOfDom;

function isHandler(value: unknown): value is HandlerValue {
  return isFunction(value) || isArray(value);
}

function createInvoker(element: HostElement, name: string, value: HandlerValue, instance: ComponentInternalInstance | null): Invoker {
  const [type, options] = parseName(name);
  const invoker = ((event: ModuleEvent) => {
    const { value } = invoker;
    for (const handler of isArray(value) ? [...value] : [value]) {
      if (event.immediatePropagationStopped) return;
      if (handler) callWithAsyncErrorHandling(handler, instance, nativeEventHandler, [event]);
    }
  }) as Invoker;
  invoker.value = value;
  invoker.type = type;
  invoker.options = declaredOptions(element, type, value, options);
  return invoker;
}

/** Vue's ErrorCodes.NATIVE_EVENT_HANDLER. */
const nativeEventHandler = 5;

/** Listens anew where what is to be declared has changed. */
function renew(element: HostElement, name: string, invoker: Invoker): void {
  const options = declaredOptions(element, invoker.type, invoker.value, parseName(name)[1]);
  if (options.preventDefault === invoker.options.preventDefault && options.stopPropagation === invoker.options.stopPropagation && options.through === invoker.options.through && options.passive === invoker.options.passive) {
    return;
  }
  element.removeEventListener(invoker.type, invoker, invoker.options);
  invoker.options = options;
  element.addEventListener(invoker.type, invoker, options);
}

function declaredOptions(element: HostElement, type: string, value: HandlerValue, own: ListenOptions): ListenOptions {
  const options: ListenOptions = { ...own };
  let always = false;
  const keys: string[] = [];
  for (const handler of (isArray(value) ? value : [value]) as (Declaring | null)[]) {
    const declaration = handler?.[declared];
    if (declaration === undefined) continue;
    if (declaration.stopPropagation) options.stopPropagation = true;
    if (!declaration.preventDefault) continue;
    if (declaration.keys.length > 0) keys.push(...declaration.keys);
    else if (declaration.held === '') always = true;
  }
  if (always) options.preventDefault = true;
  else if (keys.length > 0) options.preventDefault = keys.join(' ');
  // A form with a handler is not sent by the browser: the page would be gone.
  else if (type === 'submit') options.preventDefault = true;
  return { ...options, ...element.listenOptions?.[type] };
}

const optionSuffix = /(Once|Passive|Capture)$/;
const optionAlone = /^on:?(?:Once|Passive|Capture)$/;
const parsedNames = new Map<string, [type: string, options: ListenOptions]>();

/** `onClickOnceCapture` → click, once and capturing. */
function parseName(name: string): [type: string, options: ListenOptions] {
  let parsed = parsedNames.get(name);
  if (parsed === undefined) {
    const options: ListenOptions = {};
    let rest = name;
    for (let found = optionSuffix.exec(rest); found !== null && !optionAlone.test(rest); found = optionSuffix.exec(rest)) {
      rest = rest.slice(0, -found[0].length);
      options[found[0].toLowerCase() as 'once' | 'passive' | 'capture'] = true;
    }
    parsed = [rest[2] === ':' ? rest.slice(3) : hyphenate(rest.slice(2)), options];
    parsedNames.set(name, parsed);
  }
  return parsed;
}

const heldNames: Readonly<Record<string, string>> = { ctrl: 'Control', alt: 'Alt', shift: 'Shift', meta: 'Meta' };

/** Modifiers act from left to right: what stands before `.prevent` narrows it. */
function declarationOf(modifiers: readonly string[]): Declaration {
  const declaration: Declaration = { preventDefault: false, keys: [], stopPropagation: false, held: '' };
  let held = '';
  let narrowed = false;
  for (const modifier of modifiers) {
    if (modifier in heldNames) held += `+${heldNames[modifier]}`;
    else if (modifier === 'exact') {
      for (const other in heldNames) if (!modifiers.includes(other)) held += `-${heldNames[other]}`;
    } else if (modifier === 'self' || modifier === 'left' || modifier === 'middle' || modifier === 'right') narrowed = true;
    else if (modifier === 'prevent' && !narrowed) {
      declaration.preventDefault = true;
      declaration.held = held;
    } else if (modifier === 'stop' && !narrowed && held === '') declaration.stopPropagation = true;
  }
  return declaration;
}

const keyNames: Readonly<Record<string, string[]>> = {
  esc: ['Escape'],
  space: ['Space'],
  up: ['ArrowUp'],
  left: ['ArrowLeft'],
  right: ['ArrowRight'],
  down: ['ArrowDown'],
  delete: ['Backspace', 'Delete'],
};

/** Vue's name of a key, in kebab case, to the names of `KeyboardEvent.key`. */
function filterKeys(key: string): string[] {
  if (Object.hasOwn(keyNames, key)) return keyNames[key]!;
  // Vue does not tell `s` from `S`.
  if (key.length === 1) return [...new Set([key.toLowerCase(), key.toUpperCase()])];
  return [key.split('-').map(capitalize).join('')];
}
