/** FormData of XMLHttpRequest's standard, without files: what a submit event carried. */

import type { ElementNode } from '../tree';

export class FormData {
  private list: [string, string][];

  /** Of a form: its entries when it was submitted last. */
  constructor(form?: ElementNode) {
    this.list = (form?.live?.entries ?? []).map(([name, value]) => [name, value]);
  }

  append(name: string, value: unknown): void {
    this.list.push([String(name), String(value)]);
  }
  set(name: string, value: unknown): void {
    this.delete(name);
    this.append(name, value);
  }
  get(name: string): string | null {
    return this.list.find((entry) => entry[0] === name)?.[1] ?? null;
  }
  getAll(name: string): string[] {
    return this.list.filter((entry) => entry[0] === name).map((entry) => entry[1]);
  }
  has(name: string): boolean {
    return this.get(name) !== null;
  }
  delete(name: string): void {
    this.list = this.list.filter((entry) => entry[0] !== name);
  }
  *entries(): Generator<[string, string], void> {
    for (const [name, value] of this.list) yield [name, value];
  }
  *keys(): Generator<string, void> {
    for (const [name] of this.list) yield name;
  }
  *values(): Generator<string, void> {
    for (const [, value] of this.list) yield value;
  }
  forEach(callback: (value: string, name: string, data: FormData) => void): void {
    for (const [name, value] of this.list) callback(value, name, this);
  }
  [Symbol.iterator](): Generator<[string, string], void> {
    return this.entries();
  }
}
