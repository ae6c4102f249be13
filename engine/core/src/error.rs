//! What the engine refuses, named by what the caller should do about it.

use core::fmt;

/// An input that the engine refuses. Every variant is the input's fault, never the engine's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A sampling rate outside of what can be resampled: convert the sound first.
    Rate {
        /// The rate, Hz.
        rate: u32,
    },
    /// A sound that is too long for one fingerprint: cut it.
    Length {
        /// The most that is accepted, seconds.
        most_s: u32,
    },
    /// Bytes that are not what they should be, cut off or damaged: get them again.
    Format {
        /// What was read: `fingerprint`, `frame` or `pack`.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Bytes of another version: update Sonica, or make them again with this one.
    Version {
        /// What was read: `fingerprint`, `frame` or `pack`.
        what: &'static str,
        /// The version that it has.
        found: u16,
        /// The version that this engine reads.
        expected: u16,
    },
    /// Bytes that were damaged after they had been written: get them again.
    Checksum {
        /// What was read: `fingerprint`, `frame` or a pack's section.
        what: &'static str,
    },
    /// More than one pack can hold: make several.
    Limit {
        /// What there is too much of.
        what: &'static str,
    },
    /// A recording that is in the pack already.
    Duplicate {
        /// Its id.
        recording_id: u64,
    },
    /// A frame that is not the next one: those between are missing, it came before, or it is of another
    /// sound. Send a key frame.
    Sequence {
        /// Number of the frame that was due.
        expected: u32,
        /// Number of the one that came: the same where it follows another frame than the last.
        found: u32,
    },
    /// Thresholds that are no probabilities in order.
    Threshold,
}

impl Error {
    /// A short name that programs can rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rate { .. } => "rate",
            Self::Length { .. } => "length",
            Self::Format { .. } => "format",
            Self::Version { .. } => "version",
            Self::Checksum { .. } => "checksum",
            Self::Limit { .. } => "limit",
            Self::Duplicate { .. } => "duplicate",
            Self::Sequence { .. } => "sequence",
            Self::Threshold => "threshold",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate { rate } => {
                write!(f, "a sampling rate of {rate} Hz cannot be read; 4,000 to 384,000 Hz can")
            }
            Self::Length { most_s } => {
                write!(f, "the sound is longer than {most_s} s; cut it into shorter ones")
            }
            Self::Format { what, why } => write!(f, "not a valid {what}: {why}"),
            Self::Version { what, found, expected } => {
                write!(
                    f,
                    "the {what} has version {found}, this engine reads version {expected}; make it again with this one, or update"
                )
            }
            Self::Checksum { what } => {
                write!(f, "the {what} is damaged: its checksum does not match; get it again")
            }
            Self::Limit { what } => write!(f, "too many {what} for one pack; make several packs"),
            Self::Duplicate { recording_id } => {
                write!(f, "recording {recording_id} is in the pack already; give this one another id")
            }
            Self::Sequence { expected, found } => {
                write!(
                    f,
                    "frame {found} does not follow the last one (number {expected} was due); send a key frame"
                )
            }
            Self::Threshold => {
                write!(f, "thresholds are confidences from 0 to 1, that of unsure not above that of match")
            }
        }
    }
}

impl core::error::Error for Error {}
