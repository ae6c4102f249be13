// Which build of the engine runs here. Knows no environment.

/** The builds that build.sh makes, best first. */
export const BUILDS = Object.freeze(["simd128", "plain", "js"]);

/** The smallest module with a SIMD instruction: who validates it can run the build that uses them. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 96, 0, 1, 123], // type: () -> v128
  ...[3, 2, 1, 0], // one function of it
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11], // i32.const 0, i8x16.splat, i8x16.popcnt, end
);

/**
 * The best build that this environment can run.
 * @returns {"simd128" | "plain" | "js"}
 */
export function bestBuild() {
  if (typeof WebAssembly === "undefined") return "js";
  return WebAssembly.validate(SIMD_PROBE) ? "simd128" : "plain";
}
