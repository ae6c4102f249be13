//! Landmarks: pairs of peaks, as keys of the inverted index (Wang 2003).
//!
//! A key is three cells: the time between the peaks, their interval, the frequency of the first. The
//! frequency comes last, so that neighbouring frequencies are neighbouring keys and one contiguous
//! run of postings holds a landmark at all of them.

use crate::params::{FREQUENCY_STEPS, STEPS_PER_HOP, STEPS_PER_OCTAVE};
use crate::peaks::Peak;

/// A cell of time, steps (32 ms).
const TIME_CELL: f32 = 8.0;
/// A cell of the first peak's frequency, steps (1/72 octave): half of what lies between two hypotheses of speed.
const FREQUENCY_CELL: f32 = 2.0;
/// A cell of an interval, steps (1/72 octave): finer than of a frequency, since no change of speed alters it.
const INTERVAL_CELL: f32 = 2.0;
/// Shortest and longest time between the peaks of a pair in the index, steps (32 ms to 1.02 s).
const SHORTEST: u32 = 8;
const LONGEST: u32 = 256;
/// Largest interval between the peaks of a pair, steps (¾ octave).
const WIDEST: i32 = (STEPS_PER_OCTAVE * 3 / 4) as i32;

const TIME_CELLS: i32 = LONGEST as i32 / TIME_CELL as i32 + 1;
const INTERVAL_CELLS: i32 = 2 * (WIDEST / INTERVAL_CELL as i32) + 3;
const FREQUENCY_CELLS: i32 = FREQUENCY_STEPS as i32 / FREQUENCY_CELL as i32 + 1;

/// Number of keys.
pub const KEYS: usize = (TIME_CELLS * INTERVAL_CELLS * FREQUENCY_CELLS) as usize;

/// Peaks of a song up to this rank (25 a second) make landmarks.
const INDEXED_RANKS: u8 = 9;
/// Each is paired with so many that follow it.
const INDEXED_FAN: usize = 4;
/// Peaks of a query up to this rank are paired, each with so many: noise may have put others before one that the
/// song's index holds, but pairs of the four weakest of sixteen ranks, two fifths of all, have 7% of the right
/// votes.
const QUERY_RANKS: u8 = INDEXED_RANKS + 3;
const QUERY_FAN: usize = 8;
/// A query's pair is looked for in the cells nearest to it, and in the next ones too where it lies no farther than this
/// from the middle between them, in cells: the others hold few right votes and as many wrong ones. Cells of frequency
/// are neighbouring keys, so looking in three of them costs no more than in one.
const BORDER_TIME: f32 = 0.3;
const BORDER_INTERVAL: f32 = 0.3;
const BORDER_FREQUENCY: f32 = 0.9;
/// Longest time between the peaks of a query's pair, steps: played at 0.7×, a pair lasts longer, and both its
/// ends are rounded.
const QUERY_LONGEST: u32 = (LONGEST * 10).div_ceil(7) + 1;

/// A landmark of a song.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Landmark {
    /// Its key, less than [`KEYS`].
    pub key: u32,
    /// Time of its first peak, in hops of 32 ms.
    pub hop: u32,
}

/// A pair of peaks of a query, which has a key only under a hypothesis of speed and pitch.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    time: f32,
    gap: f32,
    interval: f32,
    frequency: f32,
    /// Sum of its peaks' ranks.
    ranks: u8,
}

/// Sums of two ranks that a query's pair may have.
const RANK_SUMS: usize = 2 * QUERY_RANKS as usize - 1;
/// By how much fewer of the pairs with this sum of ranks hold a right vote, sixteenths: e-fold for four more.
const FEWER: [u32; RANK_SUMS] = {
    const STEP: f64 = 1.284_025_416_687_741_4;
    let (mut fewer, mut factor, mut sum) = ([0; RANK_SUMS], 16.0, 0);
    while sum < RANK_SUMS {
        fewer[sum] = (factor + 0.5) as u32;
        factor *= STEP;
        sum += 1;
    }
    fewer
};

/// The landmarks of a song. `peaks` ascend by time.
pub fn of_song(peaks: &[Peak]) -> Vec<Landmark> {
    let strong: Vec<Peak> = peaks.iter().copied().filter(|p| p.rank < INDEXED_RANKS).collect();
    let mut landmarks = Vec::with_capacity(strong.len() * INDEXED_FAN);
    pair_up(&strong, INDEXED_FAN, SHORTEST..=LONGEST, WIDEST, |a, b| {
        let key = key(
            cell((b.time - a.time) as f32, TIME_CELL),
            cell(f32::from(b.frequency) - f32::from(a.frequency), INTERVAL_CELL),
            cell(f32::from(a.frequency), FREQUENCY_CELL),
        );
        if let Some(key) = key {
            landmarks.push(Landmark { key, hop: (a.time + STEPS_PER_HOP / 2) / STEPS_PER_HOP });
        }
    });
    landmarks
}

/// The pairs of a query. `peaks` ascend by time.
pub fn of_query(peaks: &[Peak]) -> Vec<Pair> {
    let strong: Vec<Peak> = peaks.iter().copied().filter(|p| p.rank < QUERY_RANKS).collect();
    let mut pairs = Vec::with_capacity(strong.len() * QUERY_FAN);
    pair_up(&strong, QUERY_FAN, SHORTEST / 2..=QUERY_LONGEST, WIDEST + INTERVAL_CELL as i32, |a, b| {
        pairs.push(Pair {
            time: a.time as f32,
            gap: (b.time - a.time) as f32,
            interval: f32::from(b.frequency) - f32::from(a.frequency),
            frequency: f32::from(a.frequency),
            ranks: a.rank + b.rank,
        });
    });
    // In the order of their keys, so that memory is read more or less from front to back.
    let order = |p: &Pair| {
        let (gap, interval) =
            (floor(p.gap / TIME_CELL), cell(p.interval, INTERVAL_CELL) + INTERVAL_CELLS / 2);
        ((gap * INTERVAL_CELLS + interval) * i32::from(FREQUENCY_STEPS) + p.frequency as i32) as u32
    };
    pairs.sort_by_cached_key(order);
    pairs
}

/// The `most` of these pairs whose peaks are strongest, of equals the first ones, in the order in which they are.
pub fn strongest(pairs: &[Pair], most: usize) -> Vec<Pair> {
    if pairs.len() <= most {
        return pairs.to_vec();
    }
    let mut ranks: Vec<u8> = pairs.iter().map(|pair| pair.ranks).collect();
    let (stronger, &mut weakest, _) = ranks.select_nth_unstable(most);
    let mut left = most - stronger.iter().filter(|&&ranks| ranks < weakest).count();
    let is_strong = |pair: &&Pair| {
        let is_last = pair.ranks == weakest && left > 0;
        left -= usize::from(is_last);
        is_last || pair.ranks < weakest
    };
    pairs.iter().filter(is_strong).copied().collect()
}

/// Calls `found` for each peak with the next `fan` that are neither too close nor too far.
fn pair_up(
    peaks: &[Peak],
    fan: usize,
    gaps: core::ops::RangeInclusive<u32>,
    widest: i32,
    mut found: impl FnMut(Peak, Peak),
) {
    for (i, &a) in peaks.iter().enumerate() {
        let partners = peaks[i + 1..]
            .iter()
            .take_while(|b| b.time - a.time <= *gaps.end())
            .filter(|b| b.time - a.time >= *gaps.start())
            .filter(|b| (i32::from(b.frequency) - i32::from(a.frequency)).abs() <= widest);
        partners.take(fan).for_each(|&b| found(a, b));
    }
}

impl Pair {
    /// What it costs, in postings, to read of so many that one is right, up to a factor: the more of them there are
    /// and the weaker its peaks, the more.
    pub fn cost(&self, postings: u32) -> u64 {
        u64::from(postings) * u64::from(FEWER[usize::from(self.ranks)])
    }

    /// The runs of keys under which a song may hold this pair if the query plays at `speed` times its
    /// tempo, `shift` frequency steps below the song; and when, in hops of the song, the pair begins
    /// if the query began at 0.
    pub fn probe(&self, speed: f32, shift: f32, mut run: impl FnMut(core::ops::Range<u32>, i32)) {
        let hop = (self.time * speed / STEPS_PER_HOP as f32 + 0.5) as i32;
        let frequencies = cells((self.frequency + shift) / FREQUENCY_CELL, BORDER_FREQUENCY);
        let (low, high) = (frequencies.start().max(&0), frequencies.end().min(&(FREQUENCY_CELLS - 1)));
        if low > high {
            return;
        }
        for gap in cells(self.gap * speed / TIME_CELL, BORDER_TIME) {
            for interval in cells(self.interval / INTERVAL_CELL, BORDER_INTERVAL) {
                if let Some(first) = key(gap, interval, *low) {
                    run(first..first + (high - low) as u32 + 1, hop);
                }
            }
        }
    }
}

/// The cell nearest to `x`.
fn cell(x: f32, size: f32) -> i32 {
    floor(x / size + 0.5)
}

/// The cell nearest to `x` (in cells), and the next one where `x` lies no farther than `border` from the middle between them.
fn cells(x: f32, border: f32) -> core::ops::RangeInclusive<i32> {
    floor(x + 0.5 - border)..=floor(x + 0.5 + border)
}

fn floor(x: f32) -> i32 {
    let whole = x as i32;
    if whole as f32 > x { whole - 1 } else { whole }
}

fn key(gap: i32, interval: i32, frequency: i32) -> Option<u32> {
    let interval = interval + INTERVAL_CELLS / 2;
    let fits = (0..TIME_CELLS).contains(&gap)
        && (0..INTERVAL_CELLS).contains(&interval)
        && (0..FREQUENCY_CELLS).contains(&frequency);
    fits.then(|| ((gap * INTERVAL_CELLS + interval) * FREQUENCY_CELLS + frequency) as u32)
}

#[cfg(test)]
mod tests;
