// The microphone: Chromium hears a file that is made here, and the Recorder names what it is.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { load } from "../../../engine/wasm/index.mjs";
import { withPage } from "./browser.mjs";
import { song, wav } from "./sound.mjs";

const RATE = 48_000;
const SECONDS = 20;

/** Listens in the page until `enough` seconds are heard, then hands out what it knows. */
async function listen({ build, enough, pack, how }) {
  const { Engine, Recorder } = await import("/sonica.js");
  // Without them, as any page that wants music has to ask.
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const engine = await Engine.open({ build });
  const seen = { levels: [], peaks: [], seconds: 0, reports: 0, ended: 0 };
  const began = performance.now();
  const recorder = await Recorder.start(stream, engine, {
    ...(how === "context" ? { context: new AudioContext({ sampleRate: 32_000 }) } : {}),
    onLevel: (rms) => seen.levels.push(rms),
    onPeaks: (peaks, seconds) => Object.assign(seen, { peaks, seconds, reports: seen.reports + 1 }),
    onEnded: () => {
      seen.ended += 1;
    },
  });
  while (recorder.seconds < enough) {
    if (performance.now() - began > 60_000) throw new Error(`only ${recorder.seconds} s were heard`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const frame = await recorder.frame({ key: true });
  const { fingerprint, seconds } = await recorder.snapshot();
  const packs = [await engine.openPack(Uint8Array.from(pack))];
  const answer = await engine.recognize(packs, fingerprint);
  // As when the microphone is unplugged, which cannot be done here.
  stream.getTracks()[0].dispatchEvent(new Event("ended"));
  await recorder.stop();
  await recorder.stop();
  const { reports } = seen;
  const late = await recorder.snapshot().catch(({ code }) => code);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const refused = async (other) => Recorder.start(other, engine).catch(({ code }) => code);
  const silent = [await refused(new MediaStream()), await refused(stream)];
  engine.close();
  const closed = await refused(new AudioContext().createMediaStreamDestination().stream);
  const live = stream.getTracks().filter((track) => track.readyState === "live").length;
  const { status, hits } = answer;
  const quiet = seen.reports === reports;
  return {
    seen,
    seconds,
    status,
    hit: hits[0],
    frame: frame.length,
    late,
    live,
    quiet,
    refused: [...silent, closed],
  };
}

/** Keeps the microphone ready until `kept` seconds are surely there, then hears from then on. */
async function ready({ before, kept, longest }) {
  const { Engine, Recorder } = await import("/sonica.js");
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const engine = await Engine.open();
  let reports = 0;
  const context = new AudioContext();
  const recorder = await Recorder.start(stream, engine, {
    context,
    before,
    longest,
    onPeaks: () => {
      reports += 1;
    },
  });
  const began = context.currentTime;
  while (context.currentTime - began < kept) await new Promise((resolve) => setTimeout(resolve, 50));
  const waiting = { reports, seconds: (await recorder.snapshot()).seconds };
  await recorder.begin();
  await recorder.begin();
  const first = await recorder.snapshot();
  const frames = [[...(await recorder.frame())]];
  while (recorder.seconds < longest) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 500));
  frames.push([...(await recorder.frame({ last: true }))]);
  const last = await recorder.snapshot();
  await recorder.stop();
  return { waiting, first: first.seconds, last: last.seconds, frames, print: [...last.fingerprint] };
}

describe("a microphone", () => {
  let folder;
  let sound;
  let pack;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "sonica-sound-"));
    sound = join(folder, "song.wav");
    await writeFile(sound, wav(song(5, RATE, SECONDS), RATE));
    const engine = await load("simd128");
    const builder = new engine.PackBuilder();
    for (const seed of [4, 5, 6])
      builder.add(seed, seed, engine.fingerprint(song(seed, RATE, SECONDS), RATE));
    pack = [...builder.build()];
  });
  after(() => rm(folder, { recursive: true }));

  for (const [build, how] of [
    ["simd128", "its own context"],
    ["plain", "its own context"],
    ["simd128", "context"],
  ]) {
    test(`names the song: ${build}, ${how}`, { timeout: 90_000 }, async () => {
      const heard = await withPage((page) => page.evaluate(listen, { build, enough: 8, pack, how }), {
        sound,
      });
      const { seen, hit } = heard;
      assert.equal(heard.status, "match");
      assert.equal(hit.recordingId, 5);
      assert.ok(Math.abs(hit.speed - 1) < 0.01 && Math.abs(hit.pitch) < 0.2, JSON.stringify(hit));
      assert.ok(heard.seconds >= 8 && heard.seconds < SECONDS);
      assert.ok(Math.max(...seen.levels) > 0.01 && Math.max(...seen.levels) < 1);
      assert.ok(seen.reports > 40 && seen.levels.length >= seen.reports, `${seen.reports} reports`);
      assert.ok(seen.peaks.length > 100 && seen.peaks.every(({ time }) => time < seen.seconds));
      assert.ok(heard.frame > 100);
      assert.equal(seen.ended, 1);
      assert.deepEqual([heard.late, heard.live, heard.quiet], ["usage", 0, true]);
      assert.deepEqual(heard.refused, ["usage", "usage", "closed"]);
    });
  }

  test("that is kept ready is heard from before, and no longer than wanted", {
    timeout: 90_000,
  }, async () => {
    const [before, longest] = [3, 6];
    const heard = await withPage((page) => page.evaluate(ready, { before, kept: 4, longest }), { sound });
    assert.deepEqual(heard.waiting, { reports: 0, seconds: 0 });
    // What came between the two calls is heard as well.
    assert.ok(heard.first >= before && heard.first <= longest, `${heard.first} s`);
    assert.equal(heard.last, longest);
    const engine = await load("simd128");
    const assembler = new engine.FrameAssembler();
    for (const frame of heard.frames) assembler.push(Uint8Array.from(frame));
    assert.deepEqual([...assembler.fingerprint()], heard.print);
    const { status, hits } = engine.recognize(
      [new engine.Pack(Uint8Array.from(pack))],
      assembler.fingerprint(),
    );
    assert.deepEqual([status, hits[0].recordingId], ["match", 5]);
  });
});
