/** What elements have beside what renderers need: for code that was written for a DOM. */

import { createAnyElement, namespaces } from './create';
import { contentSize, rectangle, sizeOf, warnLayout, type Side } from './layout';
import { document } from './page';
import { Event } from '../platform/event-target';
import { ElementNode, focusedElement, isToggle, ParentNode, slot, SlotNode, TreeNode, type TreeNode as Node } from '../tree';

getters(TreeNode.prototype, {
  ownerDocument: () => document,
  baseURI: () => document.baseURI,
});

getters(SlotNode.prototype, {
  activeElement: () => focusedElement(),
});
methods(SlotNode.prototype, {
  getElementById: (id: string) => document.getElementById(id),
});

methods(ParentNode.prototype, {
  replaceChild(this: ParentNode, child: Node, old: Node): Node {
    this.insertBefore(child, old);
    return this.removeChild(old);
  },
  normalize() {},
});

const focusable = new Set(['a', 'area', 'audio', 'button', 'details', 'iframe', 'input', 'object', 'select', 'summary', 'textarea', 'video']);

Object.defineProperty(ElementNode.prototype, 'tabIndex', {
  configurable: true,
  get(this: ElementNode): number {
    const given = parseInt(this.getAttribute('tabindex') ?? '', 10);
    if (!Number.isNaN(given)) return given;
    const isLink = this.localName === 'a' || this.localName === 'area';
    return focusable.has(this.localName) && (!isLink || this.hasAttribute('href')) ? 0 : -1;
  },
  set(this: ElementNode, value: unknown) {
    this.setAttribute('tabindex', String(value));
  },
});

/** What a control begins with. */
for (const [property, attribute] of [
  ['defaultChecked', 'checked'],
  ['defaultSelected', 'selected'],
] as const) {
  Object.defineProperty(ElementNode.prototype, property, {
    configurable: true,
    get(this: ElementNode): boolean {
      return this.hasAttribute(attribute);
    },
    set(this: ElementNode, value: unknown) {
      this.setAttribute(attribute, value ? '' : null);
    },
  });
}

getters(ElementNode.prototype, {
  namespaceURI: (element) => namespaces[element.namespace]!,
  /** Where it would stand is not known: as of what is fixed. */
  offsetParent: () => null,
  isContentEditable: (element) => element.closest('[contenteditable]') !== null && element.closest('[contenteditable=false]') === null,
  shadowRoot: () => null,
  assignedSlot: () => null,
  /** Of a control. */
  labels(element) {
    const own = element.closest('label');
    return [...(own === null ? [] : [own]), ...(element.id === '' ? [] : slot.querySelectorAll('label').filter((label) => label.getAttribute('for') === element.id))];
  },
});
for (const [prefix, places] of [
  ['client', ['Left', 'Top']],
  ['offset', ['Left', 'Top']],
] as const) {
  for (const place of places) {
    getters(ElementNode.prototype, {
      [prefix + place]() {
        warnLayout(prefix + place);
        return 0;
      },
    });
  }
}
for (const side of ['Width', 'Height']) {
  for (const prefix of ['client', 'offset']) getters(ElementNode.prototype, { [prefix + side]: (element) => sizeOf(element, side.toLowerCase() as Side, prefix + side) });
  getters(ElementNode.prototype, { [`scroll${side}`]: (element) => contentSize(element, side.toLowerCase() as Side, `scroll${side}`) });
}

methods(ElementNode.prototype, {
  getBoundingClientRect(this: ElementNode) {
    return rectangle(sizeOf(this, 'width', 'getBoundingClientRect()'), sizeOf(this, 'height', 'getBoundingClientRect()'));
  },
  getClientRects(this: ElementNode) {
    return [(this as unknown as { getBoundingClientRect(): unknown }).getBoundingClientRect()];
  },
  /** As far as it stands in the element: `pathLength` says what the page takes the length for. */
  getTotalLength(this: ElementNode) {
    const given = Number(this.getAttribute('pathLength') ?? NaN);
    if (given > 0) return given;
    throw new Error(`<${this.localName}>.getTotalLength(): a module does not know the length of a path. Give it one: <${this.localName} pathLength="1">; transition:draw works with it`);
  },
  checkVisibility(this: ElementNode) {
    return this.isConnected;
  },
  /** Calls the handlers of `click`. What a browser does by itself at a click (links, check boxes, file dialogs) does not happen. */
  click(this: ElementNode) {
    this.dispatchEvent(new Event('click', { bubbles: true, cancelable: true, composed: true }));
  },
  toggleAttribute(this: ElementNode, name: string, force = !this.hasAttribute(name)) {
    this.setAttribute(name, force ? '' : null);
    return force;
  },
  getElementsByTagName(this: ElementNode, name: string) {
    return this.querySelectorAll(name);
  },
  getElementsByClassName(this: ElementNode, names: string) {
    return this.querySelectorAll(names.trim().split(/\s+/).map((name) => `.${name}`).join(''));
  },
  /** Of a form: what its controls hold is what they began with, unless a listener of `reset` prevents it. */
  reset(this: ElementNode) {
    if (!this.dispatchEvent(new Event('reset', { bubbles: true, cancelable: true }))) return;
    for (const control of this.querySelectorAll('input, textarea, select')) {
      if (control.localName === 'select') {
        for (const option of control.options) if (option.selected !== option.hasAttribute('selected')) option.selected = option.hasAttribute('selected');
      } else if (isToggle(control)) {
        if (control.checked !== control.hasAttribute('checked')) control.checked = control.hasAttribute('checked');
      } else if (control.value !== control.defaultValue) control.value = control.defaultValue;
    }
  },
  insertAdjacentElement(this: ElementNode, where: string, element: ElementNode) {
    switch (where.toLowerCase()) {
      case 'beforebegin':
        this.before(element);
        break;
      case 'afterbegin':
        this.prepend(element);
        break;
      case 'beforeend':
        this.append(element);
        break;
      case 'afterend':
        this.after(element);
    }
    return element;
  },
  // The browser keeps sending a captured pointer's events to whoever listens; nothing is lost without.
  setPointerCapture() {},
  releasePointerCapture() {},
  hasPointerCapture: () => false,
  scrollTo: scroll,
  scroll,
  scrollBy(this: ElementNode, left: number | { left?: number; top?: number }, top = 0) {
    const by = typeof left === 'object' ? left : { left, top };
    if (by.left) this.scrollLeft += by.left;
    if (by.top) this.scrollTop += by.top;
  },
});

function scroll(this: ElementNode, left: number | { left?: number; top?: number }, top?: number): void {
  const to = typeof left === 'object' ? left : { left, top };
  if (to.left !== undefined) this.scrollLeft = to.left;
  if (to.top !== undefined) this.scrollTop = to.top;
}

/** What would do nothing at all is an error. */
const impossible = {
  attachShadow: 'a slot is a shadow root already',
  checkValidity: 'validity is the browser\'s: let the form validate by its attributes (required, pattern …), or check values in the module',
  getContext: 'there is no canvas in a module: draw with SVG',
  insertAdjacentHTML: 'a module hands the page no HTML text, only elements: build them with your framework',
  pause: 'media are played by the person, with `controls`, or by `autoplay`',
  play: 'media are played by the person, with `controls`, or by `autoplay`',
  reportValidity: 'validity is the browser\'s: let the form validate by its attributes (required, pattern …), or check values in the module',
  requestFullscreen: 'the page\'s screen is not a module\'s',
  requestSubmit: 'forms are submitted by the person: call your handler yourself',
  setCustomValidity: 'validity is the browser\'s: show your own message beside the control',
  submit: 'forms are submitted by the person: call your handler yourself',
};
for (const [name, advice] of Object.entries(impossible)) {
  methods(ElementNode.prototype, {
    [name](this: ElementNode) {
      throw new Error(`<${this.localName}>.${name}() is not possible in a module: ${advice}`);
    },
  });
}
Object.defineProperty(ElementNode.prototype, 'innerText', Object.getOwnPropertyDescriptor(ParentNode.prototype, 'textContent')!);
for (const name of ['innerHTML', 'outerHTML']) {
  Object.defineProperty(ElementNode.prototype, name, {
    configurable: true,
    get: () => '',
    set(this: ElementNode, html: unknown) {
      if (html !== '') throw new Error(`<${this.localName}>: ${name} is not possible: a module hands the page no HTML text, only elements. Build them with your framework.`);
      if (name === 'innerHTML') this.clear();
    },
  });
}

function getters<T extends object>(prototype: T, properties: Record<string, (node: T) => unknown>): void {
  for (const [name, get] of Object.entries(properties)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: T) {
        return get(this);
      },
    });
  }
}

function methods(prototype: object, properties: Record<string, (...args: never[]) => unknown>): void {
  for (const [name, value] of Object.entries(properties)) Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
}

export { createAnyElement };
