// Makes dist/: worker.js, worklet.js and the two builds of the engine, to be served as they are.

import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Those that are copied; the engine as plain JavaScript is for what is no browser. */
const MODULES = ["sonica-simd128.wasm", "sonica-plain.wasm"];

await rm(here("dist"), { recursive: true, force: true });
await mkdir(here("dist"));
for (const module of MODULES) {
  await copyFile(here(`../../engine/wasm/dist/${module}`), here(`dist/${module}`)).catch(({ message }) => {
    process.stderr.write(`The engine has not been built here: run \`make wasm\` first.\n(${message})\n`);
    process.exit(1);
  });
}
await build({
  entryPoints: [here("src/worker.ts"), here("src/worklet.ts")],
  outdir: here("dist"),
  bundle: true,
  minify: true,
  // Classic scripts: workers that are modules came late to some browsers.
  format: "iife",
  target: ["es2022"],
  logLevel: "warning",
});
