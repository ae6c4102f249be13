//! Peaks as bits, and the envelope around them: what the fingerprint and the frame have in common.
//!
//! | bytes | what |
//! |---|---|
//! | 0..3 | which of them it is |
//! | 3 | version, 1 |
//! | 4 | most peaks a second |
//! | 5 | Rice parameter k, 0 to 15 |
//! | 6.. | numbers of its own, little-endian |
//! | … | the peaks, bits from the most significant on, padded with zeros to whole bytes |
//! | last 4 | CRC-32 (IEEE) of all that precedes, little-endian |
//!
//! A peak is the time since the one before (Rice code: quotient in ones, a zero, k bits; 16 ones are
//! followed by 24 bits of time instead), 10 bits of frequency, 4 bits of rank.

use crate::error::Error;
use crate::params::{
    FREQUENCY_STEPS, LOWER_PEAKS_PER_SECOND, MAX_SECONDS, PEAKS_PER_SECOND, RANKS, STEPS_PER_HOP,
    STEPS_PER_SECOND, UPPER_PEAKS_PER_SECOND,
};
use crate::peaks::{Peak, RANK_FRAMES};

/// Version of the formats.
pub const VERSION: u8 = 1;
const CHECKSUM: usize = 4;
const LARGEST_K: u8 = 15;
const FREQUENCY_BITS: u32 = 10;
const RANK_BITS: u32 = 4;
/// So many ones announce a time of `ESCAPED_BITS`.
const ESCAPE: u32 = 16;
const ESCAPED_BITS: u32 = 24;
/// Longest duration, steps: one that fits into `ESCAPED_BITS`.
const MAX_STEPS: u32 = MAX_SECONDS * STEPS_PER_SECOND;

/// No `RANK_FRAMES` + 1 frames hold more peaks than this: each is among the strongest of all around it, …
pub const MOST_TOGETHER: usize =
    (most_ranked(UPPER_PEAKS_PER_SECOND) + most_ranked(LOWER_PEAKS_PER_SECOND)) as usize;
/// … and peaks that lie less than so many steps apart lie in so few: rounding moves one by half a hop.
const TOGETHER: u32 = RANK_FRAMES * STEPS_PER_HOP;

/// Peaks of one band whose rank is less than `RANKS` in a neighbourhood, at most.
const fn most_ranked(places: u32) -> u32 {
    (places * (2 * RANK_FRAMES + 1)).div_ceil(STEPS_PER_SECOND / STEPS_PER_HOP)
}

/// One of the formats.
pub struct Format {
    /// Its name in errors.
    pub name: &'static str,
    /// Its first bytes.
    pub magic: [u8; 3],
    /// Bytes before its peaks.
    pub header: usize,
}

impl Format {
    /// The error of what is not of this format.
    pub fn bad(&self, why: &'static str) -> Error {
        Error::Format { what: self.name, why }
    }

    /// What every constellation holds to.
    ///
    /// # Errors
    /// [`Error::Length`] for more than [`MAX_SECONDS`]; [`Error::Format`] where peaks are out of order, out
    /// of range or too many.
    pub fn check(&self, duration: u32, peaks: &[Peak]) -> Result<(), Error> {
        if duration > MAX_STEPS {
            return Err(Error::Length { most_s: MAX_SECONDS });
        }
        if peaks.iter().any(|p| p.frequency >= FREQUENCY_STEPS || p.rank >= RANKS) {
            return Err(self.bad("a peak is out of range"));
        }
        if peaks.windows(2).any(|w| (w[0].time, w[0].frequency) >= (w[1].time, w[1].frequency)) {
            return Err(self.bad("its peaks are out of order"));
        }
        // The window of a very short sound reaches beyond its end.
        if peaks.last().is_some_and(|p| p.time > duration + STEPS_PER_SECOND) {
            return Err(self.bad("a peak lies behind its end"));
        }
        // Searching takes time by their number, so more than an encoder can keep is an attack.
        if peaks.windows(MOST_TOGETHER + 1).any(|w| w[MOST_TOGETHER].time - w[0].time < TOGETHER) {
            return Err(self.bad("it has more peaks than a sound can have"));
        }
        Ok(())
    }

    /// The bytes of `peaks`, the first of which comes after `start` (steps), behind the numbers that
    /// `header` appends.
    pub fn write(&self, start: u32, peaks: &[Peak], header: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let k = best_k(start, peaks);
        let mut bytes = Vec::with_capacity(self.header + CHECKSUM + peaks.len() * 5 / 2);
        bytes.extend_from_slice(&self.magic);
        bytes.extend_from_slice(&[VERSION, PEAKS_PER_SECOND as u8, k]);
        header(&mut bytes);
        debug_assert_eq!(bytes.len(), self.header);
        let mut bits = BitWriter { bytes, free: 0 };
        let mut last = start;
        for peak in peaks {
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
        bytes
    }

    /// Opens the envelope: everything but the checksum, which fits.
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Version`] or [`Error::Checksum`].
    pub fn open<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Error> {
        if bytes.len() < 4 || bytes[..3] != self.magic {
            return Err(self.bad("it does not begin as one"));
        }
        if bytes[3] != VERSION {
            let (found, expected) = (u16::from(bytes[3]), u16::from(VERSION));
            return Err(Error::Version { what: self.name, found, expected });
        }
        if bytes.len() < self.header + CHECKSUM {
            return Err(self.bad("it is cut off"));
        }
        let (body, sum) = bytes.split_at(bytes.len() - CHECKSUM);
        if crc32fast::hash(body).to_le_bytes() != sum {
            return Err(Error::Checksum { what: self.name });
        }
        if u32::from(body[4]) != PEAKS_PER_SECOND || body[5] > LARGEST_K {
            return Err(self.bad("its parameters are not those of version 1"));
        }
        Ok(body)
    }

    /// Reads `count` peaks of an opened envelope: those `before` them, then they. Allocates for no more
    /// than `body` can hold.
    ///
    /// # Errors
    /// [`Error::Format`] where bits are missing or left over, or [`Format::check`] finds something.
    pub fn read(
        &self,
        body: &[u8],
        duration: u32,
        before: &[Peak],
        count: usize,
    ) -> Result<Vec<Peak>, Error> {
        if duration > MAX_STEPS {
            return Err(self.bad("it is longer than a fingerprint can be"));
        }
        let k = body[5];
        let mut bits = BitReader { format: self, bytes: &body[self.header..], at: 0 };
        // A peak takes at least 15 bits, so a count that lies asks for no memory.
        if count as u64 * 15 > bits.bytes.len() as u64 * 8 {
            return Err(self.bad("it is cut off"));
        }
        let mut peaks = Vec::with_capacity(before.len() + count);
        peaks.extend_from_slice(before);
        let mut time = before.last().map_or(0, |p| p.time);
        for _ in 0..count {
            let (gap, both) = bits.peak(u32::from(k))?;
            time += gap; // it stops here, before the sum can overflow; `check` sees to the rest
            if time > duration + STEPS_PER_SECOND {
                return Err(self.bad("a peak lies behind its end"));
            }
            peaks.push(Peak { time, frequency: (both >> RANK_BITS) as u16, rank: both as u8 & (RANKS - 1) });
        }
        self.check(duration, &peaks)?;
        if !bits.is_spent()? {
            return Err(self.bad("it holds more than it says"));
        }
        Ok(peaks)
    }
}

/// The number at `at` of an opened envelope.
pub fn number(body: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]])
}

/// The Rice parameter that makes these peaks shortest; of several, the smallest.
fn best_k(start: u32, peaks: &[Peak]) -> u8 {
    let cost = |k: &u8| -> u64 {
        let mut last = start;
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
    format: &'a Format,
    bytes: &'a [u8],
    at: usize,
}

impl BitReader<'_> {
    /// The bits from here on, at least 57 of them, from the most significant on; behind the last come zeros.
    #[inline]
    fn window(&self) -> u64 {
        let rest = &self.bytes[(self.at / 8).min(self.bytes.len())..];
        let eight = rest.first_chunk::<8>().copied().unwrap_or_else(|| {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            eight
        });
        u64::from_be_bytes(eight) << (self.at % 8)
    }

    /// Goes on by so many bits, which must be there.
    #[inline]
    fn skip(&mut self, count: u32) -> Result<(), Error> {
        self.at += count as usize;
        if self.at > self.bytes.len() * 8 { Err(self.format.bad("it is cut off")) } else { Ok(()) }
    }

    /// The next `count` (at most 24) bits.
    #[inline]
    fn take(&mut self, count: u32) -> Result<u32, Error> {
        // Two shifts, since none of them may be by all bits.
        let bits = (self.window() >> 32 >> (32 - count)) as u32;
        self.skip(count)?;
        Ok(bits)
    }

    /// The gap before the next peak, and the bits of its frequency and rank.
    #[inline]
    fn peak(&mut self, k: u32) -> Result<(u32, u32), Error> {
        let window = self.window();
        let quotient = window.leading_ones();
        if quotient >= ESCAPE {
            self.skip(ESCAPE)?;
            return Ok((self.take(ESCAPED_BITS)?, self.take(FREQUENCY_BITS + RANK_BITS)?));
        }
        // At most 16 + 15 + 14 bits, which one window holds.
        let (rest, length) = (window << (quotient + 1), k + FREQUENCY_BITS + RANK_BITS);
        self.skip(quotient + 1 + length)?;
        let both = (rest >> (u64::BITS - length)) as u32;
        let (gap, peak) =
            (both >> (FREQUENCY_BITS + RANK_BITS), both & ((1 << (FREQUENCY_BITS + RANK_BITS)) - 1));
        Ok((quotient << k | gap, peak))
    }

    /// Whether only the padding of the last byte is left, and that is zero.
    fn is_spent(&mut self) -> Result<bool, Error> {
        let left = self.bytes.len() * 8 - self.at;
        Ok(left < 8 && self.take(left as u32)? == 0)
    }
}
