/** Events along React's tree, as React DOM dispatches them: capturing, then bubbling, also through portals. */

import { explainPreventDefault, FormData, onEvent, type ModuleEvent, type TreeNode } from '@playconnect/module';
import type { Fiber } from 'react-reconciler';
import { HostElement } from './element';
import { changeType, restoreAfterEvent } from './form';
import { reconciler } from './host';
import { handlerNames } from './listen';

/** What a handler gets: the module's event with the methods of React's synthetic events. */
export type ReactEvent = Omit<ModuleEvent, 'type'> & {
  type: string;
  nativeEvent: ModuleEvent;
  isDefaultPrevented(): boolean;
  isPropagationStopped(): boolean;
  persist(): void;
};

/** React's work tag of elements. */
const hostComponent = 5;

/** React's names of events that the page calls otherwise. */
const reactTypes: Record<string, string> = { focusin: 'focus', focusout: 'blur' };

explainPreventDefault((type) => {
  const name = `on${type[0]!.toUpperCase()}${type.slice(1)}`;
  return `listen={{ ${name}: { preventDefault: true } }} on the element, or only for some keys ({ preventDefault: 'Enter-Shift' })`;
});

/** An event on its way through React's tree. */
interface Dispatch {
  target: HostElement;
  path: HostElement[];
  names: string[];
  event: ReactEvent;
}

/** Between the two phases. */
const dispatches = new WeakMap<ModuleEvent, Dispatch>();

// As in a browser, where React listens at its root: listeners of `document` that capture come before its handlers, and
// those that do not behind them.
onEvent(
  (event) => {
    const dispatch = dispatches.get(event);
    if (dispatch === undefined) return;
    const { target, path, names, event: reactEvent } = dispatch;
    const end = event.bubbles ? path.length : 1;
    for (let at = 0; at < end; at++) callHandlers(reactEvent, path[at]!, names, '');
    if (event.type === 'submit' && !reactEvent.defaultPrevented) runAction(target);
    restore(target, event);
  },
  (event) => {
    const target = closestElement(event.target);
    if (target === null) return;
    const path = elementPath(target);
    const names = handlerNames(target, event.type);
    const reactEvent = wrap(event);
    dispatches.set(event, { target, path, names, event: reactEvent });
    for (let at = path.length - 1; at >= 0; at--) callHandlers(reactEvent, path[at]!, names, 'Capture');
    if (event.propagationStopped) restore(target, event);
  },
);

function restore(target: HostElement, event: ModuleEvent): void {
  if (changeType(target) !== event.type) return;
  // What the handlers set is rendered first: only then it is known whether the state followed.
  reconciler.flushSyncWork();
  restoreAfterEvent(target);
}

function callHandlers(event: ReactEvent, element: HostElement, names: string[], phase: '' | 'Capture'): void {
  for (const name of names) {
    if (event.propagationStopped) return;
    const handler = element.props[name + phase];
    if (typeof handler !== 'function' || isDisabled(element, name)) continue;
    if (event.isNested && !element.listened?.get(event.nativeEvent.type)?.through) continue;
    event.currentTarget = element;
    event.type = name === 'onChange' ? 'change' : (reactTypes[event.nativeEvent.type] ?? event.nativeEvent.type);
    try {
      (handler as (event: ReactEvent) => void)(event);
    } catch (error) {
      reportError(error);
    }
  }
}

/** A form whose `action` is a function: a transition with the form's entries. */
function runAction(form: HostElement): void {
  const { action } = form.props;
  if (typeof action !== 'function' || form.fiber === null) return;
  const data = new FormData(form);
  const pending = { pending: true, data, method: 'get', action };
  reconciler.startHostTransition(form.fiber, pending, action as (data: FormData) => void, data);
}

/** As in the DOM, where disabled controls get no mouse events. */
function isDisabled(element: HostElement, name: string): boolean {
  if (element.props['disabled'] !== true || !/^on(Click|DoubleClick|Mouse(Down|Move|Up|Enter))$/.test(name)) return false;
  return ['button', 'input', 'select', 'textarea'].includes(element.localName);
}

/** Elements from `target` up, by fibers: a portal's parent is the component that made it. */
function elementPath(target: HostElement): HostElement[] {
  const path: HostElement[] = [];
  for (let fiber = target.fiber; fiber !== null; fiber = fiber.return) {
    if (fiber.tag === hostComponent) path.push(fiber.stateNode as HostElement);
  }
  return path;
}

function closestElement(node: TreeNode): HostElement | null {
  for (let at: TreeNode | null = node; at !== null; at = at.parentNode) if (at instanceof HostElement && at.fiber !== null) return at;
  return null;
}

/** The module's event with React's additions. Its type may be another one for each handler. */
function wrap(event: ModuleEvent): ReactEvent {
  return Object.create(event, {
    type: { value: event.type, writable: true },
    nativeEvent: { value: event },
    isDefaultPrevented: { value: () => event.defaultPrevented },
    isPropagationStopped: { value: () => event.propagationStopped },
    persist: { value() {} },
    // Both sides must see these.
    preventDefault: { value: () => event.preventDefault() },
    stopPropagation: { value: () => event.stopPropagation() },
    stopImmediatePropagation: { value: () => event.stopImmediatePropagation() },
    currentTarget: { value: null, writable: true },
  }) as ReactEvent;
}
