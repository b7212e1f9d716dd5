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

  get length(): number {
    return this.#names().length;
  }

  contains(name: string): boolean {
    return this.#names().includes(name);
  }

  add(...names: string[]): void {
    const now = this.#names();
    this.#write([...now, ...names.filter((name) => !now.includes(name))]);
  }

  remove(...names: string[]): void {
    this.#write(this.#names().filter((name) => !names.includes(name)));
  }

  toggle(name: string, force?: boolean): boolean {
    const on = force ?? !this.contains(name);
    if (on) this.add(name);
    else this.remove(name);
    return on;
  }

  replace(name: string, other: string): boolean {
    if (!this.contains(name)) return false;
    this.#write(this.#names().map((now) => (now === name ? other : now)));
    return true;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#names()[Symbol.iterator]();
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
