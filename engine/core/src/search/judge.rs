//! What the candidates of all packs come to: who of them is the song, if any, and who shares its sound.

use std::collections::HashSet;

use super::kin::{Family, Kinship, Placed};
use super::{Candidate, Effort, Options, Query};
use crate::error::Error;
use crate::params::{STEPS_PER_OCTAVE, STEPS_PER_SECOND};
use crate::verify::{self, Features};
use crate::votes::Hypothesis;

/// Songs that the verifier sees: more than ever share one sound, so that some stranger is among them.
pub(super) const JUDGED: usize = 32;
/// Songs with less than this share of the highest likelihood are not held against each other: what fits
/// that much worse neither shares the sound nor is the song.
pub(super) const CONTENDER: f32 = 0.25;

/// Confidences from which on an answer is a match, and is worth a mention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// From here on the first hit is named.
    pub match_at: f32,
    /// From here on it is mentioned.
    pub unsure_at: f32,
}

/// A clip that is heard as it plays is asked about several times, so this is more than a single answer
/// would need. `sonica config thresholds` says what was measured at each.
impl Default for Thresholds {
    fn default() -> Self {
        Self { match_at: 0.997, unsure_at: 0.3 }
    }
}

impl Thresholds {
    /// These; the usual one where none is given.
    ///
    /// # Errors
    /// `Threshold` unless 0 ≤ `unsure_at` ≤ `match_at` ≤ 1.
    pub fn new(match_at: Option<f32>, unsure_at: Option<f32>) -> Result<Self, Error> {
        let usual = Self::default();
        let match_at = match_at.unwrap_or(usual.match_at);
        // Who moves the one below the usual place of the other means both.
        let unsure_at = unsure_at.unwrap_or(usual.unsure_at.min(match_at));
        let is_valid = 0.0 <= unsure_at && unsure_at <= match_at && match_at <= 1.0;
        if is_valid { Ok(Self { match_at, unsure_at }) } else { Err(Error::Threshold) }
    }

    /// What a confidence comes to. One that is no number is none.
    fn status(&self, confidence: f32) -> Status {
        if confidence >= self.match_at {
            Status::Match
        } else if confidence >= self.unsure_at {
            Status::Unsure
        } else {
            Status::None
        }
    }
}

/// Whether the answer is to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing that is known.
    None,
    /// Perhaps the first hit.
    Unsure,
    /// The first hit.
    Match,
}

/// One song that the query may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The recording that fits best.
    pub recording_id: u64,
    /// The song that it is a recording of.
    pub song_id: u64,
    /// Where in the recording the query begins, seconds.
    pub offset_s: f32,
    /// Tempo of the query relative to the recording.
    pub speed: f32,
    /// Change of pitch, semitones.
    pub pitch_semitones: f32,
    /// The verifier's score (log odds).
    pub score: f32,
    /// The score as a probability.
    pub confidence: f32,
    /// What the verifier saw.
    pub features: Features,
}

/// What the engine makes of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Whether to believe it.
    pub status: Status,
    /// Hits, one a song, best first.
    pub hits: Vec<Hit>,
    /// How many of the first hits share the part that was heard: none unless it is a match.
    pub shared: usize,
    /// Hypotheses tried.
    pub hypotheses: usize,
    /// Postings read.
    pub postings: u64,
}

/// The likeliest recording of each song, for the songs that the verifier is to see.
pub(super) fn best_of_each_song(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(Candidate::compare);
    let mut seen = HashSet::new();
    candidates.retain(|candidate| seen.insert(candidate.song_id));
    candidates.truncate(JUDGED);
    candidates
}

impl Candidate {
    /// Its peaks, and where the query lies on them.
    pub(super) fn placed(&self) -> Placed<'_> {
        Placed { peaks: &self.peaks, fit: self.fit }
    }
}

impl Query {
    /// What the candidates of all packs come to. `echoes`: those among them that were found by what
    /// another holds under the query.
    pub(super) fn judge(
        &self,
        candidates: Vec<Candidate>,
        echoes: &[Candidate],
        options: &Options,
        effort: Effort,
    ) -> Answer {
        let Effort { hypotheses, postings, .. } = effort;
        let songs = best_of_each_song(candidates);
        // They come in the order of their likelihoods.
        let likely = |song: &&Candidate| song.weight.likelihood >= CONTENDER * songs[0].weight.likelihood;
        let family = Family::of(self, songs.iter().take_while(likely).map(Candidate::placed).collect());
        // Kin fits since it shares the sound, not by chance, and so is no rival.
        let rival = |i: usize| (0..songs.len()).find(|&j| j != i && family.between(i, j).is_none());
        let runner_up =
            |i: usize| rival(i).map_or(effort.unseen, |j| songs[j].weight.likelihood.max(effort.unseen));
        let hits: Vec<Hit> =
            (0..songs.len()).map(|i| self.hit(&songs[i], runner_up(i), family.against(i))).collect();
        let mut order: Vec<usize> = (0..hits.len()).collect();
        order.sort_by(|&a, &b| hits[b].score.total_cmp(&hits[a].score).then(a.cmp(&b)));
        let Some(&best) = order.first() else {
            return Answer { status: Status::None, hits, shared: 0, hypotheses, postings };
        };
        // The score takes little notice of the few peaks in which kin differ, so they are asked once more.
        let is_clearer = |i: usize, first: usize| family.between(i, first).is_some_and(|k| k.is_of_a());
        let first = order.iter().fold(best, |first, &i| if is_clearer(i, first) { i } else { first });
        let is_echo = |i: usize| {
            let shares = |e: &Candidate| Kinship::of(self, songs[first].placed(), e.placed());
            let of_song = echoes.iter().filter(|e| e.song_id == songs[i].song_id);
            of_song.filter_map(shares).any(|k| k.is_shared())
        };
        let is_shared =
            |i: usize| i == first || family.between(first, i).is_some_and(|k| k.is_shared()) || is_echo(i);
        let is_shared: Vec<bool> = (0..songs.len()).map(is_shared).collect();
        order.sort_by_key(|&i| (i != first, !is_shared[i]));
        let status = options.thresholds.status(hits[first].confidence);
        let shared = if status == Status::Match { is_shared.iter().filter(|is| **is).count() } else { 0 };
        let hits: Vec<Hit> = order.iter().take(options.limit.max(shared)).map(|&i| hits[i]).collect();
        Answer { status, hits, shared, hypotheses, postings }
    }

    fn hit(&self, song: &Candidate, runner_up: f32, against: f32) -> Hit {
        let fit = song.fit;
        let warp = Hypothesis { speed: fit.speed, shift: fit.shift };
        let features = verify::features(&self.traits, &song.weight, song.votes, warp, runner_up);
        let correction = self.correction * verify::share_of_correction(song.weight.likelihood);
        let score = verify::score(&features) - self.handicap - correction - against;
        Hit {
            recording_id: song.recording_id,
            song_id: song.song_id,
            offset_s: (fit.offset - fit.speed * self.start as f32) / STEPS_PER_SECOND as f32,
            speed: fit.speed,
            // From 0, so that what is not changed is never changed by -0.
            pitch_semitones: 0.0 - fit.shift / STEPS_PER_OCTAVE as f32 * 12.0,
            score,
            confidence: verify::confidence(score),
            features,
        }
    }
}
