/** Which events an element needs, from its props. */

import type { ListenOptions, ParentNode } from '@playconnect/module';
import { HostElement, type Props } from './element';
import { changeType, isControlled } from './form';

/** Props whose event is not called like them. */
const types: Record<string, string> = { onDoubleClick: 'dblclick', onFocus: 'focusin', onBlur: 'focusout' };

const continuous = new Set(
  (
    'drag dragenter dragexit dragleave dragover mouseenter mouseleave mousemove mouseout mouseover pointerenter pointerleave pointermove ' +
    'pointerout pointerover scroll touchmove wheel'
  ).split(' '),
);

/** Props by event type: those that some element has or had. `onChange` is not among them. */
const propsByType = new Map<string, string[]>();
const portals = new Set<ParentNode>();

export function isContinuous(type: string): boolean {
  return continuous.has(type);
}

/** `onClick`, `onClickCapture`, … */
export function isHandlerName(name: string): boolean {
  return name.length > 2 && name.startsWith('on') && name[2] === name[2]!.toUpperCase();
}

/** Names of the props, without `Capture`, that an event of this type at this target calls. */
export function handlerNames(target: HostElement, type: string): string[] {
  const names = propsByType.get(type) ?? [];
  return changeType(target) === type ? [...names, 'onChange'] : names;
}

/** Listens and stops listening so that it is as `props` need it. */
export function updateListeners(element: HostElement, props: Props): void {
  const wanted = wantedTypes(element, props);
  if (element.listened !== null) {
    for (const type of element.listened.keys()) if (!wanted?.has(type)) element.unlisten(type);
  }
  if (wanted !== null) for (const [type, options] of wanted) element.listen(type, options);
  element.listened = wanted;
}

/**
 * The browser sends an event if a node on its path listens. A portal's path is
 * not that of its events in React, so its container listens to all there is.
 */
export function watchPortal(container: ParentNode): void {
  for (const known of portals) if (!known.isConnected) portals.delete(known);
  portals.add(container);
  for (const type of propsByType.keys()) listenOnPortal(container, type);
  for (const type of ['input', 'change']) listenOnPortal(container, type);
}

function wantedTypes(element: HostElement, props: Props): Map<string, ListenOptions> | null {
  let wanted: Map<string, ListenOptions> | null = null;
  const want = (type: string, options: ListenOptions): void => {
    wanted ??= new Map();
    wanted.set(type, { ...wanted.get(type), ...options });
  };
  for (const name in props) {
    if (!isHandlerName(name) || typeof props[name] !== 'function') continue;
    const base = baseName(name);
    const options = props.listen?.[base] ?? props.listen?.[name] ?? {};
    if (base === 'onChange') {
      // Above the controls, which have it as one or the other.
      for (const type of [changeType(element) ?? ['input', 'change']].flat()) want(type, options);
    } else want(eventType(base), base === 'onSubmit' && options.preventDefault === undefined ? { ...options, preventDefault: true } : options);
  }
  if (typeof props['action'] === 'function') want('submit', { preventDefault: props.listen?.['onSubmit']?.preventDefault ?? true });
  // A controlled element is put right after each event that changes it.
  if (isControlled(element, props)) want(changeType(element)!, {});
  return wanted;
}

/** Without `Capture` behind; `onGotPointerCapture` and `onLostPointerCapture` end so by themselves. */
function baseName(name: string): string {
  const base = name.endsWith('Capture') ? name.slice(0, -7) : name;
  return base === 'onGotPointer' || base === 'onLostPointer' ? name : base;
}

function eventType(name: string): string {
  const type = types[name] ?? name.slice(2).toLowerCase();
  const names = propsByType.get(type);
  if (names === undefined) {
    propsByType.set(type, [name]);
    for (const container of portals) listenOnPortal(container, type);
  } else if (!names.includes(name)) names.push(name);
  return type;
}

function listenOnPortal(container: ParentNode, type: string): void {
  // One of React's own elements keeps the options that it has.
  if (container instanceof HostElement && container.listened?.has(type)) return;
  container.listen(type);
}
