// What runs on the audio thread, without one: blocks of any length, an input that is not there, channels.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import vm from "node:vm";

const script = await readFile(new URL("../dist/worklet.js", import.meta.url), "utf8");

/** A processor as the browser makes it, and the batches that it sends. */
function processor({ sampleRate = 48_000 } = {}) {
  const made = {};
  class AudioWorkletProcessor {
    port = {};
  }
  const registerProcessor = (name, Processor) => {
    made.name = name;
    made.processor = new Processor();
  };
  // The test's own arrays, so that they compare.
  vm.runInNewContext(script, { AudioWorkletProcessor, registerProcessor, sampleRate, Float32Array, Math });
  const [sent, closed] = [[], []];
  const out = {
    postMessage: (batch, [buffer]) => sent.push([batch, buffer]),
    close: () => closed.push(true),
  };
  const tell = (data) => made.processor.port.onmessage({ data });
  const process = (...channels) => made.processor.process([channels], [[new Float32Array(128)]]);
  return { name: made.name, sent, closed, tell: (what) => tell(what === "port" ? out : what), process };
}

const ramp = (from, length) => Float32Array.from({ length }, (_, i) => from + i);

test("samples arrive whole and in order, whatever the blocks' length", () => {
  for (const block of [128, 1, 333, 4096]) {
    const { name, sent, tell, process } = processor();
    assert.equal(name, "sonica-listener");
    tell("port");
    for (let from = 0; from < 10_000; from += block) assert.equal(process(ramp(from, block)), true);
    const all = sent.flatMap(([batch]) => [...batch]);
    assert.ok(all.length > 7_000);
    assert.deepEqual(all, [...ramp(0, all.length)]);
    assert.ok(sent.every(([batch, buffer]) => batch.buffer === buffer && batch.length === sent[0][0].length));
  }
});

test("a batch is a twentieth of a second at any rate", () => {
  for (const sampleRate of [8_000, 44_100, 48_000, 192_000]) {
    const { sent, tell, process } = processor({ sampleRate });
    tell("port");
    for (let i = 0; i < sampleRate; i += 128) process(ramp(i, 128));
    assert.ok(sent.length >= 15 && sent.length <= 20, `${sent.length} batches at ${sampleRate} Hz`);
  }
});

test("channels are averaged", () => {
  const { sent, tell, process } = processor();
  tell("port");
  for (let i = 0; i < 20; i++) process(new Float32Array(128).fill(1), new Float32Array(128).fill(-0.5));
  assert.ok(sent[0][0].every((sample) => sample === 0.25));
});

test("an absent input is nothing before the first sound, and silence after it", () => {
  const { sent, tell, process } = processor();
  tell("port");
  for (let i = 0; i < 50; i++) process();
  process(new Float32Array(128).fill(1));
  for (let i = 0; i < 30; i++) process();
  assert.equal(sent.length, 1);
  assert.deepEqual([...sent[0][0].subarray(0, 129)], [...Array(128).fill(1), 0]);
});

test("nothing is taken before there is somebody to hear it, and nothing after the end", () => {
  const { sent, closed, tell, process } = processor();
  for (let i = 0; i < 50; i++) process(ramp(0, 128));
  tell("port");
  process(ramp(7, 128));
  for (let i = 0; i < 20; i++) process(ramp(0, 128));
  assert.equal(sent[0][0][0], 7);
  tell("stop");
  assert.equal(process(ramp(0, 128)), false);
  assert.deepEqual(closed, [true]);
});
