// node build.mjs FRAMEWORK FOLDER: bundles the components of a framework into FOLDER, as an app's build command does. The
// page's path says which is shown.
import path from 'node:path';
import { run } from '@playconnect/module/bundle';
import { bundleComponents } from './bundle.mjs';
import { components } from './components.mjs';

const [framework, folder] = process.argv.slice(2);
const chosen = components.filter((known) => known.framework === framework);
if (chosen.length === 0 || folder === undefined) {
  process.stderr.write(`usage: node build.mjs FRAMEWORK FOLDER; there are: ${[...new Set(components.map((known) => known.framework))].join(', ')}\n`);
  process.exit(2);
}
await run(() => bundleComponents(chosen, { out: path.resolve(folder, `${framework}.js`) }));
