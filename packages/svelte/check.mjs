/** What a component asks for and a module cannot do: errors with their place, and what to do instead. */

import { walk } from './walk.mjs';

const layout = 'layout is the browser\'s, and a module does not know it. Let CSS do it (container queries, flex, grid)';
const media = 'what a player does is not told to a module. `muted`, `autoplay` and `controls` work';
const editing = 'what a person writes into it is not told to a module. Use a <textarea>';
const files = 'files of a form stay in the browser';

/** Of elements. */
const bindings = {
  clientWidth: layout,
  clientHeight: layout,
  offsetWidth: layout,
  offsetHeight: layout,
  contentRect: layout,
  contentBoxSize: layout,
  borderBoxSize: layout,
  devicePixelContentBoxSize: layout,
  naturalWidth: layout,
  naturalHeight: layout,
  videoWidth: layout,
  videoHeight: layout,
  buffered: media,
  currentTime: media,
  duration: media,
  ended: media,
  paused: media,
  playbackRate: media,
  played: media,
  readyState: media,
  seekable: media,
  seeking: media,
  volume: media,
  innerHTML: editing,
  innerText: editing,
  textContent: editing,
  files,
};

const window = {
  scrollX: 'where the page is scrolled to is not told to a module',
  scrollY: 'where the page is scrolled to is not told to a module',
  outerWidth: 'the size of the browser\'s window is not told to a module. Use innerWidth',
  outerHeight: 'the size of the browser\'s window is not told to a module. Use innerHeight',
};

const document = {
  fullscreenElement: 'what fills the screen is not told to a module',
  pointerLockElement: 'what holds the pointer is not told to a module',
};

const stripped = {
  canvas: 'draw with SVG',
  embed: 'the page leaves it out',
  frame: 'the page leaves it out',
  iframe: 'a module shows nothing of other origins. The page itself may, around the slots',
  link: 'styles of a module are its stylesheet',
  meta: 'the head is the page\'s',
  object: 'the page leaves it out',
  script: 'a module\'s code is its own bundle',
  template: 'use a snippet',
};

/** Page events that stay at their target, and so never come from above it. */
const staying =
  'focus blur mouseenter mouseleave pointerenter pointerleave load error scroll scrollend toggle beforetoggle close cancel invalid resize'.split(' ');
const notTold = {
  window: [
    ...staying.filter((type) => type !== 'resize'),
    ...'afterprint appinstalled beforeprint beforeunload devicemotion deviceorientation gamepadconnected gamepaddisconnected message messageerror offline online orientationchange pagehide pageshow storage unload unhandledrejection rejectionhandled'.split(' '),
  ],
  document: [...staying, ...'DOMContentLoaded fullscreenchange fullscreenerror pointerlockchange pointerlockerror readystatechange'.split(' ')],
  body: staying,
};

/**
 * @param {any} tree of `parse(source, { modern: true })`
 * @returns {{ errors: import('esbuild').PartialMessage[], warnings: import('esbuild').PartialMessage[] }}
 */
export function check(tree, source, filename) {
  const errors = [];
  const warnings = [];
  const at = ({ start, end }, text) => ({ text, location: place(source, start, end, filename) });
  const error = (node, text) => errors.push(at(node, text));
  const warn = (node, text) => warnings.push(at(node, text));

  const { options } = tree;
  if (options?.customElement) error(options, '<svelte:options customElement> is not possible: a module has no custom elements of its own. Use the component itself');
  if (options?.css === 'injected') error(options, '<svelte:options css="injected"> is not possible: styles go into the module\'s stylesheet (`style` in the manifest). Leave it out');

  walk(tree.fragment, (node, parents) => {
    const element = parents.findLast(({ type }) => isElement(type));
    switch (node.type) {
      case 'HtmlTag':
        return error(node, '{@html …} is not possible: a module hands the page no HTML text, only elements. Write them as markup, or build them with {#each} and <svelte:element>');
      case 'SvelteHead':
      case 'TitleElement':
        if (node.type === 'TitleElement' && parents.some(({ type }) => type === 'SvelteHead')) return;
        return error(node, '<svelte:head> is not possible: the head is the page\'s. Its title stands in the manifest, the rest in the page\'s shell');
      case 'RegularElement':
        if (node.name in stripped) error(node, `<${node.name}> is not possible in a module: ${stripped[node.name]}`);
        return;
      case 'BindDirective': {
        if (element === undefined) return;
        const [table, name] =
          element.type === 'SvelteWindow' ? [window, 'svelte:window'] : element.type === 'SvelteDocument' ? [document, 'svelte:document'] : isComponent(element) ? [{}, ''] : [bindings, element.name];
        if (Object.hasOwn(table, node.name)) error(node, `bind:${node.name} on <${name}> is not possible: ${table[node.name]}`);
        return;
      }
      case 'Attribute':
      case 'OnDirective': {
        const type = eventType(node);
        const target = { SvelteWindow: 'window', SvelteDocument: 'document', SvelteBody: 'body' }[element?.type];
        if (type === null || target === undefined || parents.at(-1) !== element || !notTold[target].includes(type)) return;
        return error(node, `<svelte:${target}> hears no \`${type}\`: a module is told what happens in its own slot, and of the page its size, URL and visibility. ${staying.includes(type) ? 'Listen on the element itself' : 'The page can do it'}`);
      }
      case 'AnimateDirective':
        return warn(node, `animate:${node.name} moves nothing: ${layout}. The list itself is kept right`);
    }
  });

  for (const script of [tree.instance, tree.module]) {
    for (const statement of script?.content.body ?? []) {
      if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'svelte/transition') continue;
      for (const specifier of statement.specifiers) {
        const advice = withoutLayout[specifier.imported?.name];
        if (advice !== undefined) warn(specifier, advice);
      }
    }
  }
  return { errors, warnings };
}

const withoutLayout = {
  slide: 'slide needs the element\'s height, which a module does not know: without `style:height` on the element it fades only. Use fade, fly or scale, or a CSS transition of grid-template-rows',
  crossfade: 'crossfade needs the places of both elements, which a module does not know: it fades only',
  draw: 'draw needs the length of the path, which a module does not know: give the path pathLength="1"',
};

/** The type of the event that an attribute or `on:` listens to; null for other attributes. */
export function eventType(node) {
  if (node.type === 'OnDirective') return node.name;
  if (node.type !== 'Attribute' || !node.name.startsWith('on') || node.value === true || typeof node.value === 'string') return null;
  const name = node.name.slice(2);
  return name.endsWith('capture') && name !== 'gotpointercapture' && name !== 'lostpointercapture' ? name.slice(0, -7) : name;
}

function isElement(type) {
  return /^(RegularElement|Component|Svelte(Element|Window|Document|Body|Component|Self))$/.test(type);
}

function isComponent({ type }) {
  return type === 'Component' || type === 'SvelteComponent' || type === 'SvelteSelf';
}

/** Of a character's position: esbuild counts lines from 1 and columns, in bytes, from 0. */
function place(source, start, end, file) {
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = source.indexOf('\n', start);
  const lineText = source.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  return {
    file,
    line: source.slice(0, start).split('\n').length,
    column: Buffer.byteLength(source.slice(lineStart, start)),
    length: Buffer.byteLength(source.slice(start, Math.min(end, lineStart + lineText.length))),
    lineText,
  };
}
