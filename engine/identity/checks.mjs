// The identity suite: an engine must give the bytes that native Rust gives. Knows no environment, so that
// the very same checks run under Node, in a browser and in workerd; each has a runner of its own.

import { hash, samples } from "./signals.mjs";

/** Sounds up to this length (samples) are also pushed one sample at a time. */
const SHORT = 6_000;

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const digest = async (bytes) => ({ bytes: bytes.length, sha256: await sha256(bytes) });

function ensure(right, what) {
  if (!right) throw new Error(`identity: ${what}`);
}

/** The same values all the way down; -0 is not 0, as in the vectors. */
function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

function same(actual, expected, what) {
  const text = (value) =>
    JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? `${part}n` : part))?.slice(0, 500);
  ensure(equal(actual, expected), `${what}: ${text(actual)} is not ${text(expected)}`);
}

function joined(arrays) {
  const all = new Uint8Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

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

/** Made once for all the engines that are checked: several seconds of work. */
let made;
function soundsOf(vectors) {
  made ??= vectors.sounds.map((sound) => ({ ...sound, samples: samples(sound) }));
  return made;
}

/** The checks that need no engine: `[name, work]` each. */
export function signalChecks(vectors) {
  return [
    [
      "samples are those of the vectors",
      async () => {
        for (const [i, { name, samples: all }] of soundsOf(vectors).entries()) {
          same(await sha256(new Uint8Array(all.buffer)), vectors.sounds[i].samples, name);
        }
      },
    ],
  ];
}

/**
 * The checks of one build, `[name, work]` each, to be run in this order.
 * @param {() => import("../wasm/engine.mjs").Engine} the The engine, once the checks run.
 * @param {any} vectors What vectors.json holds.
 */
export function engineChecks(the, vectors) {
  const prints = new Map();
  const pieced = (rate, pieces) => {
    const fingerprinter = new (the().Fingerprinter)(rate);
    for (const piece of pieces) fingerprinter.push(piece);
    return fingerprinter.finish();
  };

  async function inOneGo() {
    for (const { name, rate, samples: all, fingerprint } of soundsOf(vectors)) {
      const print = the().fingerprint(all, rate);
      prints.set(name, print);
      same(await digest(print), fingerprint, name);
    }
  }

  async function inPieces() {
    let seed = 0;
    for (const { name, rate, samples: all, fingerprint } of soundsOf(vectors)) {
      seed += 1000;
      same(await digest(pieced(rate, chunks(all, seed, 3_000))), fingerprint, name);
    }
  }

  async function oneSampleAtATime() {
    const short = soundsOf(vectors).filter((sound) => sound.length <= SHORT);
    ensure(short.length > 10, "too few short sounds");
    for (const { name, rate, samples: all, fingerprint } of short) {
      const single = Array.from(all, (_, i) => all.subarray(i, i + 1));
      same(await digest(pieced(rate, single)), fingerprint, name);
    }
  }

  async function snapshots() {
    let seed = 0;
    for (const { name, rate, samples: all, fingerprint } of soundsOf(vectors)) {
      const at = hash(seed++) % (all.length + 1);
      const fingerprinter = new (the().Fingerprinter)(rate);
      fingerprinter.push(all.subarray(0, at));
      same(fingerprinter.snapshot(), the().fingerprint(all.subarray(0, at), rate), name);
      fingerprinter.push(all.subarray(at));
      same(await digest(fingerprinter.finish()), fingerprint, name);
    }
  }

  async function frames() {
    const { Fingerprinter, FrameAssembler } = the();
    for (const { name, rate, samples: all, fingerprint, frames: wanted } of soundsOf(vectors)) {
      const [fingerprinter, assembler] = [new Fingerprinter(rate), new FrameAssembler()];
      const sent = [];
      for (let from = 0, number = 0; number === 0 || from < all.length; number++) {
        const to = from + Math.floor(rate / 2);
        fingerprinter.push(all.subarray(from, to));
        sent.push(fingerprinter.frame({ key: number % 5 === 0, last: to >= all.length }));
        assembler.push(sent.at(-1));
        from = to;
      }
      same(await digest(joined(sent)), wanted, name);
      same(await digest(assembler.fingerprint()), fingerprint, name);
      ensure(assembler.ended, `${name} has not ended`);
      fingerprinter.free();
      assembler.free();
    }
  }

  async function answers() {
    const { Pack, PackBuilder, recognize } = the();
    const builder = new PackBuilder();
    for (const { recording_id, song_id, sound, texts } of vectors.recordings) {
      const [title, artist, language] = texts;
      builder.add(recording_id, song_id, prints.get(sound), { title, artist, language });
    }
    const bytes = builder.build();
    builder.free();
    same(await digest(bytes), vectors.pack, "the pack");
    const pack = new Pack(bytes);
    for (const { sound, exclude = [], limit, exhaustive, answer } of vectors.queries) {
      const found = recognize([pack], prints.get(sound), { exclude, limit, exhaustive });
      same(inVectors(found), expected(answer), sound);
    }
    pack.free();
  }

  return [
    ["fingerprints are the same in one go", inOneGo],
    ["fingerprints are the same in pieces", inPieces],
    ["fingerprints are the same one sample at a time", oneSampleAtATime],
    ["a snapshot is the fingerprint of what was pushed", snapshots],
    ["frames are the same and add up", frames],
    ["the pack and its answers are the same", answers],
  ];
}
