//! The pack: one immutable file that holds everything to recognise a set of recordings.
//! `docs/formats/pack.md` is its specification.
//!
//! | bytes | what |
//! |---|---|
//! | 0..4 | `SNPK` |
//! | 4..6 | version, 2 |
//! | 6..8 | number of sections |
//! | 8..12 | CRC-32 of the section table |
//! | 12..16 | zero |
//! | 16.. | section table, 24 bytes each: tag (4), CRC-32 (4), offset (8), length (8) |
//!
//! All numbers are little-endian. Sections with unknown tags are skipped.
//!
//! | tag | what |
//! |---|---|
//! | `RECS` | 48 bytes a recording, see [`Row`] |
//! | `TEXT` | titles, artists, languages in UTF-8 |
//! | `PRNT` | the fingerprints, one after the other |
//! | `KEYS` | for each landmark key, and one beyond, the number of the first posting (u32) |
//! | `POST` | postings (u32): the hop on the common time line at which a landmark begins |
//!
//! All recordings lie on one time line, [`GAP`] hops apart, so a posting is one number and an offset
//! is one subtraction.

mod build;
mod read;

pub use build::PackBuilder;
pub use read::{Pack, RecordingInfo};

/// Version of the format.
pub const VERSION: u16 = 2;
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
    Prints,
    Keys,
    Postings,
}

impl Section {
    const ALL: [Self; 5] = [Self::Recordings, Self::Text, Self::Prints, Self::Keys, Self::Postings];

    const fn tag(self) -> &'static [u8; 4] {
        match self {
            Self::Recordings => b"RECS",
            Self::Text => b"TEXT",
            Self::Prints => b"PRNT",
            Self::Keys => b"KEYS",
            Self::Postings => b"POST",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Recordings => "recordings",
            Self::Text => "text",
            Self::Prints => "fingerprints",
            Self::Keys => "keys",
            Self::Postings => "postings",
        }
    }
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

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.recording_id.to_le_bytes());
        out.extend_from_slice(&self.song_id.to_le_bytes());
        out.extend_from_slice(&self.start.to_le_bytes());
        out.extend_from_slice(&self.duration.to_le_bytes());
        out.extend_from_slice(&self.print.0.to_le_bytes());
        out.extend_from_slice(&self.print.1.to_le_bytes());
        out.extend_from_slice(&self.text.0.to_le_bytes());
        out.extend_from_slice(&self.text.1.to_le_bytes());
        out.extend_from_slice(&self.text.2.to_le_bytes());
        out.extend_from_slice(&self.text.3.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
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
