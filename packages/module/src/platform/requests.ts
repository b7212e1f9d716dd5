/** What a module asks of the host at the end of its turn, and the answers that it waits for. */

import type { Action, Request, ResponseInput } from '../glue';

let nextId = 1;
let requests: Request[] = [];
const waiting = new Map<number, (answer: ResponseInput) => void>();

/** `answer` is called once, in a later turn. */
export function request(action: Action, answer?: (answer: ResponseInput) => void): number {
  const id = nextId++;
  requests.push({ id, action });
  if (answer !== undefined) waiting.set(id, answer);
  return id;
}

/** The answer is of no interest any more: the host need not wait for it. */
export function cancelRequest(id: number): void {
  if (!waiting.delete(id)) return;
  const unsent = requests.findIndex((request) => request.id === id);
  if (unsent >= 0) requests.splice(unsent, 1);
  else request({ kind: 'cancel', id });
}

/** @internal */
export function takeRequests(): Request[] {
  const taken = requests;
  requests = [];
  return taken;
}

/** @internal */
export function receiveAnswer(answer: ResponseInput): void {
  const waiter = waiting.get(answer.id);
  waiting.delete(answer.id);
  waiter?.(answer);
}
