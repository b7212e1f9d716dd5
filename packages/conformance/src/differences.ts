/**
 * Where a page through PlayConnect is another one, and why. A step that shows
 * one names it (`differs`); it fails if the pages are equal there, so that none
 * stays in the report that is no longer true.
 */

export interface Explained {
  what: string;
  why: string;
  /** What an app does that minds. */
  instead: string;
}

export const differences = {
  'moved-focus': {
    what: 'An element that has the focus and is moved among its siblings keeps the focus. With Vue\'s own renderer, and with dioxus-web, it loses the focus.',
    why: 'PlayConnect\'s client moves with `moveBefore`, which keeps focus, scroll offsets, running media and animations; those use `insertBefore` and `before`. (React gives the focus back after a move, and moves and keeps other elements.)',
    instead: 'Nothing: call `blur()` where the focus is not wanted.',
  },
  'first-caret': {
    what: 'In a control that nobody has touched yet, `focus()` shows the caret in front of the value; with the framework\'s own renderer in the browser it stands behind it.',
    why: 'The value came with the first HTML, and a browser leaves the caret in front then. It is so wherever a framework takes over HTML from a server. The framework\'s renderer sets the value by script, which takes the caret to the end.',
    instead: 'Call `setSelectionRange(length, length)` beside `focus()`.',
  },
} as const satisfies Record<string, Explained>;

export type DifferenceName = keyof typeof differences;

/** What no scenario can show, since the build or the allow-list refuses it; or what is no part of a page. */
export const limits: readonly Explained[] = [
  {
    what: 'Elements, attributes, values and event types that the allow-list does not have (custom elements, `iframe`, `script`, `target` other than `_self` and `_blank`, URLs of other schemes) are left out. In the place of an element stands an empty `<pc-stripped>`, and the module\'s log says what and why.',
    why: 'A module is not trusted with the page: `protocol/allow.json`.',
    instead: 'Use what the list has.',
  },
  {
    what: 'HTML as text (`dangerouslySetInnerHTML`, `v-html`, `{@html}`, `innerHTML`) is an error.',
    why: 'It could not be checked node by node.',
    instead: 'Build elements.',
  },
  {
    what: '`event.preventDefault()` in a handler comes too late.',
    why: 'Handlers run at the edge, after the browser has gone on.',
    instead: 'Declare it: the README of each framework\'s package says how. Submit handlers have it by themselves.',
  },
  {
    what: 'Layout (`offsetWidth`, `getBoundingClientRect`) is not known to a module.',
    why: 'It has no browser.',
    instead: 'Use CSS.',
  },
  {
    what: 'Dioxus: elements that are listened to have no attribute `data-dioxus-id`. (The comparison keeps it off the elements of dioxus-web, too.)',
    why: 'dioxus-web finds an element by it when an event comes; here the host knows the elements.',
    instead: 'Do not select by it.',
  },
  {
    what: 'Dioxus: more form state is live than with dioxus-web. `value` chooses among the options of a `select` that come from a loop, at the first rendering too; `indeterminate` and `muted` take effect; `initial_value` of a `textarea` is what it holds, and no text inside of it.',
    why: 'dioxus-web sets `value` before the options are there, and knows the other two as attributes alone.',
    instead: 'Nothing. For both renderers alike: `selected` on the option, a text inside of the `textarea`.',
  },
  {
    what: 'Dioxus: style properties beside a `style` text stay when the text changes. With dioxus-web they are lost.',
    why: 'dioxus-web writes the text over them.',
    instead: 'Nothing.',
  },
  {
    what: 'Dioxus: `event.values()` has a form\'s entries in `onsubmit` alone.',
    why: 'An event carries the state of the control that it was raised on, and a whole form when it is submitted.',
    instead: 'Keep what is typed in signals (`oninput`).',
  },
  {
    what: 'The selection of a control that has not the focus is not compared.',
    why: 'Nobody sees it, and it depends on how the value came there: by the HTML or by a script.',
    instead: 'Nothing.',
  },
];
