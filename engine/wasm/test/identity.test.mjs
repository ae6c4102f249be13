// The identity suite: each build must give the bytes that native Rust gives (engine/identity).

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { hash, samples } from "../../identity/signals.mjs";
import { BUILDS, load } from "../index.mjs";

const vectors = JSON.parse(readFileSync(new URL("../../identity/vectors.json", import.meta.url), "utf8"));

/** Sounds up to this length (samples) are also pushed one sample at a time. */
const SHORT = 6_000;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const digest = (bytes) => ({ bytes: bytes.length, sha256: sha256(bytes) });

const sounds = new Map(vectors.sounds.map((sound) => [sound.name, { ...sound, samples: samples(sound) }]));

function* chunks(all, seed, most) {
  for (let from = 0, i = 0; from < all.length; i++) {
    const length = hash((seed + i) >>> 0) % most;
    yield all.subarray(from, from + length);
    from += length;
  }
}

/** An answer in the terms of the vectors, whose numbers are the shortest decimals of an f32. */
function inVectors({ status, shared, hypotheses, postings, hits }) {
  const rename = ({ recordingId, songId, offset, pitch, ...rest }) => {
    return { recording_id: recordingId, song_id: songId, offset_s: offset, pitch_semitones: pitch, ...rest };
  };
  return { status, shared, hypotheses, postings, hits: hits.map(rename) };
}

const rounded = (answer) =>
  JSON.parse(JSON.stringify(answer), (_key, value) => (typeof value === "number" ? Math.fround(value) : value));

/** f32 of 2⁴⁰ + 7 would not tell it from its neighbours, so ids stay as they are. */
const expected = (answer) => ({
  ...answer,
  hits: answer.hits.map((hit) => ({ ...rounded(hit), recording_id: hit.recording_id, song_id: hit.song_id })),
});

test("samples are those of the vectors", () => {
  for (const { name, samples: made } of sounds.values()) {
    const { samples: committed } = vectors.sounds.find((sound) => sound.name === name);
    assert.equal(sha256(new Uint8Array(made.buffer)), committed, name);
  }
});

for (const build of BUILDS) {
  describe(build, async () => {
    const engine = await load(build);
    const prints = new Map();
    const pieced = (rate, pieces) => {
      const fingerprinter = new engine.Fingerprinter(rate);
      for (const piece of pieces) fingerprinter.push(piece);
      return fingerprinter.finish();
    };

    test("fingerprints are the same in one go", () => {
      for (const { name, rate, samples: all, fingerprint } of sounds.values()) {
        const print = engine.fingerprint(all, rate);
        prints.set(name, print);
        assert.deepEqual(digest(print), fingerprint, name);
      }
    });

    test("fingerprints are the same in pieces", () => {
      let seed = 0;
      for (const { name, rate, samples: all, fingerprint } of sounds.values()) {
        seed += 1000;
        assert.deepEqual(digest(pieced(rate, chunks(all, seed, 3_000))), fingerprint, name);
      }
    });

    test("fingerprints are the same one sample at a time", () => {
      const short = [...sounds.values()].filter((sound) => sound.length <= SHORT);
      assert.ok(short.length > 10);
      for (const { name, rate, samples: all, fingerprint } of short) {
        const single = Array.from(all, (_, i) => all.subarray(i, i + 1));
        assert.deepEqual(digest(pieced(rate, single)), fingerprint, name);
      }
    });

    test("a snapshot is the fingerprint of what was pushed", () => {
      let seed = 0;
      for (const { name, rate, samples: all, fingerprint } of sounds.values()) {
        const at = hash(seed++) % (all.length + 1);
        const fingerprinter = new engine.Fingerprinter(rate);
        fingerprinter.push(all.subarray(0, at));
        assert.deepEqual(fingerprinter.snapshot(), engine.fingerprint(all.subarray(0, at), rate), name);
        fingerprinter.push(all.subarray(at));
        assert.deepEqual(digest(fingerprinter.finish()), fingerprint, name);
      }
    });

    test("frames are the same and add up", () => {
      for (const { name, rate, samples: all, fingerprint, frames } of sounds.values()) {
        const [fingerprinter, assembler] = [new engine.Fingerprinter(rate), new engine.FrameAssembler()];
        const made = [];
        for (let from = 0, number = 0; number === 0 || from < all.length; number++) {
          const to = from + Math.floor(rate / 2);
          fingerprinter.push(all.subarray(from, to));
          made.push(fingerprinter.frame({ key: number % 5 === 0, last: to >= all.length }));
          assembler.push(made.at(-1));
          from = to;
        }
        assert.deepEqual(digest(Buffer.concat(made)), frames, name);
        assert.deepEqual(digest(assembler.fingerprint()), fingerprint, name);
        assert.ok(assembler.ended, name);
        fingerprinter.free();
        assembler.free();
      }
    });

    test("the pack and its answers are the same", () => {
      const builder = new engine.PackBuilder();
      for (const { recording_id, song_id, sound, texts } of vectors.recordings) {
        const [title, artist, language] = texts;
        builder.add(recording_id, song_id, prints.get(sound), { title, artist, language });
      }
      const bytes = builder.build();
      builder.free();
      assert.deepEqual(digest(bytes), vectors.pack);
      const pack = new engine.Pack(bytes);
      for (const { sound, exclude = [], limit, exhaustive, answer } of vectors.queries) {
        const found = engine.recognize([pack], prints.get(sound), { exclude, limit, exhaustive });
        assert.deepEqual(inVectors(found), expected(answer), sound);
      }
      pack.free();
    });
  });
}
