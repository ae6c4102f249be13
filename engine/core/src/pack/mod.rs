//! The pack: one immutable file that holds everything to recognise a set of recordings.
//! `docs/formats/pack.md` is its specification.
//!
//! | bytes | what |
//! |---|---|
//! | 0..4 | `SNPK` |
//! | 4..6 | version, 3 |
//! | 6..8 | number of sections |
//! | 8..12 | CRC-32 of all else of the header and the section table |
//! | 12 | [`Profile`] |
//! | 13..16 | zero |
//! | 16.. | section table, 24 bytes each: tag (4), CRC-32 (4), offset (8), length (8) |
//!
//! All numbers are little-endian. Sections with unknown tags are skipped.
//!
//! | tag | what |
//! |---|---|
//! | `RECS` | 48 bytes a recording, see [`Row`] |
//! | `TEXT` | titles, artists, languages in UTF-8 |
//! | `SORT` | numbers of the recordings (u32), in the order of their ids |
//! | `PRNT` | the fingerprints, one after the other |
//! | `POST` | postings: the hop on the common time line at which a landmark begins, see [`index`] |
//! | `KEYS` | how many postings each landmark key has, and where they begin |
//!
//! All recordings lie on one time line, [`GAP`] hops apart, so a posting is one number and an offset
//! is one subtraction. Fingerprints and postings are nearly all of a pack, and the only sections that are not
//! read when it is opened.

mod bits;
mod build;
mod index;
mod profile;
mod read;

pub use build::PackBuilder;
pub use index::{Index, List};
pub use profile::Profile;
pub use read::{Pack, RecordingInfo};

use crate::params::STEPS_PER_HOP;

/// Version of the format.
pub const VERSION: u16 = 4;
const MAGIC: &[u8; 4] = b"SNPK";
const HEADER: usize = 16;
const ENTRY: usize = 24;

/// Hops between the end of a recording and the start of the next on the time line (33 s): a query may
/// begin before the recording does, and is no longer than this.
pub const GAP: u32 = 1_024;

/// Hops in a cell of the time line, in which votes are counted together (128 ms).
pub const CELL: u32 = 4;

/// The sections, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Recordings,
    Text,
    Order,
    Prints,
    Postings,
    Keys,
}

impl Section {
    const COUNT: usize = 6;
    const ALL: [Self; Self::COUNT] =
        [Self::Recordings, Self::Text, Self::Order, Self::Prints, Self::Postings, Self::Keys];

    const fn tag(self) -> &'static [u8; 4] {
        match self {
            Self::Recordings => b"RECS",
            Self::Text => b"TEXT",
            Self::Order => b"SORT",
            Self::Keys => b"KEYS",
            Self::Prints => b"PRNT",
            Self::Postings => b"POST",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Recordings => "recordings",
            Self::Text => "text",
            Self::Order => "order",
            Self::Keys => "keys",
            Self::Prints => "fingerprints",
            Self::Postings => "postings",
        }
    }

    /// Whether it is too large to be read when a pack is opened.
    const fn is_bulk(self) -> bool {
        matches!(self, Self::Prints | Self::Postings)
    }
}

/// Where the recording after one begins on the time line, hops; none if that is beyond all numbers. Every
/// recording begins at the same place of a cell of votes, so that copies get the same votes.
fn next_start(start: u32, duration: u32) -> Option<u32> {
    let end = start.checked_add(duration / STEPS_PER_HOP + 1)?;
    end.checked_add(GAP)?.checked_next_multiple_of(CELL)
}

/// The checksum of a header (its own place left out) and of the section table behind it.
fn head_sum(header: &[u8], table: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    [&header[..8], &header[12..HEADER], table].iter().for_each(|part| sum.update(part));
    sum.finalize()
}

/// A recording, as `RECS` holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    recording_id: u64,
    song_id: u64,
    /// Where it begins on the time line, hops.
    start: u32,
    /// Its duration, steps of 4 ms.
    duration: u32,
    /// Its fingerprint: offset and length in `PRNT`.
    print: (u64, u32),
    /// Its texts: offset in `TEXT`, lengths of title, artist and language.
    text: (u32, u16, u16, u16),
}

impl Row {
    const BYTES: usize = 48;

    fn bytes(&self) -> [u8; Self::BYTES] {
        let mut b = [0; Self::BYTES];
        b[..8].copy_from_slice(&self.recording_id.to_le_bytes());
        b[8..16].copy_from_slice(&self.song_id.to_le_bytes());
        b[16..20].copy_from_slice(&self.start.to_le_bytes());
        b[20..24].copy_from_slice(&self.duration.to_le_bytes());
        b[24..32].copy_from_slice(&self.print.0.to_le_bytes());
        b[32..36].copy_from_slice(&self.print.1.to_le_bytes());
        b[36..40].copy_from_slice(&self.text.0.to_le_bytes());
        b[40..42].copy_from_slice(&self.text.1.to_le_bytes());
        b[42..44].copy_from_slice(&self.text.2.to_le_bytes());
        b[44..46].copy_from_slice(&self.text.3.to_le_bytes());
        b
    }

    fn read(b: &[u8; Self::BYTES]) -> Self {
        Self {
            recording_id: u64_at(b, 0),
            song_id: u64_at(b, 8),
            start: u32_at(b, 16),
            duration: u32_at(b, 20),
            print: (u64_at(b, 24), u32_at(b, 32)),
            text: (u32_at(b, 36), u16_at(b, 40), u16_at(b, 42), u16_at(b, 44)),
        }
    }
}

fn u16_at(b: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([b[at], b[at + 1]])
}

fn u32_at(b: &[u8], at: usize) -> u32 {
    u32::from(u16_at(b, at)) | u32::from(u16_at(b, at + 2)) << 16
}

fn u64_at(b: &[u8], at: usize) -> u64 {
    u64::from(u32_at(b, at)) | u64::from(u32_at(b, at + 4)) << 32
}
