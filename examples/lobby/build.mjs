// node build.mjs MODULE: bundles one of the modules that are written in JavaScript.
import { bundle, run } from '@playconnect/module/bundle';

const entries = {
  chat: 'chat/src/main.ts',
  menu: 'menu/src/main.tsx',
  progress: 'progress/src/main.ts',
};

const name = process.argv[2];
if (!Object.hasOwn(entries, name)) {
  process.stderr.write(`build.mjs: there is no module \`${name}\`; name one of: ${Object.keys(entries).join(', ')}\n`);
  process.exit(2);
}
await run(() => bundle({ entry: entries[name], out: `dist/${name}.js` }));
