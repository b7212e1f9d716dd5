/** The app of all pages, and the scripts of the oracle's pages. */

import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import type { Fault, Scenario } from './steps';

export interface Framework {
  name: string;
  title: string;
  version: string;
  oracleName: string;
  /** File of a scenario's folder. */
  component: string;
  /** Files of the framework's folder. */
  module?: string;
  oracle: string;
  plugins(): esbuild.Plugin[];
  /** What the build command writes: `js`, or another ending. */
  artifact?: string;
  /** By name of a scenario: why it cannot be written in this framework. */
  without?: Record<string, string>;
}

/** The scenarios that there are in a framework. */
export const scenariosOf = ({ without }: Framework, scenarios: Scenario[]): Scenario[] =>
  scenarios.filter(({ name }) => without?.[name] === undefined);

/** Path of a page of the app. */
export function routeOf(framework: Framework, scenario: Scenario, fault?: Fault): string {
  return fault === undefined ? `/${framework.name}/${scenario.name}` : `/${framework.name}-broken/${scenario.name}/${fault}`;
}

/**
 * Writes an app into `folder` and builds it: for each framework a module with
 * all scenarios, which shows the one that the page's path names, and another
 * one with the broken adapters. For each scenario a page of each.
 */
export async function buildApp(folder: string, own: string, playconnect: string, frameworks: Framework[], scenarios: Scenario[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, 'pages'), { recursive: true });
  const manifest = ['manifest_version = 1', '[application]', 'name = "conformance"'];
  const head = '<head><meta charset="utf-8"><title>Conformance</title><link rel="icon" href="data:,"></head>';
  for (const framework of frameworks) {
    for (const isBroken of [false, true]) {
      const name = `${framework.name}${isBroken ? '-broken' : ''}`;
      await writeFile(path.join(folder, `pages/${name}.html`), `<!doctype html>\n<html lang="en">\n${head}\n<body><pc-slot name="${name}"></pc-slot></body>\n</html>\n`);
      manifest.push(`[module.${name}]`, 'kind = "widget"', `framework = "${framework.name}"`, `source = "dist/${name}.wasm"`, `slot = "${name}"`, 'max_fps = 60');
      manifest.push(`[module.${name}.build]`, `command = ${JSON.stringify(command(folder, own, framework.name, isBroken))}`, `artifact = "dist/${name}.${framework.artifact ?? 'js'}"`);
      const routes = scenariosOf(framework, scenarios).flatMap((scenario) => (isBroken ? scenario.faults : [undefined]).map((fault) => routeOf(framework, scenario, fault)));
      for (const route of routes) manifest.push('[[page]]', `route = "${route}"`, `shell = "pages/${name}.html"`);
    }
  }
  await writeFile(path.join(folder, 'playconnect.toml'), `${manifest.join('\n')}\n`);
  await promisify(execFile)(playconnect, ['build', folder]);
}

function command(folder: string, own: string, framework: string, isBroken: boolean): string {
  return `node ${path.relative(folder, path.join(own, 'build.mjs'))} ${framework} dist${isBroken ? ' broken' : ''}`;
}

/** The script of a framework's pages with its own renderer; `#NAME` of the URL chooses the scenario. */
export async function buildOracle(own: string, framework: Framework): Promise<string> {
  const result = await esbuild.build({
    absWorkingDir: own,
    entryPoints: [`frameworks/${framework.name}/${framework.oracle}`],
    bundle: true,
    write: false,
    outfile: 'oracle.js',
    format: 'iife',
    conditions: ['oracle', 'browser', 'import', 'production'],
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: framework.plugins(),
    logLevel: 'silent',
  });
  return result.outputFiles.find((file) => file.path.endsWith('.js'))!.text;
}

/** `probe.ts`, for both sides' pages. */
export async function buildProbe(own: string): Promise<string> {
  const result = await esbuild.build({ absWorkingDir: own, entryPoints: ['src/probe.ts'], bundle: true, write: false, format: 'iife', logLevel: 'silent' });
  return result.outputFiles[0]!.text;
}
