//! Sounds made by whole numbers alone, so that every language makes the very same samples.
//!
//! A sample is a pure function of its number: 32-bit unsigned arithmetic that wraps, then one exact
//! multiplication by a power of two. `signals.mjs` and `tests/unit/test_identity.py` hold the same in
//! JavaScript and in Python; the vectors hold a digest of the samples too, so that a mistake in one of
//! them is not taken for one of the engine.

use serde::{Deserialize, Serialize};

/// How a sound is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// What it is, see [`Signal`].
    pub signal: Signal,
    /// Makes another one of the same kind.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seed: u32,
    /// Sampling rate that the engine is told, Hz.
    pub rate: u32,
    /// Sampling rate that the sound was made for, Hz, where that is another one: it then plays faster or
    /// slower. 0: the same.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub made_for: u32,
    /// Number of the first sample.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub from: u32,
    /// Number of samples.
    pub length: u32,
    /// Every number is multiplied by 2 to the power of this.
    pub exponent: i32,
    /// Strength of noise that is added, 256ths.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub noise: i32,
}

/// Kinds of sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signal {
    /// 0.
    Silence,
    /// 1.
    Constant,
    /// Uniform in ±2¹⁵.
    Noise,
    /// ±1, at 440 Hz.
    Square,
    /// ±2¹⁵, from 0 Hz to half the rate in two seconds, and on (folding back).
    Chirp,
    /// 2¹⁵ at every seventh of a second, else 0.
    Clicks,
    /// Four voices and a drum, within ±5·2¹⁵.
    Song,
    /// Noise with what no sound holds: NaN, infinities, the largest and the smallest numbers.
    Hostile,
}

/// A chromatic scale from 220 to 831 Hz, in mHz.
const PITCHES: [u32; 24] = [
    220_000, 233_082, 246_942, 261_626, 277_183, 293_665, 311_127, 329_628, 349_228, 369_994, 391_995,
    415_305, 440_000, 466_164, 493_883, 523_251, 554_365, 587_330, 622_254, 659_255, 698_456, 739_989,
    783_991, 830_609,
];

/// Bits of what stands in for a sample of [`Signal::Hostile`] whose number is less than this many
/// beyond a multiple of 97: NaN, ∞, −∞, the largest, its negative, the smallest, −0.
const HOSTILE: [u32; 7] = [0x7fc0_0000, 0x7f80_0000, 0xff80_0000, 0x7f7f_ffff, 0xff7f_ffff, 1, 0x8000_0000];

fn is_zero<T: Default + PartialEq>(x: &T) -> bool {
    *x == T::default()
}

impl Recipe {
    /// The samples.
    pub fn samples(&self) -> Vec<f32> {
        let scale = f64::from_bits(((1023 + self.exponent) as u64) << 52);
        let rate = if self.made_for > 0 { self.made_for } else { self.rate };
        let one = |n: u32| {
            if self.signal == Signal::Hostile && n % 97 < HOSTILE.len() as u32 {
                return f32::from_bits(HOSTILE[(n % 97) as usize]);
            }
            let dirt = (noise(self.seed ^ 0xffff, n) * self.noise) >> 8;
            (f64::from(self.number(rate, n) + dirt) * scale) as f32
        };
        (self.from..self.from + self.length).map(one).collect()
    }

    fn number(&self, rate: u32, n: u32) -> i32 {
        match self.signal {
            Signal::Silence => 0,
            Signal::Constant => 1,
            Signal::Noise | Signal::Hostile => noise(self.seed, n),
            Signal::Square => 1 - 2 * (step(440_000, rate).wrapping_mul(n) >> 31) as i32,
            Signal::Chirp => {
                let rise = (1 << 31) / (2 * rate);
                let steps = u64::from(n) * u64::from(n.saturating_sub(1)) / 2;
                triangle(rise.wrapping_mul(steps as u32))
            }
            Signal::Clicks => i32::from(n.is_multiple_of(rate / 7)) << 15,
            Signal::Song => song(self.seed, rate, n),
        }
    }
}

/// Four voices whose notes last one to four eighths of a second and fade, and a drum on every second one.
fn song(seed: u32, rate: u32, n: u32) -> i32 {
    let beat = rate / 8;
    let mut sum = 0;
    for voice in 0..4 {
        let length = beat * (voice + 1);
        let (note, age) = (n / length, n % length);
        let key = hash(hash(seed * 4 + voice).wrapping_add(note));
        if key.is_multiple_of(4) {
            continue; // a rest
        }
        let pitch = PITCHES[(key >> 8) as usize % PITCHES.len()];
        let phase = step(if voice == 3 { pitch / 4 } else { pitch }, rate).wrapping_mul(age);
        let wave = if voice % 2 == 0 { triangle(phase) } else { saw(phase) };
        sum += (wave * (256 - age * 256 / length) as i32) >> 8;
    }
    let (age, length) = (n % (2 * beat), beat / 4);
    if age < length {
        sum += (noise(seed, n) * (256 - age * 256 / length) as i32) >> 8;
    }
    sum
}

/// Advance of a phase (2³² is a turn) by one sample.
fn step(millihertz: u32, rate: u32) -> u32 {
    ((u64::from(millihertz) << 32) / (1_000 * u64::from(rate))) as u32
}

fn triangle(phase: u32) -> i32 {
    let t = (phase >> 15) as i32;
    if t < 65_536 { t - 32_768 } else { 98_303 - t }
}

fn saw(phase: u32) -> i32 {
    (phase >> 16) as i32 - 32_768
}

fn noise(seed: u32, n: u32) -> i32 {
    (hash(seed.wrapping_mul(0x9e37_79b9).wrapping_add(n)) >> 16) as i32 - 32_768
}

/// A mixing of 32 bits (two rounds of xorshift and multiply).
pub fn hash(x: u32) -> u32 {
    let x = (x ^ x >> 16).wrapping_mul(0x7feb_352d);
    let x = (x ^ x >> 15).wrapping_mul(0x846c_a68b);
    x ^ x >> 16
}
