import type { ElementNode } from './tree';

/** `classList`: the words of the attribute `class`. */
export class ClassList {
  constructor(private readonly element: ElementNode) {}

  get value(): string {
    return this.element.className;
  }
  set value(value: string) {
    this.element.className = value;
  }

  get length(): number {
    return this.#words().length;
  }

  item(at: number): string | null {
    return this.#words()[at] ?? null;
  }

  contains(word: string): boolean {
    return this.#words().includes(word);
  }

  add(...words: string[]): void {
    this.#write([...this.#words(), ...words]);
  }

  remove(...words: string[]): void {
    this.#write(this.#words().filter((word) => !words.includes(word)));
  }

  toggle(word: string, force = !this.contains(word)): boolean {
    if (force) this.add(word);
    else this.remove(word);
    return force;
  }

  replace(word: string, by: string): boolean {
    if (!this.contains(word)) return false;
    this.#write(this.#words().map((known) => (known === word ? by : known)));
    return true;
  }

  forEach(run: (word: string, at: number) => void): void {
    this.#words().forEach((word, at) => run(word, at));
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#words()[Symbol.iterator]();
  }

  toString(): string {
    return this.value;
  }

  #words(): string[] {
    return this.value.split(/\s+/).filter(Boolean);
  }

  #write(words: string[]): void {
    if (words.length > 0 || this.element.hasAttribute('class')) this.element.className = [...new Set(words)].join(' ');
  }
}
