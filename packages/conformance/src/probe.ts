/** What a page of either side has in it to be looked at. Built by itself, and put into the page in front of its scripts. */

import { elementsOf, normalise, type NormalPage } from './normalise';

export interface Look {
  /** What both sides wait for: an element that the selector finds has this text. */
  until?: { selector: string; text: string } | undefined;
  /** The page is to become this one (JSON of a {@link NormalPage}). Without it, it is to come to rest. */
  expected?: string | undefined;
  /** After this it is looked at as it is. */
  patienceMs: number;
}

export interface Seen {
  /** JSON of a {@link NormalPage}. */
  page: string;
  /**
   * Of each element in tree order: the number that it got when it was seen
   * first. So both sides must have kept, moved and made the same ones.
   */
  identities: number[];
  /** Null: it is as it was waited for. */
  problem: string | null;
}

declare global {
  interface Window {
    conformance: { look(look: Look): Promise<Seen> };
    /** The client's. */
    playconnect?: { frame(): number; state(): string };
  }
}

/** Animation frames without any change after which a page is at rest. */
const REST_FRAMES = 3;

const numbers = new WeakMap<Element, number>();
let numbered = 0;

/** The slot's shadow root; on the oracle's page, the body. */
function rootOf(): (ParentNode & Node & { activeElement?: Element | null }) | null {
  const slot = document.querySelector('pc-slot');
  return slot === null ? document.body : slot.shadowRoot;
}

function describe(): string {
  const root = rootOf();
  if (root === null) return JSON.stringify({ children: ['(nothing is in the slot)'], active: null } satisfies NormalPage);
  return JSON.stringify(normalise(root, root instanceof ShadowRoot ? root.activeElement : document.activeElement));
}

async function look({ until, expected, patienceMs }: Look): Promise<Seen> {
  const end = performance.now() + patienceMs;
  let last = '';
  let rest = 0;
  for (;;) {
    const page = describe();
    const found = until === undefined || rootOf()?.querySelector(until.selector)?.textContent === until.text;
    // A frame without visible effect is one of the page's all the same.
    const state = `${window.playconnect?.frame() ?? 0} ${page}`;
    rest = state === last && found && (expected === undefined || page === expected) ? rest + 1 : 0;
    last = state;
    if (rest >= REST_FRAMES) return { page, identities: identify(), problem: null };
    if (performance.now() > end) {
      const problem = found ? (expected === undefined ? 'it does not come to rest' : 'it is another page') : `there is no ${until.selector} with the text "${until.text}"`;
      return { page, identities: identify(), problem };
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

function identify(): number[] {
  const root = rootOf();
  return root === null ? [] : elementsOf(root).map((element) => {
    let number = numbers.get(element);
    if (number === undefined) numbers.set(element, (number = ++numbered));
    return number;
  });
}

window.conformance = { look };
