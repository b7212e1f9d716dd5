/**
 * Elements as Svelte's runtime and the code beside components know them: the
 * module's elements with the names of the DOM.
 */

import { ElementNode, isPageEvent, type Listener, type ListenOptions, type TreeNode } from '@playconnect/module';
import { ModuleAnimation, type AnimationOptions, type Keyframe } from './animation';

const attributeNamespaces: Record<string, number> = {
  'http://www.w3.org/1999/xlink': 3,
  'http://www.w3.org/XML/1998/namespace': 4,
  'http://www.w3.org/2000/xmlns/': 5,
};

/** Attributes that say how to listen. They are never written to the page. */
const listenAttributes: Record<string, (keys: string | true) => ListenOptions> = {
  'pc-prevent-default': (keys) => ({ preventDefault: keys }),
  'pc-stop-propagation': () => ({ stopPropagation: true }),
  'pc-passive': () => ({ passive: true }),
  'pc-through': () => ({ through: true }),
};

/** Svelte listens to these without holding up scrolling. */
const passive = new Set(['touchstart', 'touchmove']);

export class DomElement extends ElementNode {
  /** `pc-…` attributes as written. */
  #listenAttributes: Map<string, string> | null = null;
  /** What they ask for, by event type. */
  #declared: Map<string, ListenOptions> | null = null;
  /** Event types that Svelte calls handlers of, from one listener around everything. */
  #delegated: Set<string> | null = null;

  /** The DOM's `setAttribute`: any value is made text, `xlink:` and `xml:` are their namespaces. */
  override setAttribute(name: string, value: unknown, namespace = 0): void {
    if (name in listenAttributes) return this.#setListenAttribute(name, value === null ? null : String(value));
    const [local, space] = namespace === 0 ? splitName(this.namespace === 0 ? name.toLowerCase() : name) : [name, namespace];
    super.setAttribute(local, value === null ? null : String(value), space);
  }

  override getAttribute(name: string, namespace = 0): string | null {
    const pc = this.#listenAttributes?.get(name);
    if (pc !== undefined) return pc;
    return namespace === 0 ? super.getAttribute(...splitName(name)) : super.getAttribute(name, namespace);
  }

  setAttributeNS(namespace: string | null, qualifiedName: string, value: unknown): void {
    const local = qualifiedName.includes(':') ? qualifiedName.slice(qualifiedName.indexOf(':') + 1) : qualifiedName;
    this.setAttribute(local, value, attributeNamespace(namespace));
  }

  getAttributeNS(namespace: string | null, local: string): string | null {
    return this.getAttribute(local, attributeNamespace(namespace));
  }

  removeAttributeNS(namespace: string | null, local: string): void {
    this.setAttribute(local, null, attributeNamespace(namespace));
  }

  override insertBefore<T extends TreeNode>(child: T, anchor: TreeNode | null): T {
    super.insertBefore(child, anchor);
    this.#childrenChanged(child, null);
    return child;
  }

  override unlink(child: TreeNode): void {
    super.unlink(child);
    this.#childrenChanged(null, child);
  }

  /** Of a select. @internal */
  optionsChanged?(): void;

  override addEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    const given = typeof options === 'boolean' ? { capture: options } : options;
    // A form whose submit somebody handles would leave the page otherwise.
    const prevents = type === 'submit' && this.localName === 'form' && given.preventDefault === undefined;
    super.addEventListener(type, callback, prevents ? { ...given, preventDefault: true } : given);
  }

  /** Svelte has a handler here that it calls itself (`delegated` in its events.js). */
  delegates(type: string, handler: unknown): void {
    if (typeof handler === 'function') (this.#delegated ??= new Set()).add(type);
    else this.#delegated?.delete(type);
    this.#declare(type);
  }

  /** Shows keyframes one after the other, at the module's frame rate, in the attribute `style`. */
  animate(keyframes: Keyframe[] | Record<string, (string | number)[]> | null, options: number | AnimationOptions = {}): ModuleAnimation {
    return new ModuleAnimation(this, keyframes, typeof options === 'number' ? { duration: options } : options);
  }

  getAnimations(): ModuleAnimation[] {
    return ModuleAnimation.of(this);
  }

  protected override copy(): DomElement {
    const copy = new (this.constructor as new (localName: string, namespace: number) => DomElement)(this.localName, this.namespace);
    this.copyAttributes(copy);
    for (const [name, value] of this.#listenAttributes ?? []) copy.setAttribute(name, value);
    return copy;
  }

  #childrenChanged(added: TreeNode | null, removed: TreeNode | null): void {
    if ((added ?? removed) instanceof DomElement) {
      const select = this.localName === 'optgroup' ? this.parentNode : this;
      if (select instanceof DomElement) select.optionsChanged?.();
    }
  }

  #setListenAttribute(name: string, value: string | null): void {
    const attributes = (this.#listenAttributes ??= new Map());
    if (value === null) attributes.delete(name);
    else attributes.set(name, value);
    const before = [...(this.#declared?.keys() ?? [])];
    const declared = (this.#declared = new Map<string, ListenOptions>());
    for (const [attribute, text] of attributes) {
      for (const word of text.split(/\s+/).filter(Boolean)) {
        const colon = word.indexOf(':');
        const type = colon < 0 ? word : word.slice(0, colon);
        if (!isPageEvent(type)) {
          throw new Error(`<${this.localName} ${attribute}="${text}">: \`${type}\` is no event that a page sends. Write event types, with keys behind a colon: keydown:Enter-Shift,Escape`);
        }
        const keys = colon < 0 ? true : word.slice(colon + 1).replaceAll(',', ' ');
        declared.set(type, { ...declared.get(type), ...listenAttributes[attribute]!(keys) });
      }
    }
    for (const type of new Set([...before, ...declared.keys()])) this.#declare(type);
  }

  #declare(type: string): void {
    const declared = this.#declared?.get(type);
    if (declared === undefined && !this.#delegated?.has(type)) this.unlisten(type);
    else this.listen(type, { passive: passive.has(type), ...declared });
  }
}

/** `xlink:href` → `href` in XLink. */
function splitName(name: string): [string, number] {
  if (!name.includes(':')) return [name, 0];
  if (name.startsWith('xlink:')) return [name.slice(6), 3];
  if (name.startsWith('xml:')) return [name.slice(4), 4];
  if (name.startsWith('xmlns:')) return [name.slice(6), 5];
  return [name, 0];
}

function attributeNamespace(namespace: string | null): number {
  if (namespace === null || namespace === '') return 0;
  const known = attributeNamespaces[namespace];
  if (known === undefined) throw new Error(`a page has no attributes of the namespace ${namespace}`);
  return known;
}
