//! What the candidates of all packs come to: who of them is the song, if any, and who shares its sound.

use std::collections::HashSet;

use super::{Candidate, FEWEST_PEAKS, Options, Query};
use crate::align::{Aligner, Fit, first_at};
use crate::error::Error;
use crate::params::{STEPS_PER_OCTAVE, STEPS_PER_SECOND};
use crate::peaks::Peak;
use crate::verify::{self, Features};
use crate::votes::Hypothesis;

/// Songs that the verifier sees: more than ever share one sound, so that some stranger is among them.
const JUDGED: usize = 32;
/// Two recordings share a part if at least this share of one's peaks is in the other.
const SAME: f32 = 0.6;

/// Confidences from which on an answer is a match, and is worth a mention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// From here on the first hit is named.
    pub match_at: f32,
    /// From here on it is mentioned.
    pub unsure_at: f32,
}

/// Log odds of 0.5 and -1.5: of 1,890 unknown queries of the songs that the verifier was fitted to, one
/// passes log odds of 0, none 0.5.
impl Default for Thresholds {
    fn default() -> Self {
        Self { match_at: 0.622_459_3, unsure_at: 0.182_425_52 }
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

impl Query {
    /// What the candidates of all packs come to.
    pub(super) fn judge(
        &self,
        candidates: Vec<Candidate>,
        options: &Options,
        hypotheses: usize,
        postings: u64,
    ) -> Answer {
        let songs = best_of_each_song(candidates);
        let mut hits: Vec<Hit> = Vec::new();
        for (i, song) in songs.iter().enumerate() {
            // They come in the order of their likelihoods.
            let mut others = songs.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other);
            let rival = others.find(|other| !self.share(song, other));
            let runner_up = rival.map_or(0.0, |r| r.weight.likelihood.max(0.0));
            hits.push(self.hit(song, runner_up));
        }
        let mut order: Vec<usize> = (0..hits.len()).collect();
        order.sort_by(|&a, &b| hits[b].score.total_cmp(&hits[a].score).then(a.cmp(&b)));
        let status = order.first().map_or(Status::None, |&i| options.thresholds.status(hits[i].confidence));
        let shared = match (status, order.first()) {
            (Status::Match, Some(&first)) => {
                // Songs that share the sound with the first, and fit nearly as well, come right behind it.
                let near = |i: usize| songs[i].weight.likelihood >= 0.85 * songs[first].weight.likelihood;
                let is_shared = |i: usize| i == first || (near(i) && self.share(&songs[first], &songs[i]));
                order.sort_by_key(|&i| !is_shared(i));
                order.iter().filter(|&&i| is_shared(i)).count()
            }
            _ => 0,
        };
        let hits: Vec<Hit> = order.iter().take(options.limit.max(shared)).map(|&i| hits[i]).collect();
        Answer { status, hits, shared, hypotheses, postings }
    }

    fn hit(&self, song: &Candidate, runner_up: f32) -> Hit {
        let fit = song.fit;
        let warp = Hypothesis { speed: fit.speed, shift: fit.shift };
        let features = verify::features(&self.traits, &song.weight, song.votes, warp, runner_up);
        let score = verify::score(&features) - self.handicap;
        Hit {
            recording_id: song.recording_id,
            song_id: song.song_id,
            offset_s: (fit.offset - fit.speed * self.start as f32) / STEPS_PER_SECOND as f32,
            speed: fit.speed,
            pitch_semitones: -fit.shift / STEPS_PER_OCTAVE as f32 * 12.0,
            score,
            confidence: verify::confidence(score),
            features,
        }
    }

    /// Whether two recordings sound the same where the query lies on them: then neither is evidence
    /// against the other.
    fn share(&self, a: &Candidate, b: &Candidate) -> bool {
        self.is_in(a, b) && self.is_in(b, a)
    }

    /// Whether what lies under the query in `a` lies there in `b`, too.
    fn is_in(&self, a: &Candidate, b: &Candidate) -> bool {
        let Some(last) = self.peaks.last() else { return false };
        let from = first_at(&a.peaks, a.fit.offset);
        let to = first_at(&a.peaks, a.fit.offset + a.fit.speed * last.time as f32).max(from);
        let Some(start) = a.peaks[from..to].first().map(|p| p.time) else { return false };
        let part: Vec<Peak> = a.peaks[from..to].iter().map(|p| Peak { time: p.time - start, ..*p }).collect();
        let speed = b.fit.speed / a.fit.speed;
        let offset = b.fit.offset + speed * (start as f32 - a.fit.offset);
        let fit = Fit { speed, offset, shift: b.fit.shift - a.fit.shift };
        let weight = Aligner::default().weigh(&part, &b.peaks, fit);
        part.len() >= FEWEST_PEAKS && weight.matched as f32 >= SAME * part.len() as f32
    }
}
