//! Alignment: the query's peaks laid over the recording's, refined, and weighed against chance.

use std::sync::LazyLock;

use crate::math::{exp, ln};
use crate::params::{FREQUENCY_STEPS, RANKS};
use crate::peaks::Peak;

/// A matched peak lies within so many time steps (32 ms) …
const NEAR_TIME: f32 = 8.0;
/// … and so many frequency steps (30 cents) of where it is expected.
const NEAR_FREQUENCY: f32 = 3.6;
/// Standard deviations of the residuals of right matches.
const SIGMA_TIME: f32 = 2.4;
const SIGMA_FREQUENCY: f32 = 1.0;
/// Share of right matches whose residuals are that narrow; the others lie anywhere near.
const NARROW: f32 = 0.75;
/// Chance that a query's peak of each rank is in the recording too, of a query heard fairly well.
const SURVIVAL: [f32; RANKS as usize] =
    [0.50, 0.49, 0.47, 0.45, 0.43, 0.41, 0.39, 0.37, 0.35, 0.33, 0.31, 0.29, 0.27, 0.25, 0.23, 0.21];
/// That chance, times one of these, the likeliest: at −10 dB one peak in ten is the song's, and yet far
/// more than a stranger's would be.
const AUDIBILITY: [f32; 4] = [1.2, 0.75, 0.4, 0.15];
const LEVELS: usize = AUDIBILITY.len();
/// Peaks are weighed in blocks of so many time steps (256 ms), none of which counts for more than …
const BLOCK: f32 = 64.0;
/// … so much against, since something else may drown the song for a while, …
const LEAST_OF_A_BLOCK: f32 = -1.9;
/// … or so much in favour, so that one loud event decides nothing.
const MOST_OF_A_BLOCK: f32 = 6.0;
/// The recording's own density is measured within ± so many time steps (0.99 s) and frequency steps
/// (½ octave).
const AROUND_TIME: f32 = 248.0;
const AROUND_FREQUENCY: f32 = 72.0;
/// Peaks expected by accident where a match may lie: never fewer, however empty, nor more, however dense.
const EXPECTED: (f32, f32) = (0.003, 3.0);

/// What a peak says, but for the chance of an accident: ln of its survival by level and rank where it is
/// matched, and ln of the contrary where it is not.
static SAYS: LazyLock<[[[f32; LEVELS]; RANKS as usize]; 2]> = LazyLock::new(|| {
    let by_rank =
        |f: fn(f32) -> f32| SURVIVAL.map(|survival| AUDIBILITY.map(|level| ln(f(level * survival))));
    [by_rank(|missed| 1.0 - missed), by_rank(|matched| matched)]
});
/// How near a peak lies by a rough fit: steps of time and of frequency.
const ROUGHLY: (f32, f32) = (3.0 * NEAR_TIME, 1.6 * NEAR_FREQUENCY);
/// Rounds of least squares.
const ROUNDS: usize = 4;

/// Where and how the query lies on the recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Time in the recording = `speed` · time in the query + `offset`, both in steps.
    pub speed: f32,
    /// Time in the recording at which the query begins, steps.
    pub offset: f32,
    /// Frequency in the recording − frequency in the query, steps.
    pub shift: f32,
}

/// How well the query fits. Counts and sums over its peaks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weight {
    /// Log likelihood ratio: the recording against any other music, in nats.
    pub likelihood: f32,
    /// Peaks of the query that lie where the recording has any music.
    pub asked: u32,
    /// Of them, matched ones.
    pub matched: u32,
    /// Share of the blocks that speak in favour.
    pub blocks: f32,
    /// Mean absolute residual of the matched in time, steps, and in frequency, steps.
    pub residual_time: f32,
    /// See above.
    pub residual_frequency: f32,
    /// Peaks of the recording under the query.
    pub present: u32,
    /// Entropy of the pitches (in 1/36 octave) of the matched peaks, nats.
    pub entropy: f32,
    /// Mean rank of the matched peaks.
    pub rank: f32,
}

/// What the peaks of a block say, by level of audibility.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    peaks: u32,
    says: [f32; LEVELS],
}

/// Room for one alignment, kept between them.
#[derive(Clone, Debug, Default)]
pub struct Aligner {
    used: Vec<bool>,
    around: Around,
    blocks: Vec<Block>,
}

impl Aligner {
    /// Refines a rough fit by least squares over matched peaks, the tolerance shrinking. `query` and
    /// `recording` ascend by time.
    pub fn refine(&self, query: &[Peak], recording: &[Peak], rough: Fit) -> Fit {
        self.refine_if(query, recording, rough, 0.0).unwrap_or(rough)
    }

    /// The same, unless the rough fit matches less than this share of the query's peaks, as widely as peaks are
    /// looked for at first: such a fit is hopeless.
    pub fn refine_if(&self, query: &[Peak], recording: &[Peak], rough: Fit, least: f32) -> Option<Fit> {
        let mut fit = rough;
        let (mut near_time, mut near_frequency) = ROUGHLY;
        for round in 0..ROUNDS {
            // Sums of residuals, not of places in the recording, keep f32 exact enough over 20 s.
            let (mut n, mut sx, mut sy, mut sxx, mut sxy, mut sf) = (0u32, 0.0f32, 0.0, 0.0, 0.0, 0.0);
            let mut from = first_at(recording, fit.offset - near_time);
            for q in query {
                let (time, frequency) = fit.place(q);
                let near = Near::around((time, near_time), (frequency, near_frequency));
                while from < recording.len() && recording[from].time < near.from {
                    from += 1;
                }
                let mut best = (f32::MAX, 0.0, 0.0);
                for r in near.among(&recording[from..]) {
                    let (dt, df) = (r.time as f32 - time, f32::from(r.frequency) - frequency);
                    let distance = dt.abs() / near_time + df.abs() / near_frequency;
                    if distance < best.0 {
                        best = (distance, dt, df);
                    }
                }
                if best.0 < f32::MAX {
                    let x = q.time as f32;
                    n += 1;
                    sx += x;
                    sy += best.1;
                    sxx += x * x;
                    sxy += x * best.1;
                    sf += best.2;
                }
            }
            if round == 0 && (n as f32) < least * query.len() as f32 {
                return None;
            }
            if n >= 6 {
                let count = n as f32;
                let spread = count * sxx - sx * sx;
                let slope = if spread > 1.0 { (count * sxy - sx * sy) / spread } else { 0.0 };
                let speed = fit.speed + slope;
                let slope = if (speed / rough.speed - 1.0).abs() < 0.015 { slope } else { 0.0 };
                fit.speed += slope;
                fit.offset += (sy - slope * sx) / count;
                fit.shift += sf / count;
            }
            near_time = NEAR_TIME.max(0.6 * near_time);
            near_frequency = NEAR_FREQUENCY.max(0.8 * near_frequency);
        }
        Some(fit)
    }

    /// How many of the query's peaks lie near one of the recording's by a rough fit.
    pub fn near(query: &[Peak], recording: &[Peak], rough: Fit) -> usize {
        let (near_time, near_frequency) = ROUGHLY;
        let mut from = first_at(recording, rough.offset - near_time);
        let is_near = |q: &&Peak| {
            let (time, frequency) = rough.place(q);
            let near = Near::around((time, near_time), (frequency, near_frequency));
            while from < recording.len() && recording[from].time < near.from {
                from += 1;
            }
            near.among(&recording[from..]).next().is_some()
        };
        query.iter().filter(is_near).count()
    }

    /// Weighs a fit: matches peaks one to one and adds up what each says, for or against.
    pub fn weigh(&mut self, query: &[Peak], recording: &[Peak], fit: Fit) -> Weight {
        let mut w = Weight::default();
        let (Some(first), Some(last)) = (query.first(), query.last()) else { return w };
        let end = recording.last().map_or(0.0, |r| r.time as f32);
        let base = first_at(recording, fit.place(first).0 - NEAR_TIME);
        let mut from = base;
        self.around.start(recording, fit.place(first).0 - AROUND_TIME);
        self.used.clear();
        self.used.resize(recording.len() - base, false);
        let mut pitches = [0u16; FREQUENCY_STEPS as usize / 4 + 1];
        self.blocks.clear();
        self.blocks.resize((last.time as f32 / BLOCK) as usize + 1, Block::default());
        let (mut sum_time, mut sum_frequency, mut sum_rank) = (0.0, 0.0, 0u32);
        for q in query {
            let (time, frequency) = fit.place(q);
            if time < 0.0 || time > end || frequency < 0.0 || frequency >= f32::from(FREQUENCY_STEPS) {
                continue;
            }
            w.asked += 1;
            let near = Near::around((time, NEAR_TIME), (frequency, NEAR_FREQUENCY));
            while from < recording.len() && recording[from].time < near.from {
                from += 1;
            }
            let mut best = (f32::MAX, 0, 0.0, 0.0);
            for (j, r) in (from..).zip(&recording[from..]).take_while(|(_, r)| r.time <= near.to) {
                if !near.has(r.frequency) || self.used[j - base] {
                    continue;
                }
                let (dt, df) = (r.time as f32 - time, f32::from(r.frequency) - frequency);
                let (a, b) = (dt / SIGMA_TIME, df / SIGMA_FREQUENCY);
                let distance = a * a + b * b;
                if distance < best.0 {
                    best = (distance, j, dt.abs(), df.abs());
                }
            }
            let expected = self.around.expected(recording, time, frequency);
            let is_matched = best.0 < f32::MAX;
            let mut says = expected; // −ln of the chance that none lies there
            if is_matched {
                self.used[best.1 - base] = true;
                w.matched += 1;
                sum_time += best.2;
                sum_frequency += best.3;
                sum_rank += u32::from(q.rank);
                pitches[usize::from(recording[best.1].frequency) / 4] += 1;
                says = ln(narrowness(best.0) / (1.0 - exp(-expected)));
            }
            let block = &mut self.blocks[(q.time as f32 / BLOCK) as usize];
            block.peaks += 1;
            let survived = &SAYS[usize::from(is_matched)][usize::from(q.rank)];
            block.says.iter_mut().zip(survived).for_each(|(sum, survived)| *sum += survived + says);
        }
        let heard = self.blocks.iter().filter(|b| b.peaks > 0);
        let at = |level: usize| heard.clone().map(move |b| b.says[level]);
        let sum = |level| at(level).map(|says| says.clamp(LEAST_OF_A_BLOCK, MOST_OF_A_BLOCK)).sum::<f32>();
        let likelier = |a: (f32, usize), b: (f32, usize)| if b.0 > a.0 { b } else { a };
        let level;
        (w.likelihood, level) = (0..LEVELS).map(|level| (sum(level), level)).fold((f32::MIN, 0), likelier);
        let favourable = at(level).filter(|says| *says > 0.0).count();
        w.blocks = favourable as f32 / heard.count().max(1) as f32;
        let matched = w.matched.max(1) as f32;
        w.residual_time = sum_time / matched;
        w.residual_frequency = sum_frequency / matched;
        w.rank = sum_rank as f32 / matched;
        let (from, to) = (fit.place(first).0, fit.place(last).0);
        let present = recording[base..].iter().skip_while(|r| (r.time as f32) < from);
        w.present = present.take_while(|r| r.time as f32 <= to).count() as u32;
        w.entropy = entropy(&pitches);
        w
    }
}

impl Fit {
    /// Where a peak of the query is expected in the recording: time and frequency, steps.
    #[inline]
    pub fn place(&self, q: &Peak) -> (f32, f32) {
        (self.speed * q.time as f32 + self.offset, f32::from(q.frequency) + self.shift)
    }
}

/// Where a peak must lie to be near a place: whole steps, so that the many that are not are passed over quickly.
#[derive(Clone, Copy, Debug)]
struct Near {
    from: u32,
    to: u32,
    low: i32,
    width: u32,
}

impl Near {
    /// Around a time and a frequency, each with what is near to it.
    #[inline]
    fn around((time, near_time): (f32, f32), (frequency, near_frequency): (f32, f32)) -> Self {
        let (low, high) = (ceil(frequency - near_frequency), floor(frequency + near_frequency));
        let from = ceil(time - near_time).max(0) as u32;
        // Where the query begins before the recording does, nothing may be near.
        let to = floor(time + near_time);
        let width = if to < 0 { 0 } else { high.wrapping_sub(low) as u32 };
        Self { from, to: to.max(0) as u32, low: if to < 0 { i32::MIN } else { low }, width }
    }

    #[inline]
    fn has(&self, frequency: u16) -> bool {
        i32::from(frequency).wrapping_sub(self.low) as u32 <= self.width
    }

    /// Those of these peaks, which ascend by time and begin where they may be near.
    #[inline]
    fn among<'a>(&self, peaks: &'a [Peak]) -> impl Iterator<Item = &'a Peak> + use<'a> {
        let near = *self;
        peaks.iter().take_while(move |p| p.time <= near.to).filter(move |p| near.has(p.frequency))
    }
}

/// The next whole number below or at `x`, and above or at it.
#[inline]
fn floor(x: f32) -> i32 {
    let whole = x as i32;
    whole.saturating_sub(i32::from(whole as f32 > x))
}

#[inline]
fn ceil(x: f32) -> i32 {
    floor(-x).saturating_neg()
}

/// Index of the first peak at or after `time`.
pub fn first_at(peaks: &[Peak], time: f32) -> usize {
    peaks.partition_point(|p| (p.time as f32) < time)
}

/// Frequency steps in a cell of [`Around`].
const CELL: usize = 12;

/// The recording's peaks around the place that is looked at, counted by frequency.
#[derive(Clone, Debug, Default)]
struct Around {
    counts: Vec<u32>,
    from: usize,
    to: usize,
}

impl Around {
    /// Nothing yet, from a time on.
    fn start(&mut self, recording: &[Peak], time: f32) {
        self.counts.clear();
        self.counts.resize(usize::from(FREQUENCY_STEPS) / CELL + 1, 0);
        self.from = first_at(recording, time);
        self.to = self.from;
    }

    /// How many peaks lie near a place by accident, going by the density around there. Times may only grow.
    fn expected(&mut self, recording: &[Peak], time: f32, frequency: f32) -> f32 {
        let cell = |peak: &Peak| usize::from(peak.frequency) / CELL;
        while self.to < recording.len() && recording[self.to].time as f32 <= time + AROUND_TIME {
            self.counts[cell(&recording[self.to])] += 1;
            self.to += 1;
        }
        while self.from < self.to && (recording[self.from].time as f32) < time - AROUND_TIME {
            self.counts[cell(&recording[self.from])] -= 1;
            self.from += 1;
        }
        let at = |frequency: f32| (frequency.max(0.0) as usize / CELL).min(self.counts.len() - 1);
        let cells = at(frequency - AROUND_FREQUENCY)..=at(frequency + AROUND_FREQUENCY);
        let count: u32 = self.counts[cells].iter().sum();
        let places = (AROUND_TIME / NEAR_TIME) * (AROUND_FREQUENCY / NEAR_FREQUENCY);
        ((count as f32 + 1.0) / places).clamp(EXPECTED.0, EXPECTED.1)
    }
}

/// Density of a match's residuals, against residuals that lie anywhere near. `distance` in squared
/// standard deviations.
fn narrowness(distance: f32) -> f32 {
    let peak =
        4.0 * NEAR_TIME * NEAR_FREQUENCY / (2.0 * core::f32::consts::PI * SIGMA_TIME * SIGMA_FREQUENCY);
    NARROW * peak * exp(-0.5 * distance) + (1.0 - NARROW)
}

/// Entropy of a histogram, nats.
pub fn entropy(histogram: &[u16]) -> f32 {
    let total: f32 = histogram.iter().map(|&n| f32::from(n)).sum();
    let shares = histogram.iter().filter(|n| **n > 0).map(|&n| f32::from(n) / total);
    shares.map(|p| -p * ln(p)).sum()
}

#[cfg(test)]
mod tests;
