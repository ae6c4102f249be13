// The engine's functions for JavaScript, over the exports of any of its builds. Knows no environment:
// neither files nor fetch nor WebAssembly, so that it also runs where the engine is plain JavaScript.

import { readAnswer, readPeaks, readRecording } from "./outputs.mjs";

const CODES = [
  ...["", "rate", "length", "format", "version", "checksum", "limit", "duplicate", "threshold", "sequence"],
  "usage",
];
/** Samples that cross the border at once. */
const PIECE = 1 << 14;
/** The interface (engine/wasm/src/lib.rs) that this was written for. */
const INTERFACE = 5;
/** Names of the profiles, by their numbers. */
const PROFILES = ["full", "lite"];

/** Input that the engine refuses: `code` is for programs, `message` says what to do. */
export class EngineError extends Error {
  /**
   * @param {string} code `rate`, `length`, `format`, `version`, `checksum`, `limit`, `duplicate`,
   *   `threshold`, `sequence` for a frame that is not the next one, `usage`, `memory` when there was not
   *   enough (load the engine anew then), or `unknown` for what a later engine may refuse: go by the message.
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = "EngineError";
    this.code = code;
  }
}

/**
 * @typedef {number | bigint} Id A number; a bigint from 2⁵³ on.
 * @typedef {object} Recording
 * @property {Id} recordingId
 * @property {Id} songId
 * @property {string} title
 * @property {string} artist
 * @property {string} language
 * @property {number} duration Seconds.
 *
 * @typedef {object} Hit
 * @property {Id} recordingId
 * @property {Id} songId
 * @property {number} offset Place in the recording where the query's first sample would lie, seconds. Below 0
 *   if the query began earlier: far below if only a later part of a long one is of this recording.
 * @property {number} speed Tempo of the query relative to the recording.
 * @property {number} pitch Change of pitch, semitones.
 * @property {number} score The verifier's score, log odds.
 * @property {number} confidence 0 to 1.
 * @property {number[]} features What the verifier saw.
 *
 * @typedef {object} Peak
 * @property {number} time Seconds from the first sample.
 * @property {number} frequency Hz.
 * @property {number} strength 1 for the strongest of those around it, a sixteenth for the weakest that are kept.
 *
 * @typedef {object} Answer
 * @property {"match" | "unsure" | "none"} status
 * @property {number} shared How many of the first hits share the part that was heard; more than one: ambiguous.
 * @property {number} hypotheses How many hypotheses of speed, tempo and pitch were tried.
 * @property {number} postings How many postings were read.
 * @property {Hit[]} hits One a song: the shared ones first, then by score; at most `limit`, but all of the
 *   shared. Present also where the status is `none`.
 *
 * @typedef {ReturnType<typeof createEngine>} Engine
 */

/**
 * The engine over the exports of one of its builds.
 * @param {Record<string, any>} exports
 */
export function createEngine(exports) {
  let dead = false;
  let scratch = 0;

  /** Calls an export. One that throws has run out of memory, and nothing in it can be trusted then. */
  function call(name, ...parameters) {
    if (dead) throw new EngineError("memory", "the engine ran out of memory before; load it anew");
    try {
      return exports[name](...parameters) >>> 0;
    } catch (cause) {
      dead = true;
      throw new EngineError("memory", "the engine ran out of memory; load it anew", { cause });
    }
  }

  // The memory may have moved since the last call, so a view never outlives an expression.
  const bytesAt = (address, length) => new Uint8Array(exports.memory.buffer, address, length);
  const output = () => bytesAt(call("sonica_output"), call("sonica_output_length")).slice();
  const failure = (code) => new EngineError(CODES[code] ?? "unknown", new TextDecoder().decode(output()));

  function check(code) {
    if (code !== 0) throw failure(code);
  }

  /** Memory for `length` bytes, more than none. */
  function allocate(length) {
    const address = call("sonica_alloc", length);
    if (address === 0) throw new EngineError("memory", `there is no memory for ${length} bytes`);
    return address;
  }

  /** Runs `work` with the address of a copy of each of the arrays. */
  function withCopies(arrays, work) {
    const held = [];
    try {
      for (const array of arrays) {
        const length = array.byteLength;
        const address = length > 0 ? allocate(length) : 0;
        held.push([address, length]);
        bytesAt(address, length).set(new Uint8Array(array.buffer, array.byteOffset, length));
      }
      return work(...held.map(([address]) => address));
    } finally {
      if (!dead) for (const [address, length] of held) call("sonica_free", address, length);
    }
  }

  /** The object's address, or the error that the output tells; `code` is not told by such functions. */
  function object(address) {
    if (address === 0) throw failure(call("sonica_code"));
    return address;
  }

  const version = call("sonica_version");
  if (version >>> 16 !== INTERFACE) {
    throw new EngineError("version", "engine.mjs and the engine are of different versions; build both anew");
  }

  /** An object in the engine's memory: `free()` it when it is no longer needed. */
  class Handle {
    #address;
    #free;
    constructor(address, free) {
      this.#address = address;
      this.#free = free;
    }
    /** Its address; using one that is gone is a mistake of the program. */
    get address() {
      if (this.#address === 0) throw new EngineError("usage", "this object is finished or freed; make a new one");
      return this.#address;
    }
    /** Forgets the address, because the engine frees it. */
    release() {
      const address = this.address;
      this.#address = 0;
      return address;
    }
    /** Gives its memory back. May be called twice. */
    free() {
      if (this.#address !== 0) call(this.#free, this.release());
    }
  }

  /** Makes one fingerprint of samples that arrive in pieces; however they are cut, the bytes are the same. */
  class Fingerprinter extends Handle {
    /** @param {number} rate Sampling rate of the samples, Hz: 4,000 to 384,000. */
    constructor(rate) {
      if (!Number.isInteger(rate) || rate < 0 || rate >= 2 ** 32) {
        throw new EngineError("rate", `a sampling rate is a whole number of Hz, not ${rate}`);
      }
      super(object(call("sonica_fingerprinter_new", rate)), "sonica_fingerprinter_free");
    }
    /**
     * Takes more samples. After a `length` error the first of them may have been taken; it can still be
     * finished.
     * @param {Float32Array} samples Mono, full scale 1.
     */
    push(samples) {
      if (!(samples instanceof Float32Array)) throw new TypeError("samples must be a Float32Array");
      if (scratch === 0) scratch = allocate(4 * PIECE);
      for (let from = 0; from < samples.length; from += PIECE) {
        const piece = samples.subarray(from, from + PIECE);
        new Float32Array(exports.memory.buffer, scratch, piece.length).set(piece);
        check(call("sonica_fingerprinter_push", this.address, scratch, piece.length));
      }
    }
    /**
     * The fingerprint of what was heard so far, as if the sound ended here.
     * @returns {Uint8Array}
     */
    snapshot() {
      check(call("sonica_fingerprinter_snapshot", this.address));
      return output();
    }
    /**
     * The peaks of what `snapshot` gives, by time: for who shows them while they come. Those of the last two
     * seconds still come, go and change.
     * @param {number} [from] Only those at `from` seconds and later; what lies before costs nothing.
     * @returns {Peak[]}
     */
    peaks(from = 0) {
      check(call("sonica_fingerprinter_peaks", this.address, from));
      return readPeaks(output());
    }
    /**
     * What `snapshot` gives now, as a frame: only what has changed since the frame before.
     * @param {{key?: boolean, last?: boolean}} [flags] `key`: whole, for a receiver that lost one (the first
     *   always is). `last`: the sound has ended.
     * @returns {Uint8Array}
     */
    frame({ key = false, last = false } = {}) {
      check(call("sonica_fingerprinter_frame", this.address, key ? 1 : 0, last ? 1 : 0));
      return output();
    }
    /**
     * The fingerprint of all that was pushed. The object is spent afterwards.
     * @returns {Uint8Array}
     */
    finish() {
      check(call("sonica_fingerprinter_finish", this.release()));
      return output();
    }
  }

  /** Puts the frames of one fingerprinter together, in their order. */
  class FrameAssembler extends Handle {
    constructor() {
      super(object(call("sonica_assembler_new")), "sonica_assembler_free");
    }
    /**
     * Takes the next frame. One that is refused changes nothing; after the code `sequence` ask for a key frame.
     * @param {Uint8Array} frame
     */
    push(frame) {
      onlyBytes(frame, "a frame");
      withCopies([frame], (at) => check(call("sonica_assembler_push", this.address, at, frame.length)));
    }
    /**
     * What `Fingerprinter.snapshot` gave when the last frame was made; that of no sound before the first.
     * @returns {Uint8Array}
     */
    fingerprint() {
      check(call("sonica_assembler_fingerprint", this.address));
      return output();
    }
    /** Whether the last frame said that the sound has ended. */
    get ended() {
      return call("sonica_assembler_ended", this.address) === 1;
    }
  }

  /** An index of recordings that can be searched. */
  class Pack extends Handle {
    /** @param {Uint8Array} bytes A whole pack; it is copied, and all of it is checked. */
    constructor(bytes) {
      onlyBytes(bytes, "a pack");
      const address = bytes.length > 0 ? allocate(bytes.length) : 0;
      bytesAt(address, bytes.length).set(bytes);
      super(object(call("sonica_pack_open", address, bytes.length)), "sonica_pack_free");
    }
    /** Number of recordings. */
    get length() {
      return call("sonica_pack_length", this.address);
    }
    /**
     * How much of each recording it holds: "full", or "lite", which is the strongest peaks alone.
     * @returns {"full" | "lite"}
     */
    get profile() {
      return PROFILES[call("sonica_pack_profile", this.address)];
    }
    /** @returns {Recording[]} */
    recordings() {
      return Array.from({ length: this.length }, (_, index) => {
        check(call("sonica_pack_recording", this.address, index));
        return readRecording(output());
      });
    }
  }

  /** Collects fingerprints and writes them as one pack. */
  class PackBuilder extends Handle {
    /** @param {{profile?: "full" | "lite"}} [options] A lite pack takes a seventh of the bytes. */
    constructor({ profile = "full" } = {}) {
      const code = PROFILES.indexOf(profile);
      if (code < 0) throw new RangeError('a profile is "full" or "lite"');
      super(object(call("sonica_builder_new", code)), "sonica_builder_free");
    }
    /**
     * @param {Id} recordingId
     * @param {Id} songId
     * @param {Uint8Array} fingerprint
     * @param {{title?: string, artist?: string, language?: string}} [texts]
     */
    add(recordingId, songId, fingerprint, { title = "", artist = "", language = "" } = {}) {
      onlyBytes(fingerprint, "a fingerprint");
      const texts = [title, artist, language].map((text) => new TextEncoder().encode(text));
      const inputs = [
        BigUint64Array.of(wideId(recordingId), wideId(songId)),
        fingerprint,
        Uint8Array.from(texts.flatMap((text) => [...text])),
        Uint32Array.from(texts, (text) => text.length),
      ];
      withCopies(inputs, (ids, print, text, lengths) => {
        check(call("sonica_builder_add", this.address, ids, print, fingerprint.length, text, lengths));
      });
    }
    /**
     * The pack of all that was added.
     * @returns {Uint8Array}
     */
    build() {
      check(call("sonica_builder_build", this.address));
      return output();
    }
  }

  /**
   * The fingerprint of a whole sound.
   * @param {Float32Array} samples Mono, full scale 1.
   * @param {number} rate Their sampling rate, Hz.
   * @returns {Uint8Array}
   */
  function fingerprint(samples, rate) {
    const fingerprinter = new Fingerprinter(rate);
    try {
      fingerprinter.push(samples);
      return fingerprinter.finish();
    } finally {
      if (!dead) fingerprinter.free();
    }
  }

  /**
   * Names the recording that a fingerprint is of.
   * @param {Pack[]} packs
   * @param {Uint8Array} print
   * @param {{exclude?: Id[], limit?: number, exhaustive?: boolean, matchAt?: number, unsureAt?: number}} [options] Ids of recordings that count
   *   as absent; the most hits to give (but all of the shared); whether every hypothesis is tried even when
   *   the first are certain; the confidences from which on an answer is a match and worth a mention.
   * @returns {Answer}
   */
  function recognize(packs, print, { exclude = [], limit = 5, exhaustive = false, matchAt, unsureAt } = {}) {
    onlyBytes(print, "a fingerprint");
    const addresses = Uint32Array.from(packs, (pack) => pack.address);
    const ids = BigUint64Array.from(exclude, wideId);
    return withCopies([addresses, print, ids], (at, printAt, idsAt) => {
      const counts = [addresses.length, print.length, ids.length];
      const parts = [at, counts[0], printAt, counts[1], idsAt, counts[2], limit, exhaustive ? 1 : 0];
      check(call("sonica_recognize", ...parts, threshold(matchAt), threshold(unsureAt)));
      return readAnswer(output());
    });
  }

  return {
    EngineError,
    Fingerprinter,
    FrameAssembler,
    Pack,
    PackBuilder,
    fingerprint,
    recognize,
    /** Size of this engine's memory, bytes: it grows with need and never shrinks. */
    memoryBytes: () => exports.memory.buffer.byteLength,
    /** Versions of the formats that this engine writes and reads. */
    versions: { fingerprint: version & 0xff, pack: (version >>> 8) & 0xff },
  };
}

/** A threshold as the engine takes it, for which NaN is none given: from a caller it is a mistake. */
function threshold(given) {
  if (given === undefined || given === null) return NaN;
  if (typeof given !== "number") throw new TypeError("a threshold must be a number");
  return Number.isNaN(given) ? -1 : given; // the engine refuses both, and says why
}

/** Anything else has a length, too, or none, and the engine would be told of bytes that are not there. */
function onlyBytes(bytes, what) {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${what} must be a Uint8Array`);
}

/**
 * An id as the engine takes it; `BigUint64Array` would wrap one that does not fit round to another.
 * @param {Id} id
 */
function wideId(id) {
  const exact = typeof id === "bigint" || Number.isSafeInteger(id);
  if (!exact || id < 0 || id >= 2n ** 64n) {
    const right = "a whole number from 0 to 2⁶⁴ − 1, as a bigint from 2⁵³ on";
    throw new RangeError(`an id is ${right}, not ${String(id)}`);
  }
  return BigInt(id);
}
