/** An element's classes, as the DOM's DOMTokenList has them. */

interface Classed {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string | null): void;
}

export class ClassList {
  readonly #element: Classed;

  constructor(element: Classed) {
    this.#element = element;
  }

  get value(): string {
    return this.#element.getAttribute('class') ?? '';
  }
  set value(value: string) {
    this.#element.setAttribute('class', value);
  }

  get length(): number {
    return this.#names().length;
  }

  item(at: number): string | null {
    return this.#names()[at] ?? null;
  }

  contains(name: string): boolean {
    return this.#names().includes(name);
  }

  add(...names: string[]): void {
    this.#write([...this.#names(), ...names]);
  }

  remove(...names: string[]): void {
    this.#write(this.#names().filter((name) => !names.includes(name)));
  }

  /** Whether the class is there now. */
  toggle(name: string, force = !this.contains(name)): boolean {
    if (force) this.add(name);
    else this.remove(name);
    return force;
  }

  replace(name: string, other: string): boolean {
    if (!this.contains(name)) return false;
    this.#write(this.#names().map((now) => (now === name ? other : now)));
    return true;
  }

  forEach(run: (name: string, at: number) => void): void {
    this.#names().forEach((name, at) => run(name, at));
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#names()[Symbol.iterator]();
  }

  toString(): string {
    return this.value;
  }

  #names(): string[] {
    return this.value.split(/\s+/).filter(Boolean);
  }

  #write(names: string[]): void {
    // An element without classes gets no empty attribute.
    if (names.length === 0 && this.#element.getAttribute('class') === null) return;
    this.#element.setAttribute('class', [...new Set(names)].join(' '));
  }
}
