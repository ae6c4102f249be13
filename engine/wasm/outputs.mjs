// What the engine's outputs hold, as JavaScript's values. Numbers are little-endian.

const STATUSES = ["none", "unsure", "match"];

/** Reads one number after the other. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }
  u16() {
    this.at += 2;
    return this.view.getUint16(this.at - 2, true);
  }
  u32() {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }
  f32() {
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }
  /** @returns {import("./engine.mjs").Id} */
  u64() {
    const low = this.u32();
    const high = this.u32();
    return high < 2 ** 21 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low);
  }
  text(length) {
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

/** @returns {import("./engine.mjs").Recording} */
export function readRecording(bytes) {
  const reader = new Reader(bytes);
  const [recordingId, songId, duration] = [reader.u64(), reader.u64(), reader.f32()];
  const lengths = [reader.u16(), reader.u16(), reader.u16()];
  const [title, artist, language] = lengths.map((length) => reader.text(length));
  return { recordingId, songId, title, artist, language, duration };
}

/** @returns {import("./engine.mjs").Peak[]} */
export function readPeaks(bytes) {
  const reader = new Reader(bytes);
  return Array.from({ length: bytes.length / 12 }, () => ({
    time: reader.f32(),
    frequency: reader.f32(),
    strength: reader.f32(),
  }));
}

/** @returns {import("./engine.mjs").Answer} */
export function readAnswer(bytes) {
  const reader = new Reader(bytes);
  const [status, shared, hypotheses] = [STATUSES[reader.u32()], reader.u32(), reader.u32()];
  const postings = Number(reader.u64());
  const [count, features] = [reader.u32(), reader.u32()];
  const hits = Array.from({ length: count }, () => ({
    recordingId: reader.u64(),
    songId: reader.u64(),
    offset: reader.f32(),
    speed: reader.f32(),
    pitch: reader.f32(),
    score: reader.f32(),
    confidence: reader.f32(),
    features: Array.from({ length: features }, () => reader.f32()),
  }));
  return { status, shared, hypotheses, postings, hits };
}
