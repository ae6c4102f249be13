// What a microphone that is kept ready remembers, against an array that keeps everything.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hash } from "../../../engine/identity/signals.mjs";
import { Ring } from "../src/ring.ts";

test("the last samples are kept in order, however they come", () => {
  for (const length of [1, 2, 7, 64]) {
    const ring = new Ring(length);
    for (let round = 0; round < 60; round++) {
      const all = [];
      for (let piece = 0; piece < hash(round) % 9; piece++) {
        const samples = new Float32Array(hash(round * 31 + piece) % (2 * length + 3));
        for (const i of samples.keys()) {
          samples[i] = all.length + 1;
          all.push(samples[i]);
        }
        ring.push(samples);
      }
      assert.deepEqual([...ring.take()], all.slice(-length), `${length}, ${round}`);
    }
  }
});

/** A ring of this length, and the memory that it keeps its samples in: the one that it makes. */
function opened(length) {
  const { Float32Array: original } = globalThis;
  const made = [];
  globalThis.Float32Array = class extends original {
    constructor(...by) {
      super(...by);
      made.push(this);
    }
    static get [Symbol.species]() {
      return original;
    }
  };
  try {
    const ring = new Ring(length);
    assert.equal(made.length, 1);
    return { ring, memory: made[0] };
  } finally {
    globalThis.Float32Array = original;
  }
}

test("what was taken is forgotten, and nothing of it stays in the memory", () => {
  const { ring, memory } = opened(3);
  ring.push(Float32Array.of(1, 2, 3, 4));
  assert.deepEqual([...memory].sort(), [2, 3, 4]);
  assert.deepEqual([...ring.take()], [2, 3, 4]);
  assert.deepEqual([...memory], [0, 0, 0]);
  assert.deepEqual([...ring.take()], []);
  ring.push(Float32Array.of(5));
  assert.deepEqual([...ring.take()], [5]);
});
