//! From log spectra to the constellation: the peaks that stand out of their surroundings.
//!
//! A peak is a largest value of the *whitened* log spectrum within its neighbourhood. Whitening takes
//! away the mean over 1.3 s and 400 Hz around, so that neither the loudness, nor a loudspeaker's
//! colour, nor steady noise decides what stands out. The strongest of each second are kept.
//!
//! But for interpolation all of it is integer arithmetic, and a peak is decided upon 55 frames (1.8 s) after it at the latest.

use std::collections::VecDeque;

use crate::isa::{Isa, multiversion};
use crate::math::log2;
use crate::params::{
    BINS, END_BIN, ENGINE_RATE, FREQUENCY_STEPS, HOP, LOWER_PEAKS_PER_SECOND, LOWEST_BIN, LOWEST_HZ, RANKS,
    STEPS_PER_HOP, STEPS_PER_OCTAVE, STEPS_PER_SECOND, TRANSFORM, UPPER_BAND_BIN, UPPER_PEAKS_PER_SECOND,
    WINDOW,
};
use crate::spectrum::Row;

/// Whitening reaches so many frames (0.64 s) to either side …
const WHITE_FRAMES: usize = 20;
/// … and so many bins (195 Hz).
const WHITE_BINS: usize = 50;
/// Cells under the whitening window.
const WHITE_AREA: i32 = ((2 * WHITE_FRAMES + 1) * (2 * WHITE_BINS + 1)) as i32;
/// A peak is the largest of so many frames (0.13 s) to either side …
const NEAR_FRAMES: usize = 4;
/// … and so many bins (55 Hz).
const NEAR_BINS: usize = 14;
/// The same in the lower band, where notes lie closer together.
const NEAR_BINS_LOW: usize = 6;
/// Peaks are ranked among those of so many frames (0.99 s) to either side.
pub const RANK_FRAMES: u32 = 31;

/// A point of the constellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Peak {
    /// Time of the middle of its window, in steps of 4 ms from the start of the sound.
    pub time: u32,
    /// Frequency, in steps of 1/144 octave above 58.6 Hz.
    pub frequency: u16,
    /// 0 for the strongest sixteenth of the places of its band, 15 for the weakest.
    pub rank: u8,
}

impl Peak {
    /// Its time, seconds.
    pub fn seconds(self) -> f32 {
        self.time as f32 / STEPS_PER_SECOND as f32
    }

    /// How strong it is among those around it: 1 for the strongest rank, a sixteenth for the weakest.
    pub fn strength(self) -> f32 {
        f32::from(RANKS.saturating_sub(self.rank)) / f32::from(RANKS)
    }

    /// Its frequency, Hz.
    pub fn hertz(self) -> f32 {
        LOWEST_HZ * crate::math::exp2(f32::from(self.frequency) / STEPS_PER_OCTAVE as f32)
    }
}

/// A local maximum that waits for its rank.
#[derive(Clone, Copy)]
struct Candidate {
    frame: u32,
    bin: u16,
    strength: i32,
    time: u32,
    frequency: u16,
}

impl Candidate {
    /// Whether the other is stronger, or as strong and earlier: so that of many equal ones, as a machine
    /// makes them, no more are kept than of others.
    fn yields_to(&self, other: &Self) -> bool {
        let order = |c: &Self| (core::cmp::Reverse(c.strength), c.frame, c.bin);
        order(other) < order(self)
    }
}

/// Picks peaks from rows that arrive one after the other.
#[derive(Clone)]
pub struct PeakPicker {
    isa: Isa,
    /// Rows under the whitening window, oldest first, and their sums by bin.
    rows: VecDeque<Box<Row>>,
    sums: Box<Row>,
    /// Whitened rows (times `WHITE_AREA`) and the largest of each bin's near bins, newest last.
    white: VecDeque<Whitened>,
    /// Frames whitened and frames searched so far.
    whitened: u32,
    searched: u32,
    candidates: VecDeque<Candidate>,
    /// Candidates before this one have been ranked.
    ranked: usize,
    peaks: Vec<Peak>,
}

#[derive(Clone)]
struct Whitened {
    values: Box<Row>,
    highest: Box<Row>,
    /// The log spectrum that it came from, for interpolation.
    row: Box<Row>,
}

impl PeakPicker {
    /// A picker that has heard nothing.
    pub fn new(isa: Isa) -> Self {
        Self {
            isa,
            rows: VecDeque::new(),
            sums: Box::new([0; BINS]),
            white: VecDeque::new(),
            whitened: 0,
            searched: 0,
            candidates: VecDeque::new(),
            ranked: 0,
            peaks: Vec::new(),
        }
    }

    /// The same, but that it has forgotten peaks that lie before `from_s` seconds.
    pub fn since(&self, from_s: f32) -> Self {
        // Peaks of one frame lie up to a hop out of order, so that much more is kept, and as much again
        // for rounding.
        const MARGIN_S: f32 = 2.0 * STEPS_PER_HOP as f32 / STEPS_PER_SECOND as f32;
        let first = self.peaks.partition_point(|p| p.seconds() + MARGIN_S < from_s);
        Self {
            isa: self.isa,
            rows: self.rows.clone(),
            sums: self.sums.clone(),
            white: self.white.clone(),
            whitened: self.whitened,
            searched: self.searched,
            candidates: self.candidates.clone(),
            ranked: self.ranked,
            peaks: self.peaks[first..].to_vec(),
        }
    }

    /// Takes the next frame.
    pub fn push(&mut self, row: &Row) {
        if self.rows.is_empty() {
            // Before the first frame it is as if that had been heard for ever.
            for _ in 0..WHITE_FRAMES {
                self.append(row);
            }
        }
        self.append(row);
        if self.rows.len() > 2 * WHITE_FRAMES {
            self.whiten();
        }
    }

    /// Ends the sound and gives its peaks, in the order of (time, frequency).
    pub fn finish(mut self) -> Vec<Peak> {
        if let Some(last) = self.rows.back().cloned() {
            for _ in 0..WHITE_FRAMES {
                self.append(&last);
                if self.rows.len() > 2 * WHITE_FRAMES {
                    self.whiten();
                }
            }
        }
        while self.searched < self.whitened {
            self.search();
        }
        let frames = self.searched;
        self.rank(frames, true);
        self.peaks.sort_unstable();
        self.peaks.dedup_by_key(|p| (p.time, p.frequency));
        self.peaks
    }

    fn append(&mut self, row: &Row) {
        let oldest = if self.rows.len() > 2 * WHITE_FRAMES { self.rows.pop_front() } else { None };
        match oldest {
            Some(mut oldest) => {
                slide(self.isa, &mut self.sums, row, &oldest);
                oldest.copy_from_slice(row);
                self.rows.push_back(oldest);
            }
            None => {
                slide(self.isa, &mut self.sums, row, &[0; BINS]);
                self.rows.push_back(Box::new(*row));
            }
        }
    }

    /// Whitens the middle one of the rows, and searches the frame that this completes.
    fn whiten(&mut self) {
        let mut next = if self.white.len() > 2 * NEAR_FRAMES + 2 {
            self.white.pop_front().expect("not empty")
        } else {
            let blank = || Box::new([0; BINS]);
            Whitened { values: blank(), highest: blank(), row: blank() }
        };
        next.row.copy_from_slice(&self.rows[WHITE_FRAMES][..]);
        whiten_row(self.isa, &next.row, &self.sums, &mut next.values, &mut next.highest);
        self.white.push_back(next);
        self.whitened += 1;
        if self.whitened as usize > NEAR_FRAMES {
            self.search();
        }
    }

    /// Looks for peaks in the next frame whose neighbours are there (or will never be).
    fn search(&mut self) {
        let frame = self.searched;
        let first = self.whitened - self.white.len() as u32;
        let at = (frame - first) as usize;
        let from = at.saturating_sub(NEAR_FRAMES);
        let to = (at + NEAR_FRAMES + 1).min(self.white.len());
        let mut highest = [i32::MIN; BINS];
        for near in self.white.range(from..to) {
            raise(self.isa, &mut highest, &near.highest);
        }
        let values = &self.white[at].values;
        for bin in LOWEST_BIN..END_BIN {
            let strength = values[bin];
            if strength > 0 && strength == highest[bin] && self.is_first(at, bin, from) {
                let (time, frequency) = self.place(frame, at, bin);
                self.candidates.push_back(Candidate { frame, bin: bin as u16, strength, time, frequency });
            }
        }
        self.searched += 1;
        self.rank(self.searched, false);
    }

    /// Of equal values in one neighbourhood the first by (frame, bin) is the peak.
    fn is_first(&self, at: usize, bin: usize, from: usize) -> bool {
        let strength = self.white[at].values[bin];
        let near = near_bins(bin);
        (from..=at).all(|other| {
            let end = if other < at { (bin + near + 1).min(BINS) } else { bin };
            self.white[other].values[bin.saturating_sub(near)..end].iter().all(|&v| v != strength)
        })
    }

    /// Time and frequency of a peak, by a parabola through its neighbours in either direction.
    fn place(&self, frame: u32, at: usize, bin: usize) -> (u32, u16) {
        let row = &self.white[at].row;
        let bins = bin as f32 + vertex(row[bin - 1], row[bin], row[bin + 1]);
        let before = &self.white[at.saturating_sub(1)].row;
        let after = &self.white[(at + 1).min(self.white.len() - 1)].row;
        let frames = frame as f32 + vertex(before[bin], row[bin], after[bin]);
        let middle = (WINDOW / 2) as f32 / HOP as f32;
        let time = ((frames + middle) * STEPS_PER_HOP as f32 + 0.5) as u32;
        let octaves = log2(bins * (ENGINE_RATE as f32 / TRANSFORM as f32) / LOWEST_HZ);
        let frequency = (octaves * STEPS_PER_OCTAVE as f32 + 0.5) as u16;
        (time, frequency.min(FREQUENCY_STEPS - 1))
    }

    /// Ranks the candidates whose neighbourhood has been searched up to `frames`, keeps the strong.
    fn rank(&mut self, frames: u32, ended: bool) {
        while let Some(&c) = self.candidates.get(self.ranked) {
            if !ended && c.frame + RANK_FRAMES >= frames {
                return;
            }
            while self.candidates[0].frame + RANK_FRAMES < c.frame {
                self.candidates.pop_front();
                self.ranked -= 1;
            }
            let lower = usize::from(c.bin) < UPPER_BAND_BIN;
            let stronger = self
                .candidates
                .iter()
                .take_while(|o| o.frame <= c.frame + RANK_FRAMES)
                .filter(|o| (usize::from(o.bin) < UPPER_BAND_BIN) == lower && c.yields_to(o))
                .count() as u32;
            // Places in the neighbourhood, which is shorter at the ends of the sound.
            let heard = (c.frame + RANK_FRAMES + 1).min(frames) - c.frame.saturating_sub(RANK_FRAMES);
            let allotment = if lower { LOWER_PEAKS_PER_SECOND } else { UPPER_PEAKS_PER_SECOND };
            let hops_per_second = STEPS_PER_SECOND / STEPS_PER_HOP;
            let rank = u32::from(RANKS) * stronger * hops_per_second / (allotment * heard);
            if rank < u32::from(RANKS) {
                self.peaks.push(Peak { time: c.time, frequency: c.frequency, rank: rank as u8 });
            }
            self.ranked += 1;
        }
    }
}

/// Bins to either side among which a peak at `bin` is the largest.
#[inline(always)]
const fn near_bins(bin: usize) -> usize {
    if bin < UPPER_BAND_BIN { NEAR_BINS_LOW } else { NEAR_BINS }
}

/// Place of the vertex of the parabola through (−1, a), (0, b), (1, c), within ± ½.
fn vertex(a: i32, b: i32, c: i32) -> f32 {
    let bend = (a + c - 2 * b) as f32;
    if bend < 0.0 { (0.5 * (a - c) as f32 / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

multiversion! {
    fn slide(sums: &mut Row, newest: &Row, oldest: &Row) = slide_kernel
}

#[inline(always)]
fn slide_kernel(sums: &mut Row, newest: &Row, oldest: &Row) {
    for bin in 0..BINS {
        sums[bin] += newest[bin] - oldest[bin];
    }
}

multiversion! {
    fn raise(highest: &mut Row, other: &Row) = raise_kernel
}

#[inline(always)]
fn raise_kernel(highest: &mut Row, other: &Row) {
    for bin in 0..BINS {
        highest[bin] = highest[bin].max(other[bin]);
    }
}

multiversion! {
    /// `values` = row − mean, times `WHITE_AREA`, where `sums` holds the sums by bin over the frames
    /// around; `highest` = the largest of each bin's near bins.
    fn whiten_row(row: &Row, sums: &Row, values: &mut Row, highest: &mut Row) = whiten_row_kernel
}

#[inline(always)]
fn whiten_row_kernel(row: &Row, sums: &Row, values: &mut Row, highest: &mut Row) {
    // Running sums over the bins, the edges repeated.
    let mut running = [0i64; BINS + 2 * WHITE_BINS + 2];
    let mut sum = 0i64;
    for i in 0..BINS + 2 * WHITE_BINS {
        sum += i64::from(sums[i.saturating_sub(WHITE_BINS).min(BINS - 1)]);
        running[i + 1] = sum;
    }
    for bin in 0..BINS {
        let around = (running[bin + 2 * WHITE_BINS + 1] - running[bin]) as i32;
        values[bin] = row[bin] * WHITE_AREA - around;
    }
    // Largest of 2·near + 1 bins by doubling: of 2, of 4, of 8, then two overlapping windows.
    const PAD: usize = 16;
    let mut a = [i32::MIN; BINS + 4 * PAD];
    a[PAD..PAD + BINS].copy_from_slice(values);
    let of = |a: &[i32; BINS + 4 * PAD], by: usize| {
        let mut b = [i32::MIN; BINS + 4 * PAD];
        for i in 0..BINS + 3 * PAD {
            b[i] = a[i].max(a[i + by]);
        }
        b
    };
    let two = of(&a, 1);
    let four = of(&two, 2);
    let eight = of(&four, 4);
    let sixteen = of(&eight, 8);
    for bin in 0..BINS {
        let left = bin + PAD - NEAR_BINS;
        highest[bin] = sixteen[left].max(sixteen[left + 2 * NEAR_BINS + 1 - 16]);
    }
    for bin in 0..UPPER_BAND_BIN {
        let left = bin + PAD - NEAR_BINS_LOW;
        highest[bin] = eight[left].max(eight[left + 2 * NEAR_BINS_LOW + 1 - 8]);
    }
}

#[cfg(test)]
mod tests;
