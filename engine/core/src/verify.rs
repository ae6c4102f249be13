//! From alignments to one number: how sure are we that this is the song?

use crate::align::{Weight, entropy};
use crate::math::{exp, ln};
use crate::params::FREQUENCY_STEPS;
use crate::peaks::Peak;
use crate::votes::Hypothesis;

mod table;

pub use table::VERSION;

/// Number of features.
pub const COUNT: usize = 21;

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
    "relative_lead",
    "change",
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

/// Changes of tempo or pitch beyond this (octaves) are all alike: that the song is changed at all is what
/// speaks against it.
const MOST_CHANGE: f32 = 0.08;

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
        // In units of the likelihood's root, its order of magnitude among strangers.
        (w.likelihood - runner_up) / (1.0 + w.likelihood.abs()).sqrt(),
        tempo.max(pitch).min(MOST_CHANGE),
    ]
}

/// The score of an alignment: log odds that it is right, if one query in two is of a known song; and never
/// more than its likelihood alone allows, so that a handful of peaks that all match by chance is no evidence.
pub fn score(features: &Features) -> f32 {
    let sum: f32 = table::TREES.iter().map(|tree| tree.value(features)).sum();
    (sum + table::CONSTANT).min(features[0] - table::BOUND)
}

/// Two questions about features, and what each of the four outcomes adds to the score.
#[derive(Debug)]
struct Tree {
    /// A feature, and the most that it may be for the answer to be the first of two.
    first: (usize, f32),
    /// What is asked where the first answer is the first, and where it is not.
    then: [(usize, f32); 2],
    /// What is added, by both answers.
    adds: [[f32; 2]; 2],
}

impl Tree {
    fn value(&self, features: &Features) -> f32 {
        let is_more = |(feature, most): (usize, f32)| usize::from(features[feature] > most);
        let side = is_more(self.first);
        self.adds[side][is_more(self.then[side])]
    }
}

/// Fewest recordings with which the correction was measured.
const FEWEST_RECORDINGS: f32 = 3.0;
/// Likelihoods, nats, up to which a stranger's may come, and from which on none came (of 7,500 queries whose
/// song was masked, but for relatives): what fits so well has no large lead by chance.
pub const BY_CHANCE: (f32, f32) = (60.0, 100.0);

/// What a score is worth less among so few recordings than among those that it was learned with: where a
/// stranger has few rivals, its lead over them is large by chance. More recordings than that change
/// nothing: not that it is known, but nobody has measured it.
pub fn correction(recordings: usize) -> f32 {
    table::PER_LOG_SONGS * ln((recordings as f32).clamp(FEWEST_RECORDINGS, table::SONGS) / table::SONGS)
}

/// How much of the correction concerns an alignment of this likelihood, from 1 to 0.
pub fn share_of_correction(likelihood: f32) -> f32 {
    let (from, to) = BY_CHANCE;
    ((to - likelihood) / (to - from)).clamp(0.0, 1.0)
}

/// A score as a probability.
pub fn confidence(score: f32) -> f32 {
    1.0 / (1.0 + exp(-score))
}
