// What the JavaScript interface promises besides the right bytes: errors that say what to do, in every build.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { hash, samples } from "../../identity/signals.mjs";
import { bestBuild, BUILDS, EngineError, load } from "../index.mjs";

const RATE = 8000;
const sound = (seed, seconds = 6) => {
  return samples({ signal: "song", seed, rate: RATE, length: RATE * seconds, exponent: -18 });
};
const refuses = (work, code, message) => {
  assert.throws(work, (error) => {
    assert.ok(error instanceof EngineError, `${error}`);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
};

function packOf(engine, rows) {
  const builder = new engine.PackBuilder();
  for (const [recordingId, songId, print, texts] of rows) builder.add(recordingId, songId, print, texts);
  const bytes = builder.build();
  builder.free();
  return bytes;
}

test("the best build here uses SIMD, and one that does not exist is refused", async () => {
  assert.equal(bestBuild(), "simd128");
  await assert.rejects(load("fast"), TypeError);
});

for (const build of BUILDS) {
  describe(build, async () => {
    const engine = await load(build);
    const print = engine.fingerprint(sound(1), RATE);

    test("a rate that cannot be resampled is refused", () => {
      for (const rate of [0, 3999, 384_001, 2 ** 32 - 1]) {
        refuses(() => engine.fingerprint(sound(1), rate), "rate", /4,000 to 384,000 Hz can/);
      }
      for (const rate of [2 ** 32 + 8000, -8000, 8000.5, Number.NaN, "8000"]) {
        refuses(() => new engine.Fingerprinter(rate), "rate", /whole number/);
      }
      assert.throws(() => engine.fingerprint([0, 0.5], RATE), TypeError);
    });

    test("an object that is finished or freed says so", () => {
      const fingerprinter = new engine.Fingerprinter(RATE);
      fingerprinter.finish();
      refuses(() => fingerprinter.push(sound(1, 1)), "usage", /make a new one/);
      refuses(() => fingerprinter.snapshot(), "usage", /make a new one/);
      fingerprinter.free();
      const pack = new engine.Pack(packOf(engine, []));
      pack.free();
      pack.free();
      refuses(() => engine.recognize([pack], print), "usage", /make a new one/);
    });

    test("peaks come while it listens, and are those of the fingerprint", () => {
      const fingerprinter = new engine.Fingerprinter(RATE);
      assert.deepEqual(fingerprinter.peaks(), []);
      for (let second = 0; second < 6; second++) {
        fingerprinter.push(sound(1).subarray(second * RATE, (second + 1) * RATE));
        const print = fingerprinter.snapshot();
        const all = fingerprinter.peaks();
        assert.equal(all.length, new DataView(print.buffer).getUint32(10, true));
        assert.deepEqual(fingerprinter.peaks(-1), all);
        assert.deepEqual(fingerprinter.snapshot(), print);
        const middle = all[all.length >> 1].time;
        assert.deepEqual(fingerprinter.peaks(middle), all.filter(({ time }) => time >= middle));
        assert.deepEqual(fingerprinter.peaks(60), []);
      }
      const peaks = fingerprinter.peaks();
      assert.ok(peaks.length > 100);
      for (const [i, { time, frequency, strength }] of peaks.entries()) {
        assert.ok(time >= (peaks[i - 1]?.time ?? 0) && time < 6);
        assert.ok(frequency > 58 && frequency < 3700);
        assert.ok(Number.isInteger(strength * 16) && strength > 0 && strength <= 1);
      }
      assert.ok(peaks.some(({ strength }) => strength === 1));
      fingerprinter.free();
      refuses(() => fingerprinter.peaks(), "usage", /make a new one/);
    });

    test("a damaged fingerprint is an error, whichever byte it is", () => {
      const pack = new engine.Pack(packOf(engine, [[1, 1, print]]));
      for (let i = 0; i < print.length; i++) {
        const bad = print.slice();
        bad[i] ^= 1 << hash(i) % 8;
        assert.throws(() => engine.recognize([pack], bad), EngineError, `byte ${i}`);
        assert.throws(() => engine.recognize([pack], print.subarray(0, i)), EngineError, `cut at ${i}`);
      }
      refuses(() => engine.recognize([pack], new Uint8Array(40)), "format", /not a valid fingerprint/);
      const newer = print.slice();
      newer[3] = 2;
      refuses(() => engine.recognize([pack], newer), "version", /version 2/);
      pack.free();
    });

    test("a frame that is not the next one is refused, and a key frame mends it", () => {
      const [sender, receiver] = [new engine.Fingerprinter(RATE), new engine.FrameAssembler()];
      const frames = [0, 1, 2].map((second) => {
        sender.push(sound(1).subarray(second * RATE, (second + 1) * RATE));
        return sender.frame();
      });
      refuses(() => receiver.push(frames[1]), "sequence", /key frame/);
      receiver.push(frames[0]);
      const held = receiver.fingerprint();
      for (const wrong of [frames[2], frames[0]]) refuses(() => receiver.push(wrong), "sequence", /key frame/);
      for (let i = 0; i < frames[1].length; i++) {
        const bad = frames[1].slice();
        bad[i] ^= 1 << hash(i) % 8;
        assert.throws(() => receiver.push(bad), EngineError, `byte ${i}`);
        assert.throws(() => receiver.push(frames[1].subarray(0, i)), EngineError, `cut at ${i}`);
      }
      refuses(() => receiver.push(print), "format", /not a valid frame/);
      assert.deepEqual(receiver.fingerprint(), held);
      assert.equal(receiver.ended, false);
      receiver.push(sender.frame({ key: true, last: true }));
      assert.deepEqual(receiver.fingerprint(), sender.snapshot());
      assert.equal(receiver.ended, true);
      assert.throws(() => receiver.push([...frames[0]]), { name: "TypeError", message: /a frame must be/ });
      sender.free();
      receiver.free();
      refuses(() => receiver.fingerprint(), "usage", /make a new one/);
    });

    test("a damaged pack is an error, wherever it is damaged", () => {
      const bytes = packOf(engine, [[1, 1, print, { title: "नाम" }]]);
      for (let i = 0; i < 300; i++) {
        // Everything before the index byte by byte, and places all over it.
        const at = i < 200 ? i : hash(i) % bytes.length;
        const bad = bytes.slice();
        bad[at] ^= 1 << hash(i) % 8;
        assert.throws(() => new engine.Pack(bad), EngineError, `byte ${at}`);
      }
      refuses(() => new engine.Pack(new Uint8Array(0)), "format", /not a valid pack/);
      refuses(() => new engine.Pack(bytes.subarray(0, bytes.length - 1)), "format", /cut off/);
    });

    test("a pack gives back its rows, with ids of any size", () => {
      const rows = [
        [1, 7, print, { title: "Tum Hi Ho", artist: "Arijit", language: "hi" }],
        [2 ** 53 - 1, 2n ** 64n - 1n, print, { title: "लॉलीपॉप लागेलू 🎵" }],
      ];
      const pack = new engine.Pack(packOf(engine, rows));
      assert.equal(pack.length, 2);
      const [first, second] = pack.recordings();
      assert.deepEqual(first, {
        recordingId: 1, songId: 7, title: "Tum Hi Ho", artist: "Arijit", language: "hi", duration: 6,
      });
      assert.equal(second.recordingId, 2 ** 53 - 1);
      assert.equal(second.songId, 2n ** 64n - 1n);
      assert.equal(second.title, "लॉलीपॉप लागेलू 🎵");
      const found = engine.recognize([pack], print, { exclude: [1] });
      assert.deepEqual(found.hits.map((hit) => hit.songId), [2n ** 64n - 1n]);
      pack.free();
    });

    test("a lite pack holds less, and says so", () => {
      const [full, lite] = ["full", "lite"].map((profile) => {
        const builder = new engine.PackBuilder({ profile });
        builder.add(1, 1, print);
        const bytes = builder.build();
        builder.free();
        return bytes;
      });
      assert.ok(lite.length < full.length);
      for (const [profile, bytes] of [["full", full], ["lite", lite]]) {
        const pack = new engine.Pack(bytes);
        assert.equal(pack.profile, profile);
        pack.free();
      }
      assert.throws(() => new engine.PackBuilder({ profile: "small" }), RangeError);
    });

    test("a recording twice in one pack is refused", () => {
      const builder = new engine.PackBuilder();
      builder.add(5, 1, print);
      refuses(() => builder.add(5, 2, print), "duplicate", /recording 5/);
      refuses(() => builder.add(6, 2, print.subarray(1)), "format", /fingerprint/);
      builder.free();
    });

    test("what is no Uint8Array is refused as bytes", () => {
      const builder = new engine.PackBuilder();
      const others = [[1, 2, 3], "bytes", new ArrayBuffer(40), { length: 40 }, new Uint16Array(20), null];
      for (const wrong of [...others, undefined]) {
        const refused = (what) => ({ name: "TypeError", message: `${what} must be a Uint8Array` });
        assert.throws(() => new engine.Pack(wrong), refused("a pack"));
        assert.throws(() => builder.add(1, 1, wrong), refused("a fingerprint"));
        assert.throws(() => engine.recognize([], wrong), refused("a fingerprint"));
      }
      builder.add(1, 1, Buffer.from(print)); // a Buffer is one
      builder.free();
    });

    test("an id that does not fit is refused, not wrapped round to another", () => {
      const builder = new engine.PackBuilder();
      for (const wrong of [-1, -1n, 2n ** 64n, 2 ** 53, 2 ** 64, 0.5, Number.NaN, Infinity, "1", null]) {
        assert.throws(() => builder.add(wrong, 1, print), RangeError, `${wrong}`);
        assert.throws(() => builder.add(1, wrong, print), RangeError, `${wrong}`);
        assert.throws(() => engine.recognize([], print, { exclude: [wrong] }), RangeError, `${wrong}`);
      }
      for (const right of [0, 2 ** 53 - 1, 2n ** 53n, 2n ** 64n - 1n]) builder.add(right, right, print);
      builder.free();
    });

    test("several packs answer as one", () => {
      const others = [2, 3].map((seed) => [seed, seed, engine.fingerprint(sound(seed), RATE)]);
      const packs = [[[1, 1, print]], others, []].map((rows) => new engine.Pack(packOf(engine, rows)));
      const found = engine.recognize(packs, print, { limit: 1 });
      assert.equal(found.status, "match");
      assert.deepEqual(found.hits.map((hit) => hit.recordingId), [1]);
      assert.equal(engine.recognize([], print).status, "none");
      for (const pack of packs) pack.free();
    });

    test("an answer follows its thresholds, its confidence does not", () => {
      const pack = new engine.Pack(packOf(engine, [[1, 1, print], [2, 2, engine.fingerprint(sound(2), RATE)]]));
      // Another sound over it, louder and louder, until it is neither certain nor lost.
      let [query, confidence] = [print, 1];
      for (let step = 1; confidence >= 0.995; step++) {
        const other = sound(3);
        query = engine.fingerprint(sound(1).map((value, i) => value / 4 + (other[i] * step) / 16), RATE);
        confidence = engine.recognize([pack], query).hits[0]?.confidence ?? 0;
      }
      assert.ok(confidence > 0, "no sound lies between certain and lost");
      const at = (matchAt, unsureAt) => engine.recognize([pack], query, { matchAt, unsureAt });
      assert.equal(at(confidence, 0).status, "match");
      assert.equal(at(confidence + 1e-6, confidence).status, "unsure");
      assert.equal(at(confidence + 1e-6, confidence + 1e-6).status, "none");
      assert.deepEqual(at(1, 1).hits, at(confidence, 0).hits);
      assert.deepEqual(at(undefined, null), engine.recognize([pack], query));
      pack.free();
    });

    test("thresholds that are no confidences in order are refused", () => {
      const wrong = [-0.1, 1.1, NaN, Infinity];
      for (const one of wrong) {
        refuses(() => engine.recognize([], print, { matchAt: one }), "threshold", /from 0 to 1/);
        refuses(() => engine.recognize([], print, { unsureAt: one }), "threshold", /from 0 to 1/);
      }
      refuses(() => engine.recognize([], print, { matchAt: 0.4, unsureAt: 0.5 }), "threshold", /not above/);
      for (const one of ["0.9", 1n, {}, true]) {
        assert.throws(() => engine.recognize([], print, { matchAt: one }), TypeError);
      }
    });

    test("memory that is given back is used again", () => {
      const bytes = packOf(engine, [[1, 1, print]]);
      const once = () => {
        const fingerprinter = new engine.Fingerprinter(44_100);
        fingerprinter.push(sound(1, 1));
        const assembler = new engine.FrameAssembler();
        assembler.push(fingerprinter.frame());
        assembler.free();
        fingerprinter.free();
        const pack = new engine.Pack(bytes);
        engine.recognize([pack], print);
        pack.free();
        assert.throws(() => new engine.Pack(bytes.subarray(1)), EngineError);
      };
      for (let i = 0; i < 3; i++) once();
      const before = engine.memoryBytes();
      for (let i = 0; i < 40; i++) once();
      assert.equal(engine.memoryBytes(), before);
    });
  });
}
