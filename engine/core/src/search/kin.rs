//! Two recordings held against each other where the query lies on them: do they share the sound there,
//! and if not, which of them does the query hold?
//!
//! Peaks that both recordings have say nothing about which of them is heard, however many they are. What
//! decides are those that one has and the other has not: the query holds them about as often as the common
//! ones if it is of that recording, and by accident only if it is not. Only strong peaks are asked, since
//! weak ones differ between two copies of one sound, too.

use super::Query;
use crate::align::{Aligner, Fit, first_at};
use crate::math::ln;
use crate::peaks::Peak;

/// Ranks below this one are strong.
const STRONG: u8 = 8;
/// A peak is where another is if it lies within so many steps of time (32 ms) and of frequency (30 cents).
const NEAR_TIME: f32 = 8.0;
const NEAR_FREQUENCY: f32 = 3.6;
/// Chance that a strong peak of a recording that is not heard is in the query by accident: seldom more
/// between composed songs.
const BY_ACCIDENT: f32 = 0.1;
/// Bounds of the chance that a strong peak of the recording that is heard is in the query.
const HEARD: (f32, f32) = (0.2, 0.95);
/// What one recording has alone is heard so much more seldom than what both have: there both are loud.
const FAINTER: f32 = 0.75;
/// The query tells two recordings apart by so many peaks, …
const TELLING: f32 = 3.0;
/// … and by so many more for each common one that it holds: so many strong peaks at most are in one copy of
/// a sound and not in the other.
const UNSTABLE: f32 = 0.2;
/// Recordings of which one has this share of its peaks in common with the other are kin.
const KIN: f32 = 0.35;
/// So many recordings are held each against each at once.
const FIRST: usize = 12;

/// The strong peaks of one recording under the query.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Side {
    /// Those that the other recording has too, and how many of them the query holds.
    common: f32,
    common_heard: f32,
    /// Those that it has not, and how many of them the query holds.
    own: f32,
    own_heard: f32,
}

impl Side {
    fn common_share(&self) -> f32 {
        self.common / (self.common + self.own).max(1.0)
    }
}

/// One recording, and where the query lies on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    pub peaks: &'a [Peak],
    pub fit: Fit,
}

/// What the query says about two recordings that are kin, `a` and `b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kinship {
    /// How many more of the peaks that only `a` has the query holds than it would by accident, in peaks;
    /// below 0 where it lacks what it should hold.
    a: f32,
    b: f32,
    /// What makes a difference, in peaks.
    telling: f32,
    /// What a peak is worth, in nats.
    nats: f32,
}

impl Kinship {
    /// Holds `a` and `b` against each other. None where they are no kin.
    pub fn of(query: &Query, a: Placed<'_>, b: Placed<'_>) -> Option<Self> {
        let (in_a, in_b) = query.sides(a, b)?;
        if in_a.common_share().max(in_b.common_share()) < KIN {
            return None;
        }
        let common_heard = in_a.common_heard + in_b.common_heard;
        let heard = (FAINTER * common_heard / (in_a.common + in_b.common)).clamp(HEARD.0, HEARD.1);
        let nats = ln(heard / BY_ACCIDENT);
        // What a peak that is missing is worth, where one that is there is worth 1.
        let missing = ln((1.0 - heard) / (1.0 - BY_ACCIDENT)) / nats;
        let worth = |side: Side| side.own_heard + missing * (side.own - side.own_heard);
        let telling = TELLING + UNSTABLE * 0.5 * common_heard;
        Some(Self { a: worth(in_a), b: worth(in_b), telling, nats })
    }

    fn turned(self) -> Self {
        Self { a: self.b, b: self.a, ..self }
    }

    /// Whether the query is clearly of `a` rather than of `b`.
    pub fn is_of_a(&self) -> bool {
        self.a - self.b >= self.telling
    }

    /// Whether what was heard is in both, as far as can be heard.
    pub fn is_shared(&self) -> bool {
        (self.a - self.b).abs() < self.telling
    }

    /// What speaks against `a`, in nats: the query holds what it has in common with `b`, and lacks what it
    /// has not. Such a query is of `b`, or of a third recording that shares what these two share.
    fn against_a(&self) -> f32 {
        self.nats * (-self.a - self.telling).max(0.0)
    }
}

/// Some recordings: the first of them each held against each, the others when they are asked for.
#[derive(Clone, Debug)]
pub(super) struct Family<'a> {
    query: &'a Query,
    recordings: Vec<Placed<'a>>,
    /// How many are the first, and what the query says about each two of them.
    size: usize,
    kinships: Vec<Option<Kinship>>,
}

impl<'a> Family<'a> {
    /// Of these recordings, likeliest first, which are then known by their places in the list.
    pub fn of(query: &'a Query, recordings: Vec<Placed<'a>>) -> Self {
        let size = recordings.len().min(FIRST);
        let mut kinships = vec![None; size * size];
        for i in 0..size {
            for j in i + 1..size {
                let kinship = Kinship::of(query, recordings[i], recordings[j]);
                kinships[i * size + j] = kinship;
                kinships[j * size + i] = kinship.map(Kinship::turned);
            }
        }
        Self { query, recordings, size, kinships }
    }

    /// What the query says about two of them. None where they are no kin, or not both of the list.
    pub fn between(&self, a: usize, b: usize) -> Option<Kinship> {
        if a.max(b) < self.size {
            return self.kinships[a * self.size + b];
        }
        Kinship::of(self.query, *self.recordings.get(a)?, *self.recordings.get(b)?)
    }

    /// What speaks most against one of them, beside the first.
    pub fn against(&self, a: usize) -> f32 {
        let others = (0..self.size).filter(|&b| b != a && a < self.size);
        others.filter_map(|b| self.between(a, b)).map(|k| k.against_a()).fold(0.0, f32::max)
    }
}

impl Query {
    /// The strong peaks of a recording under the query, from their first peak on, and when that is.
    pub(super) fn strong_under(&self, a: Placed<'_>) -> (u32, Vec<Peak>) {
        let Some(last) = self.peaks.last() else { return (0, Vec::new()) };
        let from = first_at(a.peaks, a.fit.offset);
        let to = first_at(a.peaks, a.fit.offset + a.fit.speed * last.time as f32).max(from);
        let strong = || a.peaks[from..to].iter().filter(|p| p.rank < STRONG);
        let start = strong().next().map_or(0, |p| p.time);
        (start, strong().map(|p| Peak { time: p.time - start, ..*p }).collect())
    }

    /// What each has of its own and in common with the other. None where they are no kin at first sight.
    fn sides(&self, a: Placed<'_>, b: Placed<'_>) -> Option<(Side, Side)> {
        match self.side(a, b, KIN) {
            Some(in_a) => Some((in_a, self.side(b, a, 0.0)?)),
            None => {
                let in_b = self.side(b, a, KIN)?;
                Some((self.side(a, b, 0.0)?, in_b))
            }
        }
    }

    fn side(&self, a: Placed<'_>, b: Placed<'_>, least: f32) -> Option<Side> {
        let (start, part) = self.strong_under(a);
        // From `a` to the query, and by way of the query to `b`: there refined, since what both have in
        // common is clearer in the recordings than in the query.
        let speed = a.fit.speed.recip();
        let to_query = Fit { speed, offset: speed * (start as f32 - a.fit.offset), shift: -a.fit.shift };
        let speed = b.fit.speed / a.fit.speed;
        let offset = b.fit.offset + speed * (start as f32 - a.fit.offset);
        let to_b = Fit { speed, offset, shift: b.fit.shift - a.fit.shift };
        let to_b = Aligner::default().refine_if(&part, b.peaks, to_b, least)?;
        let mut side = Side::default();
        let (mut query, mut other) = (Ahead::of(&self.peaks), Ahead::of(b.peaks));
        for peak in &part {
            let is_heard = f32::from(u8::from(query.holds(to_query.place(peak))));
            if other.holds(to_b.place(peak)) {
                side.common += 1.0;
                side.common_heard += is_heard;
            } else {
                side.own += 1.0;
                side.own_heard += is_heard;
            }
        }
        Some(side)
    }
}

/// The strong ones of these peaks.
pub(super) fn strong(peaks: &[Peak]) -> Vec<Peak> {
    peaks.iter().copied().filter(|p| p.rank < STRONG).collect()
}

/// Peaks that are asked for places which ascend by time.
struct Ahead<'a> {
    /// Those that may still be near.
    peaks: &'a [Peak],
    is_new: bool,
}

impl<'a> Ahead<'a> {
    fn of(peaks: &'a [Peak]) -> Self {
        Self { peaks, is_new: true }
    }

    /// Whether some peak lies near this place.
    fn holds(&mut self, (time, frequency): (f32, f32)) -> bool {
        let passed = if self.is_new {
            first_at(self.peaks, time - NEAR_TIME)
        } else {
            self.peaks.iter().take_while(|p| (p.time as f32) < time - NEAR_TIME).count()
        };
        (self.peaks, self.is_new) = (&self.peaks[passed..], false);
        let near = self.peaks.iter().take_while(|p| p.time as f32 <= time + NEAR_TIME);
        near.map(|p| f32::from(p.frequency) - frequency).any(|off| off.abs() <= NEAR_FREQUENCY)
    }
}
