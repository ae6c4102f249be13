//! Log spectra as integers.
//!
//! From here on everything is whole numbers: sums of them do not depend on their order, so whitening
//! and peak picking are the same everywhere without further care.

use crate::fft::{self, Scratch};
use crate::isa::{Isa, multiversion};
use crate::lanes::{F32x8, LANES};
use crate::math::log2;
use crate::params::{BINS, HOP, WINDOW};

/// Steps of the log spectrum in one octave of power (3.01 dB).
pub const LOG_STEPS: i32 = 4_096;

/// Added to every power: the noise of 16-bit samples. It keeps the logarithm of silence finite and
/// subnormal numbers, which some processors flush to zero, out of the result.
const FLOOR: f32 = 1e-12;

/// The log spectrum of one frame: log₂(power + floor), in `LOG_STEPS` of an octave of power.
pub type Row = [i32; BINS];

/// Turns samples at the engine's rate into rows.
#[derive(Clone)]
pub struct Spectrum {
    isa: Isa,
    scratch: Scratch,
    powers: Box<[F32x8]>,
    rows: Box<[Row]>,
}

impl Spectrum {
    /// Samples that [`Spectrum::rows`] looks at: eight windows, one hop apart.
    pub const SPAN: usize = WINDOW + (LANES - 1) * HOP;

    /// Makes room for the transform.
    pub fn new(isa: Isa) -> Self {
        Self {
            isa,
            scratch: Scratch::default(),
            powers: vec![F32x8::ZERO; BINS].into_boxed_slice(),
            rows: vec![[0; BINS]; LANES].into_boxed_slice(),
        }
    }

    /// The rows of the eight frames that begin at `samples[0]`, `samples[HOP]`, …
    ///
    /// `samples` holds at least [`Spectrum::SPAN`] samples in [−`LOUDEST`, `LOUDEST`].
    pub fn rows(&mut self, samples: &[f32]) -> &[Row] {
        log_powers(self.isa, samples, &mut self.scratch, &mut self.powers, &mut self.rows);
        &self.rows
    }
}

multiversion! {
    fn log_powers(samples: &[f32], scratch: &mut Scratch, powers: &mut [F32x8], rows: &mut [Row]) = log_powers_kernel
}

#[inline(always)]
fn log_powers_kernel(samples: &[f32], scratch: &mut Scratch, powers: &mut [F32x8], rows: &mut [Row]) {
    fft::powers(samples, scratch, powers);
    let powers = &powers[..BINS];
    let rows: &mut [Row; LANES] = (&mut rows[..LANES]).try_into().expect("eight rows");
    for (bin, power) in powers.iter().enumerate() {
        let mut steps = [0; LANES];
        for lane in 0..LANES {
            steps[lane] = to_steps(power.0[lane]);
        }
        for lane in 0..LANES {
            rows[lane][bin] = steps[lane];
        }
    }
}

/// A power in steps of its logarithm, rounded to nearest.
#[inline(always)]
fn to_steps(power: f32) -> i32 {
    // Adding 1.5·2²³ leaves the integer in the low bits of the mantissa: exact, and the same on
    // machines whose float-to-integer conversions differ.
    const MAGIC: f32 = 12_582_912.0;
    let scaled = log2(power + FLOOR) * LOG_STEPS as f32;
    (scaled + MAGIC).to_bits() as i32 - MAGIC.to_bits() as i32
}

#[cfg(test)]
mod tests;
