//! The fingerprint: a constellation as bytes. `docs/formats/fingerprint.md` is its specification.
//!
//! | bytes | what |
//! |---|---|
//! | 0..3 | `SNF` |
//! | 3 | version, 1 |
//! | 4 | most peaks a second, 45 |
//! | 5 | Rice parameter k, 0 to 15 |
//! | 6..10 | duration of the sound, steps of 4 ms, little-endian |
//! | 10..14 | number of peaks, little-endian |
//! | 14.. | the peaks, bits from the most significant on, padded with zeros to whole bytes |
//! | last 4 | CRC-32 (IEEE) of all that precedes, little-endian |
//!
//! A peak is the time since the one before (Rice code: quotient in ones, a zero, k bits; 16 ones are
//! followed by 24 bits of time instead), 10 bits of frequency, 4 bits of rank.

use crate::error::Error;
use crate::params::{FREQUENCY_STEPS, MAX_SECONDS, PEAKS_PER_SECOND, RANKS, STEPS_PER_SECOND};
use crate::peaks::Peak;

/// Version of the format.
pub const VERSION: u8 = 1;
const MAGIC: &[u8; 3] = b"SNF";
const HEADER: usize = 14;
const CHECKSUM: usize = 4;
const LARGEST_K: u8 = 15;
const FREQUENCY_BITS: u32 = 10;
const RANK_BITS: u32 = 4;
/// So many ones announce a time of `ESCAPED_BITS`.
const ESCAPE: u32 = 16;
const ESCAPED_BITS: u32 = 24;
/// Longest duration, steps: one that fits into `ESCAPED_BITS`.
const MAX_STEPS: u32 = MAX_SECONDS * STEPS_PER_SECOND;

/// No 63 frames hold more peaks than this: each is among the strongest of the two seconds around it (73
/// of the upper band, 19 of the lower), …
const MOST_TOGETHER: usize = 92;
/// … and peaks that lie less than so many steps apart lie in 63 frames: rounding moves one by two steps.
const TOGETHER: u32 = 248;

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

    /// The fingerprint of this constellation.
    ///
    /// # Errors
    /// [`Error::Length`] for more than [`MAX_SECONDS`]; [`Error::Format`] where peaks are out of
    /// order or out of range, which no constellation of [`crate::Fingerprinter`] is.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        if self.duration > MAX_STEPS {
            return Err(Error::Length { most_s: MAX_SECONDS });
        }
        check(self.duration, &self.peaks)?;
        let k = best_k(&self.peaks);
        let mut bytes = Vec::with_capacity(HEADER + CHECKSUM + self.peaks.len() * 5 / 2);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[VERSION, PEAKS_PER_SECOND as u8, k]);
        bytes.extend_from_slice(&self.duration.to_le_bytes());
        bytes.extend_from_slice(&(self.peaks.len() as u32).to_le_bytes());
        let mut bits = BitWriter { bytes, free: 0 };
        let mut last = 0;
        for peak in &self.peaks {
            let gap = peak.time - last;
            last = peak.time;
            if gap >> k < ESCAPE {
                bits.put((1 << ((gap >> k) + 1)) - 2, (gap >> k) + 1);
                bits.put(gap & ((1 << k) - 1), u32::from(k));
            } else {
                bits.put((1 << ESCAPE) - 1, ESCAPE);
                bits.put(gap, ESCAPED_BITS);
            }
            bits.put(u32::from(peak.frequency), FREQUENCY_BITS);
            bits.put(u32::from(peak.rank), RANK_BITS);
        }
        let mut bytes = bits.bytes;
        let sum = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        Ok(bytes)
    }

    /// Reads a fingerprint. Allocates no more than five times the size of `bytes`.
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Version`] or [`Error::Checksum`] where it is not a valid one.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() < 4 || &bytes[..3] != MAGIC {
            return Err(bad("it does not begin as one"));
        }
        if bytes[3] != VERSION {
            let (found, expected) = (u16::from(bytes[3]), u16::from(VERSION));
            return Err(Error::Version { what: "fingerprint", found, expected });
        }
        if bytes.len() < HEADER + CHECKSUM {
            return Err(bad("it is cut off"));
        }
        let (body, sum) = bytes.split_at(bytes.len() - CHECKSUM);
        if crc32fast::hash(body).to_le_bytes() != sum {
            return Err(Error::Checksum { what: "fingerprint" });
        }
        let k = body[5];
        if u32::from(body[4]) != PEAKS_PER_SECOND || k > LARGEST_K {
            return Err(bad("its parameters are not those of version 1"));
        }
        let number = |at: usize| u32::from_le_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]]);
        let (duration, count) = (number(6), number(10) as usize);
        if duration > MAX_STEPS {
            return Err(bad("it is longer than a fingerprint can be"));
        }
        let mut bits = BitReader { bytes: &body[HEADER..], at: 0 };
        // A peak takes at least 15 bits, so a count that lies asks for no memory.
        if count as u64 * 15 > bits.bytes.len() as u64 * 8 {
            return Err(bad("it is cut off"));
        }
        let mut peaks = Vec::with_capacity(count);
        let mut time = 0u32;
        for _ in 0..count {
            let mut quotient = 0;
            while quotient < ESCAPE && bits.take(1)? == 1 {
                quotient += 1;
            }
            let gap = if quotient == ESCAPE {
                bits.take(ESCAPED_BITS)?
            } else {
                quotient << k | bits.take(u32::from(k))?
            };
            time += gap; // it stops here, before the sum can overflow; `check` sees to the rest
            if time > duration + STEPS_PER_SECOND {
                return Err(bad("a peak lies behind its end"));
            }
            let frequency = bits.take(FREQUENCY_BITS)? as u16;
            let rank = bits.take(RANK_BITS)? as u8;
            peaks.push(Peak { time, frequency, rank });
        }
        check(duration, &peaks)?;
        if !bits.is_spent()? {
            return Err(bad("it holds more than it says"));
        }
        Ok(Self { duration, peaks })
    }
}

fn bad(why: &'static str) -> Error {
    Error::Format { what: "fingerprint", why }
}

/// What every constellation holds to.
fn check(duration: u32, peaks: &[Peak]) -> Result<(), Error> {
    if peaks.iter().any(|p| p.frequency >= FREQUENCY_STEPS || p.rank >= RANKS) {
        return Err(bad("a peak is out of range"));
    }
    if peaks.windows(2).any(|w| (w[0].time, w[0].frequency) >= (w[1].time, w[1].frequency)) {
        return Err(bad("its peaks are out of order"));
    }
    // The window of a very short sound reaches beyond its end.
    if peaks.last().is_some_and(|p| p.time > duration + STEPS_PER_SECOND) {
        return Err(bad("a peak lies behind its end"));
    }
    // Searching takes time by their number, so more than an encoder can keep is an attack.
    if peaks.windows(MOST_TOGETHER + 1).any(|w| w[MOST_TOGETHER].time - w[0].time < TOGETHER) {
        return Err(bad("it has more peaks than a sound can have"));
    }
    Ok(())
}

/// The Rice parameter that makes these peaks shortest; of several, the smallest.
fn best_k(peaks: &[Peak]) -> u8 {
    let cost = |k: &u8| -> u64 {
        let mut last = 0;
        let mut bits = 0;
        for peak in peaks {
            let quotient = (peak.time - last) >> k;
            last = peak.time;
            bits += u64::from(if quotient < ESCAPE {
                quotient + 1 + u32::from(*k)
            } else {
                ESCAPE + ESCAPED_BITS
            });
        }
        bits
    };
    (0..=LARGEST_K).min_by_key(cost).unwrap_or(0)
}

struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that are free in the last byte.
    free: u32,
}

impl BitWriter {
    /// Appends the `count` (at most 24) lowest bits of `value`.
    fn put(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            self.free -= 1;
            let last = self.bytes.len() - 1;
            self.bytes[last] |= ((value >> bit & 1) as u8) << self.free;
        }
    }
}

struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl BitReader<'_> {
    /// The next `count` (at most 24) bits.
    fn take(&mut self, count: u32) -> Result<u32, Error> {
        let count = count as usize;
        if self.at + count > self.bytes.len() * 8 {
            return Err(bad("it is cut off"));
        }
        let first = self.at / 8;
        let mut window = 0u64;
        for i in 0..5 {
            window = window << 8 | u64::from(self.bytes.get(first + i).copied().unwrap_or(0));
        }
        let shift = 40 - (self.at % 8) - count;
        self.at += count;
        Ok((window >> shift) as u32 & ((1u32 << count) - 1))
    }

    /// Whether only the padding of the last byte is left, and that is zero.
    fn is_spent(&mut self) -> Result<bool, Error> {
        let left = self.bytes.len() * 8 - self.at;
        Ok(left < 8 && self.take(left as u32)? == 0)
    }
}
