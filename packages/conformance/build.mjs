// node build.mjs FRAMEWORK FOLDER [broken]: builds all scenarios of a framework into FOLDER, as an app's build command
// does. `broken`: with the faults of src/faults.ts in front.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '@playconnect/module/bundle';
import { frameworks } from './frameworks/frameworks.mjs';

const [name, folder, broken] = process.argv.slice(2);
const framework = frameworks.find((known) => known.name === name);
if (framework === undefined || folder === undefined) {
  process.stderr.write(`usage: node build.mjs FRAMEWORK FOLDER [broken]; there are: ${frameworks.map((known) => known.name).join(', ')}\n`);
  process.exit(2);
}
const isBroken = broken === 'broken';
const out = path.resolve(folder, `${name}${isBroken ? '-broken' : ''}.${framework.artifact ?? 'js'}`);
if (framework.build !== undefined) {
  await framework.build(out, isBroken);
} else {
  const root = fileURLToPath(new URL('.', import.meta.url));
  await bundle({ root, entry: `frameworks/${name}/${isBroken ? 'broken.ts' : framework.module}`, out, log: false });
}
