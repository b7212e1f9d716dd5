// Runs a wasm32-wasip1 program: `node wasi-run.mjs PROGRAM ARGUMENT...`. Cargo calls it for `cargo test --target
// wasm32-wasip1`. The program sees the repository's files, so that tests find the vectors.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { WASI } from "node:wasi";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const [program, ...args] = process.argv.slice(2);
const wasi = new WASI({
  version: "preview1",
  args: [program, ...args],
  env: { ...process.env, RUST_BACKTRACE: "0" },
  preopens: { [root]: root },
});
const module = await WebAssembly.compile(await readFile(program));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
try {
  process.exitCode = wasi.start(instance);
} catch (error) {
  // A panic has printed its message; the stack of WebAssembly functions adds nothing to it.
  console.error(String(error));
  process.exitCode = 101;
}
