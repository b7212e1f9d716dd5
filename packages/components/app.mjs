/** The app that has a page for each component, and a module for each framework. */

import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { components, own } from './components.mjs';

/** Writes an app into `folder` and builds it. */
export async function buildApp(folder, playconnect) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, 'pages'), { recursive: true });
  const manifest = ['manifest_version = 1', '[application]', 'name = "components"'];
  for (const framework of new Set(components.map((component) => component.framework))) {
    await writeFile(
      path.join(folder, `pages/${framework}.html`),
      `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Components</title><link rel="icon" href="data:,"></head>\n<body><pc-slot name="${framework}"></pc-slot></body>\n</html>\n`,
    );
    const ours = components.filter((component) => component.framework === framework);
    manifest.push(`[module.${framework}]`, 'kind = "widget"', `framework = "${framework}"`, `source = "dist/${framework}.wasm"`, `slot = "${framework}"`, 'max_fps = 60', 'overlay = true');
    if (ours.some(({ hasStyle }) => hasStyle)) manifest.push(`style = "dist/${framework}.css"`);
    manifest.push(`[module.${framework}.build]`, `command = "node ${path.relative(folder, path.join(own, 'build.mjs'))} ${framework} dist"`, `artifact = "dist/${framework}.js"`);
    for (const { name } of ours) manifest.push('[[page]]', `route = "/${name}"`, `shell = "pages/${framework}.html"`);
  }
  await writeFile(path.join(folder, 'playconnect.toml'), `${manifest.join('\n')}\n`);
  await promisify(execFile)(playconnect, ['build', folder]);
}
