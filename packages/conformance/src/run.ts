/** Runs a scenario on both sides, step by step. */

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { routeOf, type Framework } from './app';
import { difference } from './difference';
import type { NormalPage } from './normalise';
import type { Look, Seen } from './probe';
import { say, type Fault, type Scenario, type Step } from './steps';

/** How long a side may take for a step, on a slow machine. */
const PATIENCE_MS = 5_000;
/** A page that is to differ is looked at for this long after each step: a late effect is not what is looked for. */
const PATIENCE_WHEN_BROKEN_MS = 1_500;
const OPEN_MS_MAX = 30_000;

/** What the oracle showed: at the start, and after each step. */
export type Expected = Seen[];

/** One comparison that failed. */
export class Difference extends Error {
  override name = 'Difference';
}

export class Conformance {
  readonly #browser: Browser;
  readonly #url: string;
  readonly #oracles: ReadonlyMap<string, string>;
  readonly #probe: string;

  /** `url`: of the running app. `oracles`: scripts by name of the framework. */
  constructor(browser: Browser, url: string, oracles: ReadonlyMap<string, string>, probe: string) {
    this.#browser = browser;
    this.#url = url;
    this.#oracles = oracles;
    this.#probe = probe;
  }

  /** Throws a {@link Difference}. Gives what the framework itself showed. */
  async compare(framework: Framework, scenario: Scenario): Promise<Expected> {
    const [oracle, ours] = await Promise.all([this.#openOracle(framework, scenario), this.#openOurs(framework, scenario)]);
    try {
      const expected: Expected = [];
      for (let at = 0; at <= scenario.steps.length; at++) {
        const step = scenario.steps[at - 1];
        if (step !== undefined) await Promise.all([oracle.perform(step), ours.perform(step)]);
        let seen = await oracle.look({ until: step?.until, patienceMs: PATIENCE_MS });
        const moment = when(at, step);
        if (seen.problem !== null) throw new Error(`${framework.oracleName} ${moment}: ${seen.problem}`);
        const known = step?.differs?.[framework.name];
        if (known === undefined) {
          try {
            await compareWith(ours, seen, step, moment, PATIENCE_MS);
          } catch (error) {
            // The framework was not done: on a busy machine a page may rest for some frames in between.
            const later = await oracle.look({ until: step?.until, patienceMs: PATIENCE_MS });
            if (!(error instanceof Difference) || later.page === seen.page) throw error;
            seen = later;
            await compareWith(ours, seen, step, moment, PATIENCE_MS);
          }
        } else if (await isEqual(ours, seen, step)) {
          throw new Error(`${moment}: the pages are equal, so the difference \`${known}\` is gone: take it out of the step and of differences.ts`);
        }
        expected.push(seen);
      }
      oracle.assertNoFaults();
      ours.assertNoFaults();
      return expected;
    } finally {
      await Promise.all([oracle.close(), ours.close()]);
    }
  }

  /** Runs the scenario with a broken adapter against what the framework showed before. Gives the difference that was found; null: none. */
  async compareBroken(framework: Framework, scenario: Scenario, fault: Fault, expected: Expected): Promise<Difference | null> {
    const ours = await this.#openOurs(framework, scenario, fault);
    try {
      for (const [at, seen] of expected.entries()) {
        const step = scenario.steps[at - 1];
        try {
          // With all patience: a click that a busy machine is slow with is no fault.
          if (step !== undefined) await ours.perform(step);
        } catch (error) {
          return new Difference(`${when(at, step)}: ${(error as Error).message.split('\n')[0]}`);
        }
        if (step?.differs?.[framework.name] !== undefined) continue;
        await compareWith(ours, seen, step, when(at, step), at === 0 ? PATIENCE_MS : PATIENCE_WHEN_BROKEN_MS);
      }
      return null;
    } catch (error) {
      // The first turn is spared: what differs before a step is not the fault's doing.
      if (error instanceof Difference && !error.message.startsWith(when(0, undefined))) return error;
      throw error;
    } finally {
      await ours.close();
    }
  }

  async #openOracle(framework: Framework, scenario: Scenario): Promise<Side> {
    const side = await this.#side();
    // Its own address, so that both sides' pages have one.
    const address = `${new URL('/oracle', this.#url).href}#${scenario.name}`;
    await side.page.route('**/oracle', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"></head><body></body></html>' }));
    await side.page.goto(address);
    await side.page.addScriptTag({ content: this.#oracles.get(framework.name)! });
    return side;
  }

  async #openOurs(framework: Framework, scenario: Scenario, fault?: Fault): Promise<Side> {
    const side = await this.#side();
    await side.page.goto(new URL(routeOf(framework, scenario, fault), this.#url).href, { timeout: OPEN_MS_MAX });
    await side.page.waitForFunction(() => window.playconnect?.state?.() === 'live' && window.playconnect.frame() > 0, undefined, { timeout: OPEN_MS_MAX });
    return side;
  }

  async #side(): Promise<Side> {
    // A context each is a window each: of the tabs of one window all but one are slowed down.
    const context = await this.#browser.newContext({ viewport: { width: 1000, height: 1400 } });
    await context.addInitScript({ content: this.#probe });
    return new Side(context, await context.newPage());
  }
}

async function compareWith(ours: Side, expected: Seen, step: Step | undefined, moment: string, patienceMs: number): Promise<void> {
  const seen = await ours.look({ until: step?.until, expected: expected.page, patienceMs });
  const found = difference(JSON.parse(expected.page) as NormalPage, JSON.parse(seen.page) as NormalPage);
  if (found !== null) throw new Difference(`${moment}: ${found}`);
  if (seen.problem !== null) throw new Difference(`${moment}: ${seen.problem}`);
  if (String(seen.identities) !== String(expected.identities)) {
    throw new Difference(`${moment}: the page is equal, but other elements were kept or made.\n  the framework: ${expected.identities}\n  PlayConnect:   ${seen.identities}`);
  }
}

async function isEqual(ours: Side, expected: Seen, step: Step | undefined): Promise<boolean> {
  const seen = await ours.look({ until: step?.until, expected: expected.page, patienceMs: PATIENCE_WHEN_BROKEN_MS });
  return seen.problem === null;
}

function when(at: number, step: Step | undefined): string {
  return step === undefined ? 'at the start' : `after step ${at}, ${say(step)}`;
}

/** One page, driven as a person does. */
class Side {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #faults: string[] = [];

  constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('pageerror', (error) => this.#faults.push(String(error.stack ?? error)));
  }

  async perform(step: Step): Promise<void> {
    const timeout = PATIENCE_MS;
    switch (step.do) {
      case 'click':
        return this.page.locator(step.on).first().click({ timeout });
      case 'type':
        await this.page.locator(step.on).first().click({ timeout });
        return this.page.keyboard.type(step.text);
      case 'press':
        for (const key of step.keys) await this.page.keyboard.press(key);
        return;
      case 'select':
        await this.page.locator(step.on).first().selectOption(step.values, { timeout });
        return;
      case 'wait':
        return;
    }
  }

  look(look: Look): Promise<Seen> {
    return this.page.evaluate((look) => window.conformance.look(look), look);
  }

  assertNoFaults(): void {
    if (this.#faults.length > 0) throw new Error(`the page threw: ${this.#faults.join('; ')}`);
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}
