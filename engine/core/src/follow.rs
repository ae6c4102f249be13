//! One recording laid along another: where do they hold the same sound, at one offset and speed?
//!
//! A hit says where a short excerpt lies. From there the line grows to both sides, each time refined by
//! least squares over twice as much, so that an error of speed never carries a peak out of reach; then
//! every window of the one is weighed against what lies under it in the other.

use crate::align::{Aligner, Fit, first_at};
use crate::codec::Constellation;
use crate::params::{MAX_SECONDS, STEPS_PER_OCTAVE, STEPS_PER_SECOND};
use crate::peaks::Peak;

/// A peak is where another is if it lies within so many steps of time (32 ms) and of frequency (30 cents).
const NEAR: (f64, f64) = (8.0, 3.6);
/// On each side of the place that is known, steps (5 s).
const KNOWN: f64 = 5.0 * STEPS_PER_SECOND as f64;
/// There a peak is looked for within so many times `NEAR.0`, one round after the other: a hit may be some
/// tens of milliseconds off.
const ROUNDS: [f64; 4] = [3.0, 1.8, 1.0, 1.0];
/// So far a line grows to both sides of the place before it must stand a comparison, steps (20 s).
const TRIED: f64 = 20.0 * STEPS_PER_SECOND as f64;
/// Other speeds are tried, too, since a short excerpt that is hardly heard tells its speed to 1% only …
const TURNS: [f64; 4] = [0.004, -0.004, 0.008, -0.008];
/// … and that of the file itself, if the guess is no further from it.
const NOMINAL: f64 = 0.015;
/// Nats a window of 5 s from which on a line needs no comparison: as of a copy that is heard well.
const CLEAR: f32 = 60.0;
/// A line may be so much steeper or flatter than the first guess.
const BEND: f64 = 0.02;
/// Fewest matched peaks that say anything of a line.
const FEWEST: u32 = 12;
/// Fewest peaks of a window that says anything.
const AUDIBLE: usize = 6;
/// Nats that a window must speak in favour, and so many more for each of its seconds. Between real songs, of
/// windows where strangers fit best, one in a hundred has more; of a copy in noise of 5 dB, 97 in a hundred.
const IN_FAVOUR: (f32, f32) = (5.0, 2.4);
/// Shortest window and hop, steps.
const SHORTEST: u32 = 12;
/// Longest query, steps: as long as a fingerprint can be. So there are at most 300,000 windows.
const LONGEST: u32 = MAX_SECONDS * STEPS_PER_SECOND;

/// What a window of the query says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Where it begins in the query, seconds.
    pub start_s: f32,
    /// Log likelihood ratio: the reference there, against any other music; nats.
    pub likelihood: f32,
    /// Whether there is enough in it to say anything.
    pub is_audible: bool,
    /// Whether it lies along the reference.
    pub is_aligned: bool,
}

/// A query along a reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// Second x of the query is second `offset_s` + `speed` · x of the reference.
    pub offset_s: f32,
    /// See above.
    pub speed: f32,
    /// What must be added to the reference's pitches to get the query's.
    pub pitch_semitones: f32,
    /// Windows of the query, in their order.
    pub windows: Vec<Window>,
}

impl Followed {
    /// Of the windows that say anything, the share that lies along the reference; 0 where none says anything.
    pub fn share(&self) -> f32 {
        let count = |is: fn(&Window) -> bool| self.windows.iter().filter(|w| is(w)).count() as f32;
        count(|w| w.is_aligned) / count(|w| w.is_audible).max(1.0)
    }
}

/// What is known beforehand: where about second `at_s` of the query the line runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// Second of the query about which it is known.
    pub at_s: f32,
    /// See [`Followed`].
    pub offset_s: f32,
    /// See [`Followed`].
    pub speed: f32,
    /// See [`Followed`].
    pub pitch_semitones: f32,
}

/// Second x of the query is at `a + b·x`, in steps; frequencies differ by `shift`.
#[derive(Clone, Copy, Debug)]
struct Line {
    a: f64,
    b: f64,
    shift: f64,
}

impl Line {
    fn of(guess: Guess) -> Option<Self> {
        let steps = f64::from(STEPS_PER_SECOND);
        let a = f64::from(guess.offset_s) * steps;
        let b = f64::from(guess.speed);
        let shift = f64::from(-guess.pitch_semitones) / 12.0 * f64::from(STEPS_PER_OCTAVE);
        let is_sane = a.abs() < 1e8 && (0.25..4.0).contains(&b) && shift.abs() < 2_000.0;
        is_sane.then_some(Self { a, b, shift })
    }

    fn at(&self, x: f64) -> f64 {
        self.a + self.b * x
    }

    /// The line through the same place at `x` with slope `b`.
    fn turned(self, x: f64, b: f64) -> Self {
        Self { a: self.at(x) - b * x, b, ..self }
    }

    /// Over the peaks of a query from `from` to `to`: the line of least squares through what matches, within
    /// `tolerance` steps of time.
    fn refined(
        &self,
        query: &[Peak],
        reference: &[Peak],
        (from, to): (f64, f64),
        tolerance: f64,
    ) -> Option<Self> {
        let part = &query[first_at(query, from as f32)..first_at(query, to as f32)];
        let middle = 0.5 * (from + to);
        let (mut n, mut sx, mut sy, mut sxx, mut sxy, mut sf) = (0u32, 0.0, 0.0, 0.0, 0.0, 0.0);
        let mut near = first_at(reference, (self.at(from) - tolerance) as f32);
        for q in part {
            let x = f64::from(q.time);
            let (time, frequency) = (self.at(x), f64::from(q.frequency) + self.shift);
            while near < reference.len() && f64::from(reference[near].time) < time - tolerance {
                near += 1;
            }
            let mut best = (f64::MAX, 0.0, 0.0);
            for r in reference[near..].iter().take_while(|r| f64::from(r.time) <= time + tolerance) {
                let (dt, df) = (f64::from(r.time) - time, f64::from(r.frequency) - frequency);
                let distance = dt.abs() / tolerance + df.abs() / NEAR.1;
                if df.abs() <= NEAR.1 && distance < best.0 {
                    best = (distance, dt, df);
                }
            }
            if best.0 < f64::MAX {
                let x = x - middle;
                n += 1;
                sx += x;
                sy += best.1;
                sxx += x * x;
                sxy += x * best.1;
                sf += best.2;
            }
        }
        if n < FEWEST {
            return None;
        }
        let count = f64::from(n);
        let spread = count * sxx - sx * sx;
        let slope = if spread > 1.0 { (count * sxy - sx * sy) / spread } else { 0.0 };
        let height = (sy - slope * sx) / count - slope * middle;
        Some(Self { a: self.a + height, b: self.b + slope, shift: self.shift + sf / count })
    }
}

/// Lays `query` along `reference`, beginning with a guess, and weighs its windows of `window_s` seconds, one
/// every `hop_s`. The last one may be shorter by a half, and then needs less to be aligned. None where the
/// guess is none, such as a speed of 0, a window or hop is shorter than 50 ms, or the query longer than
/// [`MAX_SECONDS`]. A place outside the query stands for its nearer end.
pub fn follow(
    query: &Constellation,
    reference: &Constellation,
    guess: Guess,
    (window_s, hop_s): (f32, f32),
) -> Option<Followed> {
    let steps = STEPS_PER_SECOND as f32;
    let (window, hop) = (((window_s * steps) as u32).min(LONGEST), (hop_s * steps) as u32);
    if window < SHORTEST || hop < SHORTEST || !guess.at_s.is_finite() || query.duration > LONGEST {
        return None;
    }
    let at = f64::from(guess.at_s) * f64::from(STEPS_PER_SECOND);
    let line = grown(Line::of(guess)?, query, reference, at);
    let all = |line| {
        let mut aligner = Aligner::default();
        let last = query.duration.saturating_sub(window / 2).max(1);
        let starts = (0..last).step_by(hop as usize);
        starts.map(|start| weighed(&mut aligner, line, query, reference, (start, window))).collect()
    };
    let (mut line, mut windows): (Line, Vec<Window>) = (line, all(line));
    // What is not the same sound has accidental matches, and bends the line: once more without it.
    if windows.iter().any(|w| w.is_audible && !w.is_aligned) {
        let held = held(&query.peaks, &windows, window);
        let whole = (0.0, f64::from(query.duration) + KNOWN);
        if let Some(better) = line.refined(&held, &reference.peaks, whole, NEAR.0) {
            (line, windows) = (better, all(better));
        }
    }
    Some(Followed {
        offset_s: (line.a / f64::from(STEPS_PER_SECOND)) as f32,
        speed: line.b as f32,
        pitch_semitones: (-line.shift * 12.0 / f64::from(STEPS_PER_OCTAVE)) as f32,
        windows,
    })
}

/// The peaks that lie in any aligned window.
fn held(peaks: &[Peak], windows: &[Window], window: u32) -> Vec<Peak> {
    let mut held = Vec::new();
    let mut known = 0;
    for one in windows.iter().filter(|w| w.is_aligned) {
        let start = (one.start_s * STEPS_PER_SECOND as f32).round() as u32;
        let at = |time| peaks.partition_point(|p| p.time < time);
        let (from, to) = (at(start).max(known), at(start + window));
        held.extend_from_slice(&peaks[from.min(to)..to]);
        known = known.max(to);
    }
    held
}

/// The line, refined over more and more of the query: of several speeds, the one that fits best.
fn grown(first: Line, query: &Constellation, reference: &Constellation, at: f64) -> Line {
    let at = at.clamp(0.0, f64::from(query.duration));
    let tried = |line: Line| grown_to(line, line, query, reference, at, (KNOWN, TRIED));
    let mut best = tried(first);
    let mut most = favour(best, query, reference, at);
    if most < CLEAR {
        let others = TURNS.map(|turn| first.b * (1.0 + turn));
        let nominal = ((first.b - 1.0).abs() <= NOMINAL).then_some(1.0);
        for b in others.into_iter().chain(nominal) {
            let line = tried(first.turned(at, b));
            let says = favour(line, query, reference, at);
            if says > most {
                (best, most) = (line, says);
            }
        }
    }
    grown_to(best, first, query, reference, at, (2.0 * TRIED, f64::INFINITY))
}

/// Refined over spans of the query about `at`, each twice as long as the one before, `from` to `to` steps to
/// both sides, or to both its ends. No line bends further from `first` than `BEND`.
fn grown_to(
    line: Line,
    first: Line,
    query: &Constellation,
    reference: &Constellation,
    at: f64,
    (from, to): (f64, f64),
) -> Line {
    let end = f64::from(query.duration);
    let mut line = line;
    let mut reach = from;
    while reach <= to {
        let span = ((at - reach).max(0.0), (at + reach).min(end));
        let rounds = if reach > KNOWN { &ROUNDS[2..] } else { &ROUNDS[..] };
        for wide in rounds {
            let tolerance = wide * NEAR.0;
            let Some(better) = line.refined(&query.peaks, &reference.peaks, span, tolerance) else { break };
            if (better.b / first.b - 1.0).abs() <= BEND {
                line = better;
            }
        }
        if span.0 <= 0.0 && span.1 >= end {
            break;
        }
        reach *= 2.0;
    }
    line
}

/// Nats in favour of a line, the mean of the windows of 5 s about a place of the query.
fn favour(line: Line, query: &Constellation, reference: &Constellation, at: f64) -> f32 {
    let mut aligner = Aligner::default();
    let (from, to) = ((at - TRIED).max(0.0) as u32, (at + TRIED).min(f64::from(query.duration)) as u32);
    let window = KNOWN as u32;
    let starts = (from..to).step_by(window as usize);
    let says: Vec<f32> = starts
        .map(|start| weighed(&mut aligner, line, query, reference, (start, window)).likelihood.max(0.0))
        .collect();
    says.iter().sum::<f32>() / says.len().max(1) as f32
}

fn weighed(
    aligner: &mut Aligner,
    line: Line,
    query: &Constellation,
    reference: &Constellation,
    (start, window): (u32, u32),
) -> Window {
    let from = query.peaks.partition_point(|p| p.time < start);
    let to = query.peaks.partition_point(|p| p.time < start + window);
    let part: Vec<Peak> = query.peaks[from..to].iter().map(|p| Peak { time: p.time - start, ..*p }).collect();
    // The reference about there alone, so that times are small enough for f32, and no more is looked at.
    let place = line.at(f64::from(start));
    let (first, last) = (place - 2_000.0, line.at(f64::from(start + window)) + 2_000.0);
    let near =
        &reference.peaks[first_at(&reference.peaks, first as f32)..first_at(&reference.peaks, last as f32)];
    let base = near.first().map_or(0, |p| p.time);
    let near: Vec<Peak> = near.iter().map(|p| Peak { time: p.time - base, ..*p }).collect();
    let fit =
        Fit { speed: line.b as f32, offset: (place - f64::from(base)) as f32, shift: line.shift as f32 };
    let weight = aligner.weigh(&part, &near, fit);
    let is_audible = part.len() >= AUDIBLE;
    let there = window.min(query.duration.saturating_sub(start));
    let least = IN_FAVOUR.0 + IN_FAVOUR.1 * there as f32 / STEPS_PER_SECOND as f32;
    Window {
        start_s: start as f32 / STEPS_PER_SECOND as f32,
        likelihood: weight.likelihood,
        is_audible,
        is_aligned: is_audible && weight.likelihood >= least,
    }
}

#[cfg(test)]
mod tests;
