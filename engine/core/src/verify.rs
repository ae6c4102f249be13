//! From alignments to one number: how sure are we that this is the song?

use crate::align::{Weight, entropy};
use crate::math::{exp, ln};
use crate::params::FREQUENCY_STEPS;
use crate::peaks::Peak;
use crate::votes::Hypothesis;

/// Number of features.
pub const COUNT: usize = 19;

/// Names of the features, in their order.
pub const FEATURES: [&str; COUNT] = [
    "likelihood",
    "likelihood_per_peak",
    "matched_share",
    "blocks_in_favour",
    "residual_time",
    "residual_frequency",
    "covered_share",
    "density_ratio",
    "matched_entropy",
    "query_entropy",
    "matched_rank",
    "tempo",
    "pitch",
    "tempo_against_pitch",
    "votes",
    "log_peaks",
    "distance_from_common",
    "lead",
    "runner_up",
];

/// What the verifier looks at.
pub type Features = [f32; COUNT];

/// What a query says about itself.
#[derive(Clone, Copy, Debug)]
pub struct QueryTraits {
    peaks: f32,
    entropy: f32,
    rank: f32,
}

impl QueryTraits {
    /// The traits of a query's peaks.
    pub fn of(peaks: &[Peak]) -> Self {
        let mut pitches = [0u16; FREQUENCY_STEPS as usize / 4 + 1];
        for p in peaks {
            pitches[usize::from(p.frequency) / 4] = pitches[usize::from(p.frequency) / 4].saturating_add(1);
        }
        let count = peaks.len().max(1) as f32;
        let ranks: u32 = peaks.iter().map(|p| u32::from(p.rank)).sum();
        Self { peaks: count, entropy: entropy(&pitches), rank: ranks as f32 / count }
    }
}

/// The features of one alignment. `runner_up`: the likelihood of the best other song, 0 if there is none.
pub fn features(
    query: &QueryTraits,
    weight: &Weight,
    votes: u32,
    warp: Hypothesis,
    runner_up: f32,
) -> Features {
    let w = weight;
    let (tempo, pitch) = (warp.tempo_octaves().abs(), warp.pitch_octaves().abs());
    let apart = (warp.tempo_octaves() - warp.pitch_octaves()).abs();
    [
        w.likelihood,
        w.likelihood / query.peaks,
        w.matched as f32 / w.asked.max(1) as f32,
        w.blocks,
        w.residual_time,
        w.residual_frequency,
        w.matched as f32 / w.present.max(1) as f32,
        w.present as f32 / query.peaks,
        w.entropy,
        query.entropy,
        w.rank - query.rank,
        tempo,
        pitch,
        apart,
        votes as f32,
        ln(query.peaks),
        tempo.min(pitch).min(apart),
        w.likelihood - runner_up,
        runner_up,
    ]
}

/// Coefficients of the score: of the lead over the best other song in units of the root of the
/// likelihood (its order of magnitude among strangers), of the features of these names, and a constant.
/// A logistic regression on degraded queries of songs that no report uses; `docs/decisions/0004` says
/// which, and what else was tried.
const RELATIVE_LEAD: f32 = 0.2312;
const LIKELIHOOD_PER_PEAK: f32 = 4.3744;
const BLOCKS_IN_FAVOUR: f32 = 3.9331;
const RESIDUAL_FREQUENCY: f32 = -3.9524;
const MATCHED_ENTROPY: f32 = 4.3272;
const ROOT_OF_VOTES: f32 = 0.3478;
const CONSTANT: f32 = -16.299;

/// No score is higher than the likelihood less this, so that a handful of peaks that all match by
/// chance is no evidence. Of the right answers above, 1 in 100 has a likelihood below 28.
const LEAST_LIKELIHOOD: f32 = 19.5;

/// The score of an alignment: log odds that it is right.
pub fn score(features: &Features) -> f32 {
    let [likelihood, per_peak, _, blocks, _, residual, _, _, entropy, ..] = *features;
    let [.., votes, _, _, lead, _] = *features;
    let score = RELATIVE_LEAD * (lead / (1.0 + likelihood.abs()).sqrt())
        + LIKELIHOOD_PER_PEAK * per_peak
        + BLOCKS_IN_FAVOUR * blocks
        + RESIDUAL_FREQUENCY * residual
        + MATCHED_ENTROPY * entropy
        + ROOT_OF_VOTES * votes.sqrt()
        + CONSTANT;
    score.min(likelihood - LEAST_LIKELIHOOD)
}

/// A score as a probability.
pub fn confidence(score: f32) -> f32 {
    1.0 / (1.0 + exp(-score))
}
