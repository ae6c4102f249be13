// Loads the engine in Node: its functions are described in engine.mjs.

import { readFile } from "node:fs/promises";

import { BUILDS, bestBuild } from "./builds.mjs";
import { createEngine } from "./engine.mjs";

export { BUILDS, bestBuild } from "./builds.mjs";
export { createEngine, EngineError } from "./engine.mjs";

/**
 * Loads one build. Each call makes an engine with a memory of its own.
 * @param {"simd128" | "plain" | "js"} [build] Without it, the best that can run here.
 * @returns {Promise<import("./engine.mjs").Engine>}
 */
export async function load(build = bestBuild()) {
  if (!BUILDS.includes(build)) throw new TypeError(`there is no build ${build}: ${BUILDS.join(", ")}`);
  const folder = new URL("dist/", import.meta.url);
  try {
    if (build === "js") {
      loads += 1;
      return createEngine(await import(new URL(`sonica.js?${loads}`, folder).href));
    }
    const bytes = await readFile(new URL(`sonica-${build}.wasm`, folder));
    const { instance } = await WebAssembly.instantiate(bytes, {});
    return createEngine(instance.exports);
  } catch (cause) {
    if (!["ENOENT", "ERR_MODULE_NOT_FOUND"].includes(cause.code)) throw cause;
    throw new Error("the engine has not been built here: run `make wasm`", { cause });
  }
}

/** A module of JavaScript is one engine, so each load asks for it under another name. */
let loads = 0;
