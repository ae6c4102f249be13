// How fast the engine makes fingerprints in Chromium, in its worker: prints one table.
// `node bench.mjs`, after `make wasm` and `pnpm run build`.

import { withPage } from "./test/browser.mjs";

const RATE = 48_000;
const SECONDS = 60;
/** The best of so many rounds, part by part, so that what else the machine does counts little. */
const ROUNDS = 20;
const PART = 5;

/** Runs in the page: milliseconds for the whole sound and for one look at its peaks. */
async function measure([build, rate, seconds, part, rounds]) {
  const { Engine } = await import("/sonica.js");
  const { noiseAndTones } = await import("/source/clients/engine/test/sound.mjs");
  const sound = noiseAndTones(rate, seconds);
  const engine = await Engine.open({ build });
  const silence = await engine.fingerprinter(rate).finish();
  const timed = async (work) => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const prints = Array(seconds / part).fill(Number.POSITIVE_INFINITY);
  let peaks = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const fingerprinter = engine.fingerprinter(rate);
    for (const [i, best] of prints.entries()) {
      const samples = sound.slice(i * part * rate, (i + 1) * part * rate);
      const took = await timed(() => {
        fingerprinter.push(samples);
        // Answered when the samples are done with, and costs nothing itself.
        return engine.recognize([], silence);
      });
      prints[i] = Math.min(best, took);
    }
    for (let look = 0; look < 10; look++) {
      peaks = Math.min(peaks, await timed(() => fingerprinter.peaks(seconds - 5)));
    }
    fingerprinter.free();
  }
  engine.close();
  return { print: prints.reduce((sum, best) => sum + best, 0), peaks };
}

const lines = [`${SECONDS} s of noise and tones at ${RATE} Hz, the best of ${ROUNDS} rounds`, ""];
lines.push("build      fingerprint   × real time   peaks of the last 5 s");
for (const build of ["simd128", "plain"]) {
  const input = [build, RATE, SECONDS, PART, ROUNDS];
  const { print, peaks } = await withPage((page) => page.evaluate(measure, input));
  const speed = Math.round((SECONDS * 1000) / print);
  const numbers = [
    `${print.toFixed(0)} ms`.padStart(11),
    `${speed}`.padStart(13),
    `${peaks.toFixed(2)} ms`.padStart(23),
  ];
  lines.push(`${build.padEnd(9)} ${numbers.join(" ")}`);
}
process.stdout.write(`${lines.join("\n")}\n`);
