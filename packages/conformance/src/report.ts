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

/** `document` with the made part as of `results`. What stands around it stays. */
export function withReport(document: string, frameworks: Framework[], scenarios: Scenario[], results: Result[]): string {
  const made = `${begin}\n\n${report(frameworks, scenarios, results)}\n\n${end}`;
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
