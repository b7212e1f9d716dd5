/** The classes of UI events: what the page sends is an instance of them, and an app can make its own. */

import { ModuleEvent } from '../event';
import { Event } from '../platform/event-target';

const families: Record<string, RegExp> = {
  UIEvent: /./,
  MouseEvent: /^(click|dblclick|auxclick|contextmenu|mouse|drag|drop$|pointer|wheel$)/,
  DragEvent: /^(drag|drop$)/,
  PointerEvent: /^(pointer|gotpointer|lostpointer|click$|auxclick$|contextmenu$)/,
  WheelEvent: /^wheel$/,
  TouchEvent: /^touch/,
  KeyboardEvent: /^key/,
  FocusEvent: /^(focus|blur)/,
  InputEvent: /^(before)?input$/,
  CompositionEvent: /^composition/,
  ClipboardEvent: /^(copy|cut|paste)$/,
  SubmitEvent: /^submit$/,
  AnimationEvent: /^animation/,
  TransitionEvent: /^transition/,
};

const defaults = {
  detail: 0, view: null, relatedTarget: null, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, button: 0, buttons: 0, clientX: 0,
  clientY: 0, pageX: 0, pageY: 0, offsetX: 0, offsetY: 0, pointerId: 0, pointerType: '', isPrimary: false, key: '', code: '', keyCode: 0, which: 0,
  repeat: false, isComposing: false, inputType: '', data: null, deltaX: 0, deltaY: 0, deltaMode: 0,
};

export type UiEventClass = new (type: string, init?: Record<string, unknown>) => Event;

/** By name. */
export const uiEvents: Record<string, UiEventClass> = Object.fromEntries(
  Object.entries(families).map(([name, types]) => {
    class UiEvent extends Event {
      constructor(type: string, init: Record<string, unknown> = {}) {
        super(type, init);
        const { bubbles: _, cancelable: __, composed: ___, ...fields } = init;
        Object.assign(this, defaults, fields);
      }

      getModifierState(key: string): boolean {
        return (this as unknown as Record<string, unknown>)[{ Alt: 'altKey', Control: 'ctrlKey', Meta: 'metaKey', Shift: 'shiftKey' }[key] ?? ''] === true;
      }

      static override [Symbol.hasInstance](value: unknown): boolean {
        if (value instanceof ModuleEvent) return types.test(value.type);
        return Function.prototype[Symbol.hasInstance].call(this, value);
      }
    }
    Object.defineProperty(UiEvent, 'name', { value: name });
    return [name, UiEvent];
  }),
);
