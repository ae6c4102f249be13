// Loads the engine in Node: its functions are described in engine.mjs.

import { readFile } from "node:fs/promises";

import { createEngine } from "./engine.mjs";

export { createEngine, EngineError } from "./engine.mjs";

/** The builds that build.sh makes, best first. */
export const BUILDS = Object.freeze(["simd128", "plain", "js"]);

/** The smallest module with a SIMD instruction: who validates it can run the build that uses them. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 96, 0, 1, 123], // type: () -> v128
  ...[3, 2, 1, 0], // one function of it
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11], // i32.const 0, i8x16.splat, i8x16.popcnt, end
);

/** The best build that this environment can run. */
export function bestBuild() {
  if (typeof WebAssembly === "undefined") return "js";
  return WebAssembly.validate(SIMD_PROBE) ? "simd128" : "plain";
}

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
