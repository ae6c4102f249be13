// Sound for the tests: composed here, from a seed, so that no file of anybody's is needed.

import { hash, samples } from "../../../engine/identity/signals.mjs";

/** A song of notes and beats: mono, full scale 1. */
export function song(seed, rate, seconds) {
  return samples({ signal: "song", seed, rate, length: rate * seconds, exponent: -17 });
}

/** Noise and five tones that change every half second, as a bench wants it: nothing repeats. */
export function noiseAndTones(rate, seconds) {
  const out = new Float32Array(rate * seconds);
  let phases = [0, 0, 0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    const part = Math.floor((i * 2) / rate);
    phases = phases.map((phase, k) => (phase + (80 + (hash(part * 5 + k) % 3_000)) / rate) % 1);
    const tones = phases.reduce((sum, phase) => sum + Math.sin(2 * Math.PI * phase), 0);
    out[i] = tones / 10 + (hash(i) / 2 ** 32 - 0.5) / 5;
  }
  return out;
}

/** A WAV file of 16-bit samples. */
export function wav(all, rate) {
  const bytes = Buffer.alloc(44 + 2 * all.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * all.length, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * all.length, 40);
  for (const [i, sample] of all.entries()) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + 2 * i);
  }
  return bytes;
}
