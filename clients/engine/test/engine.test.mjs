// The package in Chromium, as a page has it: its real worker, under the policy that browser.mjs sets.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { load } from "../../../engine/wasm/index.mjs";
import { withPage } from "./browser.mjs";
import { packOf } from "./packs.mjs";

const BUILDS = ["simd128", "plain"];
/** What a page loads before it can listen may weigh so much, gzipped. */
const BUDGET = 300_000;

const timeout = { timeout: 90_000 };
const dist = (name) => readFile(new URL(`../dist/${name}`, import.meta.url));

for (const build of BUILDS) {
  test(`what a page loads is small: ${build}`, async () => {
    const files = await Promise.all([dist("worker.js"), dist("worklet.js"), dist(`sonica-${build}.wasm`)]);
    const total = files.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    assert.ok(total <= BUDGET, `${total} bytes`);
  });

  test(`the vectors' bytes come out of the worker: ${build}`, timeout, async () => {
    const name = "song at 44100 Hz";
    const { result, wanted } = await withPage((page) =>
      page.evaluate(
        async ([build, name]) => {
          const { Engine } = await import("/sonica.js");
          const { samples } = await import("/source/engine/identity/signals.mjs");
          const vectors = await (await fetch("/source/engine/identity/vectors.json")).json();
          const sound = vectors.sounds.find((one) => one.name === name);
          const engine = await Engine.open({ build });
          const fingerprinter = engine.fingerprinter(sound.rate);
          const all = samples(sound);
          // A part of a larger buffer, and one that is a whole buffer: only the latter may be taken away.
          fingerprinter.push(all.subarray(0, 10_000));
          const rest = all.slice(10_000);
          fingerprinter.push(rest);
          const print = await fingerprinter.finish();
          const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", print));
          const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
          const result = {
            bytes: print.length,
            sha256,
            left: [all.length, rest.length],
            build: engine.build,
          };
          engine.close();
          return { result, wanted: { ...sound.fingerprint, left: [sound.length, 0], build } };
        },
        [build, name],
      ),
    );
    assert.deepEqual(result, wanted);
  });
}

/** Runs `work(tools, input)` in the page. */
function inPage(work, input) {
  const program = `(async () => {
    const { Engine, EngineError, Recorder, missing } = await import("/sonica.js");
    const { samples } = await import("/source/engine/identity/signals.mjs");
    const song = (seed, seconds) =>
      samples({ signal: "song", seed, rate: 8000, length: 8000 * seconds, exponent: -17 });
    const code = (promise) => promise.then(() => "fine", (error) => error instanceof EngineError ? error.code : String(error));
    return (${work})({ Engine, Recorder, missing, song, code }, ${JSON.stringify(input)});
  })()`;
  return withPage((page) => page.evaluate(program));
}

describe("the engine", timeout, () => {
  test("names a song, with ids of any size", async () => {
    const found = await inPage(
      async ({ Engine, song }, pack) => {
        const engine = await Engine.open();
        const opened = await engine.openPack(Uint8Array.from(pack));
        const fingerprinter = engine.fingerprinter(8000);
        fingerprinter.push(song(1, 8).slice(16_000));
        const print = await fingerprinter.snapshot();
        const { status, hits } = await engine.recognize([opened], print, { limit: 1 });
        const [{ title }] = await opened.recordings();
        const { length, profile } = opened;
        const [{ recordingId, songId, offset }] = hits;
        return {
          status,
          recordingId,
          songId: `${songId}`,
          offset: Math.round(offset * 10),
          title,
          length,
          profile,
        };
      },
      await packOf(),
    );
    const wanted = { status: "match", recordingId: 1, songId: `${2n ** 64n - 1n}`, offset: 20, title: "One" };
    assert.deepEqual(found, { ...wanted, length: 2, profile: "full" });
  });

  test("gives peaks and frames while it listens", async () => {
    const { peaks, late, frames, snapshot } = await inPage(async ({ Engine, song }) => {
      const engine = await Engine.open();
      const fingerprinter = engine.fingerprinter(8000);
      const frames = [];
      for (let second = 0; second < 4; second++) {
        fingerprinter.push(song(1, 4).slice(second * 8000, (second + 1) * 8000));
        frames.push([...(await fingerprinter.frame({ last: second === 3 }))]);
      }
      const [peaks, late] = [await fingerprinter.peaks(0), await fingerprinter.peaks(2)];
      return { peaks, late, frames, snapshot: [...(await fingerprinter.snapshot())] };
    });
    assert.ok(peaks.length > 50);
    assert.deepEqual(
      late,
      peaks.filter(({ time }) => time >= 2),
    );
    assert.ok(peaks.every(({ strength }) => strength > 0 && strength <= 1));
    const engine = await load("simd128");
    const assembler = new engine.FrameAssembler();
    for (const frame of frames) assembler.push(Uint8Array.from(frame));
    assert.deepEqual([...assembler.fingerprint()], snapshot);
    assert.equal(assembler.ended, true);
  });

  test("says what is wrong, by a code", async () => {
    const codes = await inPage(async ({ Engine, song, code }) => {
      const engine = await Engine.open();
      const other = await Engine.open();
      const gone = engine.fingerprinter(8000);
      gone.push(song(1, 1));
      const print = await gone.finish();
      gone.free();
      const pack = await other.openPack(new Uint8Array(0)).catch((error) => error.code);
      const never = engine.fingerprinter(100);
      never.push(song(1, 1));
      const damaged = engine.recognize([], print.slice(1));
      return {
        pack,
        rate: [await code(never.snapshot()), await code(never.peaks(0))],
        finished: await code(gone.snapshot()),
        damaged: await code(damaged),
        kind: await code(engine.recognize([], "print")),
        fine: await code(engine.recognize([], print)),
      };
    });
    const wanted = { pack: "format", rate: ["rate", "rate"], finished: "usage", kind: "usage", fine: "fine" };
    assert.deepEqual(codes, { ...wanted, damaged: "format" });
  });

  test("rejects what is pending when it is closed", async () => {
    const codes = await inPage(async ({ Engine, song, code }) => {
      const engine = await Engine.open();
      const fingerprinter = engine.fingerprinter(8000);
      fingerprinter.push(song(1, 60));
      const pending = code(fingerprinter.snapshot());
      engine.close();
      fingerprinter.push(song(1, 1));
      fingerprinter.free();
      return [await pending, await code(fingerprinter.snapshot())];
    });
    assert.deepEqual(codes, ["closed", "closed"]);
  });

  test("opens where the server does not know WebAssembly, and says where there is nothing", async () => {
    const codes = await inPage(async ({ Engine, code }) => [
      await code(Engine.open({ assets: "/untyped" })),
      await code(Engine.open({ assets: new URL("/untyped/", location.href), build: "plain" })),
      await code(Engine.open({ assets: "/nowhere/" })),
      await code(Engine.open({ build: "fast" })),
    ]);
    assert.deepEqual(codes, ["fine", "fine", "assets", "assets"]);
  });

  test("misses nothing here, and says what a page lacks", async () => {
    const found = await inPage(({ missing }) => {
      const found = [missing()];
      for (const name of ["WebAssembly", "AudioWorkletNode"]) {
        delete globalThis[name];
        found.push(missing());
      }
      Object.defineProperty(navigator, "mediaDevices", { value: undefined });
      found.push(missing());
      Object.defineProperty(globalThis, "isSecureContext", { value: false });
      return [...found, missing()];
    });
    assert.deepEqual(found, ["none", "webassembly", "worklet", "microphone", "insecure"]);
  });
});
