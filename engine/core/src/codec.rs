//! The fingerprint: a constellation as bytes. `docs/formats/fingerprint.md` is its specification.
//!
//! Behind the six bytes that all formats begin with ([`crate::coder`]): duration of the sound in steps of
//! 4 ms, number of peaks; then the peaks.

use crate::coder::{Format, number};
use crate::error::Error;
use crate::params::STEPS_PER_SECOND;
use crate::peaks::Peak;

const FINGERPRINT: Format = Format { name: "fingerprint", magic: *b"SNF", header: 14 };

/// A decoded fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constellation {
    /// Length of the sound, in steps of 4 ms.
    pub duration: u32,
    /// Its peaks, ascending by (time, frequency), none twice.
    pub peaks: Vec<Peak>,
}

impl Constellation {
    /// Length of the sound, seconds.
    pub fn seconds(&self) -> f32 {
        self.duration as f32 / STEPS_PER_SECOND as f32
    }

    /// The part from `start` on, `length` long, both in steps of 4 ms; what lies beyond the end is not there.
    #[must_use]
    pub fn excerpt(&self, start: u32, length: u32) -> Self {
        if start >= self.duration && start > 0 {
            return Self::default();
        }
        let end = start.saturating_add(length).min(self.duration);
        let at = |time: u32| self.peaks.partition_point(|p| p.time < time);
        // Peaks of a very short sound lie behind its end: its last part has them.
        let whole = if end == self.duration { self.peaks.len() } else { at(end) };
        let peaks = self.peaks[at(start)..whole.max(at(start))].iter();
        Self { duration: end - start, peaks: peaks.map(|p| Peak { time: p.time - start, ..*p }).collect() }
    }

    /// The fingerprint of this constellation.
    ///
    /// # Errors
    /// [`Error::Length`] for more than [`crate::params::MAX_SECONDS`]; [`Error::Format`] where peaks are
    /// out of order or out of range, which no constellation of [`crate::Fingerprinter`] is.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        FINGERPRINT.check(self.duration, &self.peaks)?;
        Ok(FINGERPRINT.write(0, &self.peaks, |bytes| {
            bytes.extend_from_slice(&self.duration.to_le_bytes());
            bytes.extend_from_slice(&(self.peaks.len() as u32).to_le_bytes());
        }))
    }

    /// Reads a fingerprint. Allocates no more than five times the size of `bytes`.
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Version`] or [`Error::Checksum`] where it is not a valid one.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let body = FINGERPRINT.open(bytes)?;
        let (duration, count) = (number(body, 6), number(body, 10) as usize);
        Ok(Self { duration, peaks: FINGERPRINT.read(body, duration, &[], count)? })
    }
}
