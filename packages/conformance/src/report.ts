/** The part of `docs/compatibility.md` that is made from a run. It holds no times: the same results make the same text. */

import { scenariosOf, type Framework } from './app';
import { differences, limits, type DifferenceName } from './differences';
import { rules } from './normalise';
import { faults, faultsOf, type Scenario } from './steps';

export interface Result {
  framework: string;
  scenario: string;
  /** Null: equal after every step, but for the differences that steps name. */
  problem: string | null;
}

const begin = '<!-- Made by `npm run compatibility -w packages/conformance`: change what it is made of, and run it again. -->';
const end = '<!-- End of what is made. -->';

/** An entry of `packages/components/results.json`. */
export interface ComponentResult {
  name: string;
  framework: string;
  /** `motion 14.14.0` */
  versions: string[];
  shows: string;
  /** What is not as in a browser, or had to be written otherwise. */
  differs: string[];
  interactions: number;
  /** Of a module with this component alone. */
  bundleKiB: number;
  /** In the slot, when the page is there. */
  nodes: number;
  firstOps: number;
  /** Thread CPU of the first rendering, of all interactions, and of the one that cost most. */
  firstMs: number;
  allMs: number;
  worstStepMs: number;
  turns: number;
  /** Turns over the reported limit. */
  slowTurns: number;
}

/** `document` with the made part as of `results`. What stands around it stays. */
export function withReport(document: string, frameworks: Framework[], scenarios: Scenario[], results: Result[], components: ComponentResult[]): string {
  const made = `${begin}\n\n${report(frameworks, scenarios, results)}\n\n${ordinary(frameworks, components)}\n\n${end}`;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) return `${document.trimEnd()}${document === '' ? '# Compatibility' : ''}\n\n${made}\n`;
  return document.slice(0, from) + made + document.slice(to + end.length);
}

function report(frameworks: Framework[], scenarios: Scenario[], results: Result[]): string {
  const steps = scenarios.reduce((sum, scenario) => sum + scenario.steps.length, 0);
  const found = (framework: Framework, scenario: Scenario): Result | undefined =>
    results.find((result) => result.framework === framework.name && result.scenario === scenario.name);
  const without = frameworks.flatMap((framework) => Object.values(framework.without ?? {}));
  const unequal = frameworks.flatMap((framework) => scenarios.map((scenario) => ({ framework, scenario, problem: found(framework, scenario)?.problem ?? null })).filter(({ problem }) => problem !== null));
  return [
    '## Conformance',
    '',
    `The same components run twice in Chromium: with the framework's own renderer, and built by \`playconnect build\`, served by`,
    `\`playconnect serve\` and shown by the client. A person's steps (mouse, keys) are done on both pages. After each of the ${steps} steps`,
    `of ${scenarios.length} scenarios both pages have the same elements, attributes and texts, the same value, checked, selected and selection of`,
    'controls, and the focus on the same element. The elements are the same ones too: what one side keeps or moves, the other does not make anew.',
    '',
    `| scenario | steps | ${frameworks.map(({ title, version }) => `${title} ${version}`).join(' | ')} |`,
    `|---|---|${frameworks.map(() => '---').join('|')}|`,
    ...scenarios.map((scenario) => `| ${scenario.title} | ${scenario.steps.length} | ${frameworks.map((framework) => cell(framework, scenario, found(framework, scenario))).join(' | ')} |`),
    '',
    ...(without.length === 0 ? [] : [`– ${without.join(' ')}`, '']),
    ...(unequal.length === 0 ? ['There is no difference that is not explained below.'] : ['Not explained:', '', ...unequal.map(({ framework, scenario, problem }) => `- ${framework.title}, ${scenario.title}: ${inline(problem!)}`)]),
    '',
    '### Differences',
    '',
    '| | what | why | what to do |',
    '|---|---|---|---|',
    ...Object.entries(differences).map(([name, { what, why, instead }]) => `| ${name} | ${what} | ${why} | ${instead} |`),
    ...limits.map(({ what, why, instead }) => `| | ${what} | ${why} | ${instead} |`),
    '',
    'Those with a name show in a scenario, at a step that names them; it fails when the difference is gone.',
    '',
    '### What is compared',
    '',
    'All of a page, but for this:',
    '',
    ...rules.map(({ rule, reason }) => `- ${rule} ${reason}`),
    '',
    '### What the scenarios show',
    '',
    ...scenarios.map((scenario) => `- **${scenario.title}** (\`${scenario.name}\`): ${scenario.covers}.`),
    '',
    '### The comparison can fail',
    '',
    'Each scenario is also run with an adapter that is broken on purpose, and must notice it. The host operations below all adapters are broken',
    'in one of these ways, from the first event on:',
    '',
    ...Object.entries(faults).map(([name, what]) => `- *${name}*: ${what}`),
    '',
    `| scenario | ${frameworks.map(({ title }) => title).join(' | ')} |`,
    `|---|${frameworks.map(() => '---').join('|')}|`,
    ...scenarios.map((scenario) => `| ${scenario.title} | ${frameworks.map((framework, at) => (scenariosOf(framework, [scenario]).length === 0 ? '–' : faultsOf(scenario, at).join(', '))).join(' | ')} |`),
  ].join('\n');
}

/** The part about third-party components: what was measured stands in their results, so that this makes the same text again. */
function ordinary(frameworks: Framework[], components: ComponentResult[]): string {
  const title = (name: string): string => frameworks.find((framework) => framework.name === name)?.title ?? name;
  const most = (key: 'nodes' | 'firstOps' | 'firstMs' | 'worstStepMs' | 'bundleKiB'): number => Math.max(...components.map((component) => component[key]));
  return [
    '## Ordinary components',
    '',
    `${components.length} third-party components as ordinary users use them, each from its own documentation (\`packages/components/modules\`), in the real`,
    `server and in Chromium, over a wire of 80 ms there and back. A person does ${components.reduce((sum, { interactions }) => sum + interactions, 0)} things with them, and after each`,
    'what is to be seen is seen and stays (`tests/e2e/components.test.mjs`).',
    '',
    '| component | | | interactions | bundle KiB | nodes | first ops | CPU ms: first, worst step, all |',
    '|---|---|---|---|---|---|---|---|',
    ...components.map(
      ({ framework, versions, shows, interactions, bundleKiB, nodes, firstOps, firstMs, worstStepMs, allMs }) =>
        `| ${versions.join(', ')} | ${title(framework)} | ${shows} | ${interactions} | ${bundleKiB} | ${nodes} | ${firstOps} | ${firstMs}, ${worstStepMs}, ${allMs} |`,
    ),
    '',
    'The bundle has the framework in it. CPU is thread CPU of the node on a busy machine: its size counts, not its digits. A step is one interaction with all',
    `the turns that follow of it. ${slow(components)}`,
    '',
    `What the limits have to do with it: at most ${most('nodes').toLocaleString('en')} nodes (a page may have 50,000) and ${most('firstOps').toLocaleString('en')} operations in the first batches (a batch may have 100,000),`,
    `${most('firstMs')} ms for the first rendering and ${most('worstStepMs')} ms for the worst step (an event is reported over 50 ms and stopped over 1,000 ms), ${most('bundleKiB')} KiB of JavaScript.`,
    'So ordinary components are far from all of them, and the defaults stay as they are.',
    '',
    '### What differs with them',
    '',
    '| component | what |',
    '|---|---|',
    ...components.filter(({ differs }) => differs.length > 0).map(({ versions, differs }) => `| ${versions[0]} | ${differs.map(inline).join('; ')} |`),
    '',
    'Why keys are declared: a handler runs at the edge, after the browser has gone on, so that the browser would scroll the page at an arrow key, or click a',
    'focused button again at Enter and Space. Components pass what they do not know on to their element: `listen={{ onKeyDown: { preventDefault: \'ArrowDown Enter\' } }}`,',
    '`:listen="{ keydown: { preventDefault: \'ArrowDown Enter\' } }"`, `pc-prevent-default="keydown:ArrowDown,Enter"`.',
    '',
    '### What components find in a module',
    '',
    '`document`, whose body is the slot: portals go to its end, `document.addEventListener` hears what happens in the slot, `activeElement` is the module\'s own.',
    '`node packages/components/explore.mjs FILE` says of any component what it asks for and does not find.',
    '',
    'What a module has not follows from where it runs. These were not tried one by one:',
    '',
    '| not supported | because | instead |',
    '|---|---|---|',
    ...unsupported.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function slow(components: ComponentResult[]): string {
  const turns = components.filter(({ slowTurns }) => slowTurns > 0);
  return turns.length === 0 ? 'No turn was over the reported limit.' : `Over the reported limit: ${turns.map(({ name, slowTurns }) => `${name} ${slowTurns}`).join(', ')}.`;
}

/** Known of how they work, and of what a module is. */
const unsupported: [what: string, because: string, instead: string][] = [
  ['charts and editors on `<canvas>` (Chart.js, ECharts, xterm.js)', 'a module has no canvas: `getContext` is an error that says so', 'charts of SVG, as visx'],
  ['rich text editors (ProseMirror, Lexical, CodeMirror)', 'they work on `contenteditable`, ranges and selections of the page', 'a `<textarea>`'],
  ['styles that are made at run time (Emotion, styled-components; react-select, MUI)', 'what is put into `document.head` reaches no page; it is said in the log', 'stylesheets of the build: CSS modules, Tailwind, vanilla-extract'],
  ['positions by measures (Floating UI: popovers, tooltips, selects of Radix, Reka and Bits)', 'layout is the browser\'s: their place is 0, 0', 'CSS: `position: absolute` in a relative parent, anchor positioning'],
  ['drag and drop by measures (dnd-kit, SortableJS), maps, carousels that measure', 'layout is the browser\'s', 'CSS scroll snap; buttons that move'],
  ['`IntersectionObserver` (lazy loading, endless lists)', 'what is on the screen only the browser knows: it never tells', '`loading="lazy"`; a button for more; a virtual list'],
  ['`Intl` beyond numbers and dates (`PluralRules`, `RelativeTimeFormat`, `Collator`), `formatToParts`, narrow words', 'the host formats numbers and dates; other options are an error', 'date libraries with their own names (date-fns, Day.js); `localeCompare` goes by code points'],
  ['custom elements (Lit, Shoelace)', 'the allow-list has none', 'components of a framework'],
];

function cell(framework: Framework, scenario: Scenario, result: Result | undefined): string {
  if (framework.without?.[scenario.name] !== undefined) return '–';
  if (result === undefined) return 'not run';
  if (result.problem !== null) return '**differs**';
  const named = differencesOf(scenario, framework);
  return named.length === 0 ? 'equal' : `equal but for ${named.join(', ')}`;
}

function differencesOf({ steps }: Scenario, { name }: Framework): DifferenceName[] {
  return [...new Set(steps.flatMap(({ differs }) => differs?.[name] ?? []))];
}

const inline = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
