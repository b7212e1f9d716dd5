// node build.mjs MODULE: bundles the module that mounts and unmounts one of the lobby's components.
import { bundle, run } from "@playconnect/module/bundle";

const entries = { menu: "src/menu.jsx", chat: "src/chat.js", progress: "src/progress.js" };
const name = process.argv[2];
if (!Object.hasOwn(entries, name)) {
  process.stderr.write(`build.mjs: there is no module \`${name}\`; name one of: ${Object.keys(entries).join(", ")}\n`);
  process.exit(2);
}
await run(() => bundle({ entry: entries[name], out: `dist/${name}.js` }));
