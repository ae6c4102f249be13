//! The verifier's coefficients: what each term of the score counts for.
//!
//! A logistic regression, by hand, on degraded queries of 30 songs that no report uses
//! (`docs/decisions/0004-verifier.md`).

/// Raised whenever the numbers below change.
pub const VERSION: u32 = 1;

/// Per lead over the best other song, in roots of the likelihood.
pub(super) const RELATIVE_LEAD: f32 = 0.2312;
/// Per nat of likelihood per peak of the query.
pub(super) const LIKELIHOOD_PER_PEAK: f32 = 4.3744;
/// For all 250 ms blocks in its favour.
pub(super) const BLOCKS_IN_FAVOUR: f32 = 3.9331;
/// Per step of mean residual in frequency.
pub(super) const RESIDUAL_FREQUENCY: f32 = -3.9524;
/// Per nat of entropy of the matched pitches.
pub(super) const MATCHED_ENTROPY: f32 = 4.3272;
/// Per root of the votes.
pub(super) const ROOT_VOTES: f32 = 0.3478;
/// Without any of them.
pub(super) const CONSTANT: f32 = -16.299;

/// No score is higher than the likelihood less this (nats). Of the right answers above, 1 in 100 has a
/// likelihood below 28.
pub(super) const LEAST_LIKELIHOOD: f32 = 19.5;
