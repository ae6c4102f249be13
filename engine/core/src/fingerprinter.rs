//! Samples in, in pieces of any length; a fingerprint out.

use crate::codec::Constellation;
use crate::error::Error;
use crate::frame::{FrameFlags, FrameWriter};
use crate::isa::Isa;
use crate::lanes::LANES;
use crate::params::{ENGINE_RATE, HOP, MAX_SECONDS, STEPS_PER_SECOND, WINDOW};
use crate::peaks::{Peak, PeakPicker};
use crate::resample::Resampler;
use crate::spectrum::Spectrum;

/// Input is worked off in pieces of so many samples, so that memory does not grow with it.
const PIECE: usize = 1 << 14;

/// Makes one fingerprint. However the samples are cut into pieces, the bytes are the same.
#[derive(Clone)]
pub struct Fingerprinter {
    resampler: Resampler,
    spectrum: Spectrum,
    picker: PeakPicker,
    /// Samples at the engine's rate that belong to frames still to come.
    waiting: Vec<f32>,
    /// Samples at the engine's rate in frames that are done.
    done: u64,
    frames: FrameWriter,
}

impl Fingerprinter {
    /// A fingerprinter for mono samples at `rate` Hz, on the best instructions that there are.
    ///
    /// # Errors
    /// [`Error::Rate`] for a rate that cannot be resampled.
    pub fn new(rate: u32) -> Result<Self, Error> {
        Self::with_isa(rate, Isa::detect())
    }

    /// The same on given instructions, for the tests that compare them.
    ///
    /// # Errors
    /// [`Error::Rate`] for a rate that cannot be resampled.
    pub fn with_isa(rate: u32, isa: Isa) -> Result<Self, Error> {
        Ok(Self {
            resampler: Resampler::new(rate, isa)?,
            spectrum: Spectrum::new(isa),
            picker: PeakPicker::new(isa),
            waiting: Vec::new(),
            done: 0,
            frames: FrameWriter::default(),
        })
    }

    /// Takes more samples. Full scale is 1; what lies beyond ±8 is clipped, NaN counts as silence.
    ///
    /// # Errors
    /// [`Error::Length`] when all together would last longer than [`MAX_SECONDS`]: then none of these
    /// samples is taken, and what was heard before stays.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), Error> {
        if self.resampler.length_with(samples.len()) > u64::from(MAX_SECONDS) * u64::from(ENGINE_RATE) {
            return Err(Error::Length { most_s: MAX_SECONDS });
        }
        for piece in samples.chunks(PIECE) {
            self.resampler.push(piece, &mut self.waiting);
            let mut from = 0;
            while self.waiting.len() - from >= Spectrum::SPAN {
                for row in self.spectrum.rows(&self.waiting[from..]) {
                    self.picker.push(row);
                }
                from += LANES * HOP;
            }
            self.waiting.drain(..from);
            self.done += from as u64;
        }
        Ok(())
    }

    /// What was heard so far as a constellation, as if the sound ended here.
    pub fn snapshot(&self) -> Constellation {
        self.clone().finish()
    }

    /// The peaks of [`Fingerprinter::snapshot`] that lie at `from_s` seconds and later: for who shows them
    /// while they come. What it costs does not grow with what was heard before.
    pub fn peaks(&self, from_s: f32) -> Vec<Peak> {
        let rest = Self {
            resampler: self.resampler.clone(),
            spectrum: self.spectrum.clone(),
            picker: self.picker.since(from_s),
            waiting: self.waiting.clone(),
            done: self.done,
            frames: FrameWriter::default(),
        };
        let mut peaks = rest.finish().peaks;
        peaks.retain(|p| p.seconds() >= from_s);
        peaks
    }

    /// The next frame: what turns the constellation of the last one into that of [`Fingerprinter::snapshot`].
    /// [`crate::FrameAssembler`] puts them together, at whatever times they are made.
    ///
    /// # Errors
    /// None that a sound can cause; those of [`Constellation::encode`].
    pub fn frame(&mut self, flags: FrameFlags) -> Result<Vec<u8>, Error> {
        let heard = self.snapshot();
        self.frames.write(heard, flags)
    }

    /// Ends the sound.
    pub fn finish(mut self) -> Constellation {
        self.resampler.finish(&mut self.waiting);
        let heard = self.heard();
        // Whole windows only; a sound shorter than one is padded with silence.
        let mut frames = match self.waiting.len().checked_sub(WINDOW) {
            Some(beyond) => beyond / HOP + 1,
            None => usize::from(self.done == 0 && heard > 0),
        };
        let mut from = 0;
        self.waiting.resize(self.waiting.len() + Spectrum::SPAN + WINDOW, 0.0);
        while frames > 0 {
            let take = frames.min(LANES);
            for row in &self.spectrum.rows(&self.waiting[from..])[..take] {
                self.picker.push(row);
            }
            from += take * HOP;
            frames -= take;
        }
        let duration = heard.div_ceil(u64::from(ENGINE_RATE / STEPS_PER_SECOND)) as u32;
        Constellation { duration, peaks: self.picker.finish() }
    }

    /// Samples at the engine's rate that were heard.
    fn heard(&self) -> u64 {
        self.done + self.waiting.len() as u64
    }
}

/// The fingerprint of a whole sound: mono samples at `rate` Hz.
///
/// # Errors
/// [`Error::Rate`] and [`Error::Length`].
pub fn fingerprint(samples: &[f32], rate: u32) -> Result<Vec<u8>, Error> {
    let mut fingerprinter = Fingerprinter::new(rate)?;
    fingerprinter.push(samples)?;
    fingerprinter.finish().encode()
}

#[cfg(test)]
mod tests;
