//! A fingerprint in, the song out.
//!
//! First as it is, then, unless that is certain, under every hypothesis of speed, tempo and pitch:
//! votes give places, the best of them are aligned peak against peak, and the verifier says which of
//! them, if any, is the song. "Certain" is the verifier's word, never a vote count's. Last, whoever else
//! holds what was found is looked for.

use std::collections::HashMap;
use std::sync::Arc;

use crate::align::{Aligner, Fit, Weight};
use crate::codec::Constellation;
use crate::error::Error;
use crate::hypotheses;
use crate::landmarks::{self, Pair};
use crate::math::ln;
use crate::pack::Pack;
use crate::params::{STEPS_PER_HOP, STEPS_PER_SECOND};
use crate::peaks::Peak;
use crate::verify::{self, BY_CHANCE, QueryTraits};
use crate::votes::{Hypothesis, Place};

mod echo;
mod judge;
mod kin;
mod shards;

pub use judge::{Answer, Hit, Status, Thresholds};
use judge::{CONTENDER, best_of_each_song};
pub use shards::Shards;
use shards::{Budget, Wanted, foremost};

/// Places looked at first, under the plain hypothesis alone: what is plainly heard is found there. That is believed
/// only where it fits as no stranger does, whatever was not looked at.
const FIRST_LOOK: Wanted = Wanted { most: 4, share: 0.0, budget: Budget { room: 64, most: 250_000 } };
/// Places looked at under each hypothesis. What was not changed may be hardly heard, and more is read for it.
const PLACES: Wanted = Wanted { most: 10, share: 0.0, budget: Budget { room: 8, most: 2_000_000 } };
/// So many pairs are looked for at most under each hypothesis that changes something.
const FOREMOST: usize = 1_000;
/// Of those that were aligned, the fits of so many are refined once more.
const POLISHED: usize = 8;
/// Where all packs together have more than so many places, one in so many is aligned: the likeliest at a glance.
const LEAST_ALIGNED: usize = 64;
const GLANCED: usize = 4;
/// Longest part of a query that is searched for at once, steps (20 s).
const LONGEST: u32 = 20 * STEPS_PER_SECOND;
/// A longer query is searched for by windows of so many steps (12 s), …
const WINDOW: u32 = 12 * STEPS_PER_SECOND;
/// … at most so many, spread evenly.
const WINDOWS: u32 = 4;
/// Fewest peaks of which anything can be said.
const FEWEST_PEAKS: usize = 4;

/// Score from which on an answer is certain before everything is tried.
const CERTAIN: f32 = 6.0;

/// One part of a query, ready to be searched for in any number of packs.
#[derive(Clone, Debug)]
pub struct Query {
    peaks: Vec<Peak>,
    pairs: Vec<Pair>,
    /// The strongest of them: of a long query, all would be looked for under each hypothesis, and most not be read.
    foremost: Vec<Pair>,
    traits: QueryTraits,
    /// Where it begins in the whole query, steps.
    start: u32,
    /// What each score is worth less, so that a stranger has no more chances in a long query, of whose parts
    /// the best one answers: the logarithm of their number.
    handicap: f32,
    /// What a score that chance may give is worth less, since the catalogue is so small.
    correction: f32,
}

/// A recording that the query may be, aligned.
#[derive(Clone, Debug)]
pub struct Candidate {
    recording_id: u64,
    song_id: u64,
    fit: Fit,
    weight: Weight,
    votes: u32,
    peaks: Arc<Vec<Peak>>,
}

impl Candidate {
    /// The likelier first; of equals the one that was there first.
    fn compare(a: &Self, b: &Self) -> core::cmp::Ordering {
        let likelier = b.weight.likelihood.total_cmp(&a.weight.likelihood);
        likelier.then(a.recording_id.cmp(&b.recording_id))
    }
}

/// A place, the peaks of its recording, and the fit that votes suggest.
type Rough<'a> = (&'a Place, Arc<Vec<Peak>>, Fit);

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Most hits to report.
    pub limit: usize,
    /// Try every hypothesis, even when the first ones are certain.
    pub exhaustive: bool,
    /// Try none but the first: for sound that nobody can have changed, such as a file's.
    pub nominal: bool,
    /// What is believed.
    pub thresholds: Thresholds,
}

impl Default for Options {
    fn default() -> Self {
        Self { limit: 5, exhaustive: false, nominal: false, thresholds: Thresholds::default() }
    }
}

/// Names the recording that a fingerprint is of.
///
/// # Errors
/// What [`Constellation::decode`] says of the fingerprint, or of one in a pack.
pub fn recognize<S: Shards>(shards: &S, fingerprint: &[u8], options: Options) -> Result<Answer, Error> {
    let constellation = Constellation::decode(fingerprint)?;
    let mut best = Answer { status: Status::None, hits: Vec::new(), shared: 0, hypotheses: 0, postings: 0 };
    let correction = verify::correction(shards.packs().map(Pack::len).sum());
    for mut query in Query::cut(&constellation) {
        query.correction = correction;
        let mut answer = recognize_part(shards, &query, options)?;
        answer.hypotheses += best.hypotheses;
        answer.postings += best.postings;
        let score = |a: &Answer| a.hits.first().map_or(f32::MIN, |h| h.score);
        if score(&answer) > score(&best) {
            best = answer;
        } else {
            (best.hypotheses, best.postings) = (answer.hypotheses, answer.postings);
        }
        if score(&best) >= CERTAIN {
            break;
        }
    }
    Ok(best)
}

/// What was done for an answer.
#[derive(Clone, Copy, Debug, Default)]
struct Effort {
    hypotheses: usize,
    postings: u64,
    /// Likelihood that the best song may have of those that were not looked at.
    unseen: f32,
}

fn recognize_part<S: Shards>(shards: &S, query: &Query, options: Options) -> Result<Answer, Error> {
    let (nominal, warped) = (hypotheses::nominal(), hypotheses::warped());
    let mut effort = Effort { hypotheses: 1, postings: 0, unseen: BY_CHANCE.0 };
    let glance = |candidates: &[Candidate], effort| {
        let answer = query.judge(candidates.to_vec(), &[], &options, effort);
        Some(answer).filter(|a| is_certain(a) && a.hits[0].features[0] >= BY_CHANCE.1)
    };
    let (mut candidates, mut answer) = (Vec::new(), None);
    if !options.exhaustive {
        (candidates, effort.postings) = query.candidates(shards, &nominal[..1], FIRST_LOOK)?;
        answer = glance(&candidates, effort);
    }
    if answer.is_none() {
        let (found, postings) = query.candidates(shards, &nominal, PLACES)?;
        candidates = found;
        effort = Effort { hypotheses: nominal.len(), postings: effort.postings + postings, unseen: 0.0 };
        let all = query.judge(candidates.clone(), &[], &options, effort);
        let is_enough = options.nominal || !options.exhaustive && is_certain(&all);
        answer = Some(all).filter(|_| is_enough);
    }
    if answer.is_none() {
        let (places, postings) = query.places(shards, &warped, PLACES)?;
        effort.hypotheses += warped.len();
        effort.postings += postings;
        if !options.exhaustive {
            let few = query.aligned(shards, &foremost(&places, FIRST_LOOK.most))?;
            let few = [&candidates[..], &few].concat();
            let seen = Effort { unseen: BY_CHANCE.0, ..effort };
            answer = glance(&few, seen);
            if answer.is_some() {
                (candidates, effort) = (few, seen);
            }
        }
        if answer.is_none() {
            candidates.extend(query.aligned(shards, &places)?);
        }
    }
    let answer = answer.unwrap_or_else(|| query.judge(candidates.clone(), &[], &options, effort));
    if answer.status != Status::Match {
        return Ok(answer);
    }
    let is_first = |c: &&Candidate| c.recording_id == answer.hits[0].recording_id;
    let Some(found) = candidates.iter().filter(is_first).min_by(|a, b| Candidate::compare(a, b)) else {
        return Ok(answer);
    };
    let (echoes, postings) = query.echoes(shards, found)?;
    effort.postings += postings;
    candidates.extend(echoes.iter().cloned());
    Ok(query.judge(candidates, &echoes, &options, effort))
}

fn is_certain(answer: &Answer) -> bool {
    answer.hits.first().is_some_and(|hit| hit.score >= CERTAIN)
}

impl Query {
    /// The parts of a constellation that are searched for one after the other: all of it, or windows
    /// of what is too long. None where there is too little to go by.
    pub fn cut(constellation: &Constellation) -> Vec<Self> {
        let duration = constellation.duration;
        let starts: Vec<u32> = if duration <= LONGEST {
            vec![0]
        } else {
            let count = duration.div_ceil(WINDOW).min(WINDOWS);
            (0..count)
                .map(|i| (u64::from(duration - WINDOW) * u64::from(2 * i + 1) / u64::from(2 * count)) as u32)
                .collect()
        };
        let length = if duration <= LONGEST { u32::MAX } else { WINDOW };
        let handicap = ln(starts.len() as f32);
        let part = |start: u32| {
            let within = constellation.peaks.iter().filter(|p| p.time >= start && p.time - start < length);
            Self::new(within.map(|p| Peak { time: p.time - start, ..*p }).collect(), start, handicap)
        };
        starts.into_iter().map(part).filter(|q| q.peaks.len() >= FEWEST_PEAKS).collect()
    }

    fn new(peaks: Vec<Peak>, start: u32, handicap: f32) -> Self {
        let (pairs, traits) = (landmarks::of_query(&peaks), QueryTraits::of(&peaks));
        let foremost = landmarks::strongest(&pairs, FOREMOST);
        Self { pairs, foremost, traits, peaks, start, handicap, correction: 0.0 }
    }

    /// Of these places those that look likeliest at a glance, at `least` so many, with the recordings' peaks.
    fn likeliest<'a, B: AsRef<[u8]>>(
        &self,
        pack: &Pack<B>,
        places: &'a [Place],
        least: usize,
    ) -> Result<Vec<Rough<'a>>, Error> {
        let most = (places.len() / GLANCED).max(least);
        let strong = if places.len() > most { kin::strong(&self.peaks) } else { Vec::new() };
        let mut decoded: HashMap<usize, Arc<Vec<Peak>>> = HashMap::new();
        let mut seen = Vec::with_capacity(places.len());
        for place in places {
            let peaks = match decoded.get(&place.recording) {
                Some(peaks) => peaks.clone(),
                None => {
                    let peaks = Arc::new(pack.constellation(place.recording)?.peaks);
                    decoded.insert(place.recording, peaks.clone());
                    peaks
                }
            };
            let Hypothesis { speed, shift } = place.hypothesis;
            let rough = Fit { speed, offset: (place.hop * STEPS_PER_HOP as i32) as f32, shift };
            seen.push((Aligner::near(&strong, &peaks, rough), (place, peaks, rough)));
        }
        seen.sort_by_key(|(near, _)| core::cmp::Reverse(*near));
        seen.truncate(most);
        Ok(seen.into_iter().map(|(_, place)| place).collect())
    }

    /// The recordings of a pack that this may be, the best of these places of each, aligned.
    fn align<B: AsRef<[u8]>>(
        &self,
        pack: &Pack<B>,
        places: &[Place],
        least: usize,
    ) -> Result<Vec<Candidate>, Error> {
        let mut aligner = Aligner::default();
        let mut best: HashMap<usize, Candidate> = HashMap::new();
        for (place, peaks, rough) in self.likeliest(pack, places, least)? {
            let fit = aligner.refine(&self.peaks, &peaks, rough);
            let weight = aligner.weigh(&self.peaks, &peaks, fit);
            let known = best.get(&place.recording).map_or(f32::MIN, |c| c.weight.likelihood);
            if weight.likelihood > known {
                let (recording_id, song_id) = pack.ids(place.recording);
                let votes = place.votes;
                best.insert(place.recording, Candidate { recording_id, song_id, fit, weight, votes, peaks });
            }
        }
        let mut best = best_of_each_song(best.into_values().collect());
        // Once more from where the first refinement ended, so that copies end at the same fit.
        let likely = CONTENDER * best.first().map_or(0.0, |first| first.weight.likelihood);
        let is_likely = |candidate: &&mut Candidate| candidate.weight.likelihood >= likely;
        for candidate in best.iter_mut().take(POLISHED).take_while(is_likely) {
            let fit = aligner.refine(&self.peaks, &candidate.peaks, candidate.fit);
            let weight = aligner.weigh(&self.peaks, &candidate.peaks, fit);
            if weight.likelihood > candidate.weight.likelihood {
                (candidate.fit, candidate.weight) = (fit, weight);
            }
        }
        Ok(best)
    }
}

#[cfg(test)]
mod tests;
