//! Any sampling rate to the engine's, in pieces of any length.
//!
//! A polyphase filter (Crochiere & Rabiner 1983): the ratio of the rates is L/M in lowest terms,
//! output n lies at input position n·M/L and is a dot product of the input around it with the one of
//! L filters that belongs to its fraction. The filters are samples of one Kaiser-windowed sinc.

use crate::error::Error;
use crate::isa::{Isa, multiversion};
use crate::lanes::{F32x8, LANES};
use crate::math::{bessel_i0, sin};
use crate::params::ENGINE_RATE;

/// Lowest sampling rate that is accepted, Hz.
pub const LOWEST_RATE: u32 = 4_000;
/// Highest sampling rate that is accepted, Hz.
pub const HIGHEST_RATE: u32 = 384_000;
/// Samples are clamped to ± this; full scale is 1.
pub const LOUDEST: f32 = 8.0;

/// Middle of the filter's slope, Hz, where the input's rate allows it.
const CUTOFF_HZ: f64 = 4_000.0;
/// Width of the slope: passed up to 3,600 Hz, stopped from 4,400 Hz. What lies between folds into
/// 3,600 to 4,000 Hz, where no peak is looked for.
const SLOPE_HZ: f64 = 800.0;
/// Attenuation beyond the slope.
const STOP_DB: f64 = 75.0;
/// Taps are added in so many independent sums of eight lanes.
const SUMS: usize = 4;
/// Room for filters, in taps. A ratio that would need more is rounded to one that does not
/// (by less than 13 millionths).
const MOST_TAPS: u64 = 1 << 21;

/// A streaming resampler.
#[derive(Clone)]
pub struct Resampler {
    isa: Isa,
    /// Output n lies at input position n·m/l.
    l: u64,
    m: u64,
    taps: usize,
    /// `l` filters of `taps` coefficients; empty when the rates agree.
    filters: std::sync::Arc<[f32]>,
    /// Input that is still needed; the first of it is the input's number `start`, counted with
    /// `taps / 2 - 1` zeros before the first sample.
    input: Vec<f32>,
    start: u64,
    /// Input samples so far.
    pub(crate) pushed: u64,
    produced: u64,
}

impl Resampler {
    /// A resampler from `rate` Hz to [`ENGINE_RATE`].
    ///
    /// # Errors
    /// [`Error::Rate`] outside [`LOWEST_RATE`] to [`HIGHEST_RATE`].
    pub fn new(rate: u32, isa: Isa) -> Result<Self, Error> {
        if !(LOWEST_RATE..=HIGHEST_RATE).contains(&rate) {
            return Err(Error::Rate { rate });
        }
        let (out, rate) = (u64::from(ENGINE_RATE), u64::from(rate));
        let divisor = gcd(out, rate);
        let (mut l, mut m) = (out / divisor, rate / divisor);
        // The filter's slope stands at the engine's Nyquist frequency, or at the input's.
        let cutoff = if rate < out { CUTOFF_HZ * rate as f64 / out as f64 } else { CUTOFF_HZ };
        let slope = SLOPE_HZ * cutoff / CUTOFF_HZ;
        // Kaiser's estimate of the length, rounded up to whole vectors.
        let wanted = (STOP_DB - 8.0) / (2.285 * 2.0 * core::f64::consts::PI * slope / rate as f64);
        let taps = (wanted as usize / (LANES * SUMS) + 1) * LANES * SUMS;
        let most = MOST_TAPS / taps as u64;
        if l > most {
            m = (m * most + l / 2) / l;
            l = most;
        }
        let filters = if rate == out { Vec::new() } else { design(l, taps, cutoff / rate as f64) };
        Ok(Self {
            isa,
            l,
            m,
            taps,
            filters: filters.into(),
            input: vec![0.0; if rate == out { 0 } else { taps / 2 - 1 }],
            start: 0,
            pushed: 0,
            produced: 0,
        })
    }

    /// How many samples it will have given when `more` have come and the sound ends.
    pub fn length_with(&self, more: usize) -> u64 {
        ((self.pushed + more as u64) * self.l).div_ceil(self.m)
    }

    /// Takes more input and appends what it gives to `output`. NaN counts as silence.
    pub fn push(&mut self, samples: &[f32], output: &mut Vec<f32>) {
        self.pushed += samples.len() as u64;
        if self.filters.is_empty() {
            output.extend(samples.iter().map(|&x| tame(x)));
            return;
        }
        self.input.extend(samples.iter().map(|&x| tame(x)));
        self.drain(output, u64::MAX);
    }

    /// Appends what is left when the input has ended: in all, as many samples as fit into its length.
    pub fn finish(&mut self, output: &mut Vec<f32>) {
        if self.filters.is_empty() {
            return;
        }
        let total = self.length_with(0);
        self.input.resize(self.input.len() + self.taps, 0.0);
        self.drain(output, total);
    }

    /// Produces outputs up to number `end` while there is input for them.
    fn drain(&mut self, output: &mut Vec<f32>, end: u64) {
        let available = self.start + self.input.len() as u64;
        while self.produced < end {
            let position = self.produced * self.m;
            let (whole, phase) = (position / self.l, (position % self.l) as usize);
            if whole + self.taps as u64 > available {
                break;
            }
            let from = (whole - self.start) as usize;
            let filter = &self.filters[phase * self.taps..(phase + 1) * self.taps];
            output.push(dot(self.isa, &self.input[from..from + self.taps], filter));
            self.produced += 1;
        }
        let needed = (self.produced * self.m / self.l).min(available);
        let spent = (needed - self.start) as usize;
        if spent >= self.taps {
            self.input.drain(..spent);
            self.start = needed;
        }
    }
}

/// Silence for NaN and for what is too small to matter (so that no subnormal arises), and a ceiling.
#[inline]
fn tame(x: f32) -> f32 {
    if x.abs() >= 1e-12 { x.clamp(-LOUDEST, LOUDEST) } else { 0.0 }
}

/// The filters of all phases, each in the order of the input. `cutoff` in cycles a sample.
fn design(l: u64, taps: usize, cutoff: f64) -> Vec<f32> {
    let beta = 0.1102 * (STOP_DB - 8.7);
    let (half, scale) = (taps as f64 / 2.0, 1.0 / bessel_i0(beta));
    let mut filters = Vec::with_capacity(l as usize * taps);
    for phase in 0..l {
        for tap in 0..taps {
            // Distance of this input sample from the output, in input samples.
            let x = tap as f64 - (half - 1.0) - phase as f64 / l as f64;
            let edge = 1.0 - (x / half) * (x / half);
            let window = if edge > 0.0 { bessel_i0(beta * edge.sqrt()) * scale } else { 0.0 };
            let angle = 2.0 * core::f64::consts::PI * cutoff * x;
            let sinc = if x == 0.0 { 1.0 } else { sin(angle) / angle };
            let tap = (2.0 * cutoff * sinc * window) as f32;
            filters.push(if tap.abs() < 1e-12 { 0.0 } else { tap });
        }
    }
    filters
}

multiversion! {
    fn dot(x: &[f32], y: &[f32]) -> f32 = dot_kernel
}

#[inline(always)]
fn dot_kernel(x: &[f32], y: &[f32]) -> f32 {
    let mut sums = [F32x8::ZERO; SUMS];
    let (x, _) = x.as_chunks::<{ LANES * SUMS }>();
    let (y, _) = y.as_chunks::<{ LANES * SUMS }>();
    for (x, y) in x.iter().zip(y) {
        for s in 0..SUMS {
            let (mut a, mut b) = ([0.0; LANES], [0.0; LANES]);
            a.copy_from_slice(&x[s * LANES..(s + 1) * LANES]);
            b.copy_from_slice(&y[s * LANES..(s + 1) * LANES]);
            sums[s] = sums[s] + F32x8(a) * F32x8(b);
        }
    }
    ((sums[0] + sums[2]) + (sums[1] + sums[3])).sum()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests;
