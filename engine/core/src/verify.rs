//! From alignments to one number: how sure are we that this is the song?

use crate::align::{Weight, entropy};
use crate::math::{exp, ln};
use crate::params::FREQUENCY_STEPS;
use crate::peaks::Peak;
use crate::votes::Hypothesis;

mod table;

pub use table::VERSION;

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

/// The score of an alignment: log odds that it is right, and never more than its likelihood alone allows,
/// so that a handful of peaks that all match by chance is no evidence.
pub fn score(features: &Features) -> f32 {
    let [likelihood, per_peak, _, blocks, _, residual, _, _, entropy, ..] = *features;
    let [.., votes, _, _, lead, _] = *features;
    // The lead in units of the likelihood's root, its order of magnitude among strangers.
    let score = table::RELATIVE_LEAD * (lead / (1.0 + likelihood.abs()).sqrt())
        + table::LIKELIHOOD_PER_PEAK * per_peak
        + table::BLOCKS_IN_FAVOUR * blocks
        + table::RESIDUAL_FREQUENCY * residual
        + table::MATCHED_ENTROPY * entropy
        + table::ROOT_VOTES * votes.sqrt()
        + table::CONSTANT;
    score.min(likelihood - table::LEAST_LIKELIHOOD)
}

/// A score as a probability.
pub fn confidence(score: f32) -> f32 {
    1.0 / (1.0 + exp(-score))
}
