// The sounds of the vectors in JavaScript: the same arithmetic as in src/signals.rs, where it is explained.

const PITCHES = [
  220_000, 233_082, 246_942, 261_626, 277_183, 293_665, 311_127, 329_628, 349_228, 369_994, 391_995, 415_305,
  440_000, 466_164, 493_883, 523_251, 554_365, 587_330, 622_254, 659_255, 698_456, 739_989, 783_991, 830_609,
];
const HOSTILE = [0x7fc00000, 0x7f800000, 0xff800000, 0x7f7fffff, 0xff7fffff, 1, 0x80000000];

/** A mixing of 32 bits. */
export function hash(x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const noise = (seed, n) => (hash((Math.imul(seed, 0x9e3779b9) + n) >>> 0) >>> 16) - 32768;
const saw = (phase) => (phase >>> 16) - 32768;
const triangle = (phase) => {
  const t = phase >>> 15;
  return t < 65536 ? t - 32768 : 98303 - t;
};

const steps = new Map();
function step(millihertz, rate) {
  const key = millihertz * 1_000_000 + rate;
  if (!steps.has(key)) steps.set(key, Number((BigInt(millihertz) << 32n) / (1000n * BigInt(rate))));
  return steps.get(key);
}

function song(seed, rate, n) {
  const beat = Math.floor(rate / 8);
  let sum = 0;
  for (let voice = 0; voice < 4; voice++) {
    const length = beat * (voice + 1);
    const note = Math.floor(n / length);
    const age = n % length;
    const key = hash((hash(seed * 4 + voice) + note) >>> 0);
    if (key % 4 === 0) continue;
    const pitch = PITCHES[(key >>> 8) % PITCHES.length];
    const phase = Math.imul(step(voice === 3 ? Math.floor(pitch / 4) : pitch, rate), age) >>> 0;
    const wave = voice % 2 === 0 ? triangle(phase) : saw(phase);
    sum += (wave * (256 - Math.floor((age * 256) / length))) >> 8;
  }
  const age = n % (2 * beat);
  const length = Math.floor(beat / 4);
  if (age < length) sum += (noise(seed, n) * (256 - Math.floor((age * 256) / length))) >> 8;
  return sum;
}

const SIGNALS = {
  silence: () => 0,
  constant: () => 1,
  noise: (seed, _rate, n) => noise(seed, n),
  hostile: (seed, _rate, n) => noise(seed, n),
  square: (_seed, rate, n) => 1 - 2 * (Math.imul(step(440_000, rate), n) >>> 31),
  chirp: (_seed, rate, n) => {
    const rise = Math.floor(2 ** 31 / (2 * rate));
    const sum = ((n * Math.max(n - 1, 0)) / 2) % 2 ** 32; // exact: far below 2⁵³
    return triangle(Math.imul(rise, sum) >>> 0);
  },
  clicks: (_seed, rate, n) => (n % Math.floor(rate / 7) === 0 ? 32768 : 0),
  song,
};

/**
 * The samples of a recipe of vectors.json.
 * @returns {Float32Array}
 */
export function samples({ signal, seed = 0, rate, made_for = 0, from = 0, length, exponent, noise: dirt = 0 }) {
  const out = new Float32Array(length);
  const bits = new Uint32Array(out.buffer); // a NaN keeps its bits this way
  const scale = 2 ** exponent;
  for (let i = 0; i < length; i++) {
    const n = from + i;
    if (signal === "hostile" && n % 97 < HOSTILE.length) {
      bits[i] = HOSTILE[n % 97];
    } else {
      const dust = (noise(seed ^ 0xffff, n) * dirt) >> 8;
      out[i] = (SIGNALS[signal](seed, made_for || rate, n) + dust) * scale;
    }
  }
  return out;
}
