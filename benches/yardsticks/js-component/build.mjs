// The bundle that both engines run: `node build.mjs OUT.js`.
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
await esbuild.build({
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  platform: 'neutral',
  mainFields: ['module', 'main'],
  jsx: 'automatic',
  conditions: ['browser', 'import', 'production'],
  entryPoints: [here('./react.jsx')],
  inject: [here('./ours.js')],
  outfile: process.argv[2],
  logLevel: 'warning',
});
