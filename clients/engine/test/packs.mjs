// A pack of two songs, and what is asked of it.

import { samples } from "../../../engine/identity/signals.mjs";
import { load } from "../../../engine/wasm/index.mjs";

const RATE = 8000;
const sound = (seed) => samples({ signal: "song", seed, rate: RATE, length: 8 * RATE, exponent: -17 });

/** The pack, as numbers. */
export async function packOf() {
  const engine = await load("simd128");
  const builder = new engine.PackBuilder();
  for (const [id, song, title] of [
    [1, 2n ** 64n - 1n, "One"],
    [2, 2, "Two"],
  ]) {
    builder.add(id, song, engine.fingerprint(sound(id), RATE), { title });
  }
  return [...builder.build()];
}

/** The fingerprint of a song from its second second on. */
export async function printOf(seed) {
  const engine = await load("simd128");
  return engine.fingerprint(sound(seed).slice(2 * RATE), RATE);
}
