/** Answers that are given when the page's buttons say so: nothing rests on how fast a side is. */

interface Waiting {
  resolve(text: string): void;
  reject(error: Error): void;
  name: string;
}

const waiting: Waiting[] = [];

export function load(name: string): Promise<string> {
  return new Promise((resolve, reject) => waiting.push({ resolve, reject, name }));
}

/** The request that has waited longest, or the newest. */
export function answer(which: 'oldest' | 'newest' = 'oldest'): void {
  const request = which === 'oldest' ? waiting.shift() : waiting.pop();
  request?.resolve(`data of ${request.name}`);
}

export function refuse(): void {
  const request = waiting.shift();
  request?.reject(new Error(`no ${request.name}`));
}
