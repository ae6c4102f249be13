//! How a song may have been changed on its way to the listener.

use crate::math::{exp2, log2};
use crate::params::STEPS_PER_OCTAVE;
use crate::votes::Hypothesis;

/// Distance between hypotheses of speed, octaves (1.8%: nearly a cell of frequency).
const SPEED_STEP: f32 = 0.026;
/// Hypotheses of speed on either side of 1: 0.70 to 1.43.
const SPEED_STEPS: (i32, i32) = (20, 20);
/// Distance between hypotheses of tempo alone, octaves (1.8%).
const TEMPO_STEP: f32 = 0.026;
/// Hypotheses of tempo on either side of 1: 0.74 to 1.26.
const TEMPO_STEPS: (i32, i32) = (17, 13);
/// Hypotheses of pitch alone are half a semitone apart, three semitones to either side.
const PITCH_STEPS: i32 = 6;

/// Unchanged, give or take what cheap players drift.
pub fn nominal() -> Vec<Hypothesis> {
    [0, -1, 1].map(|i| turntable(i as f32 * SPEED_STEP)).to_vec()
}

/// Everything else: speed (pitch moves along), tempo alone, pitch alone.
pub fn warped() -> Vec<Hypothesis> {
    let speeds =
        (-SPEED_STEPS.0..=SPEED_STEPS.1).filter(|i| i.abs() > 1).map(|i| turntable(i as f32 * SPEED_STEP));
    let tempos = (-TEMPO_STEPS.0..=TEMPO_STEPS.1)
        .filter(|&i| i != 0)
        .map(|i| Hypothesis { speed: exp2(i as f32 * TEMPO_STEP), shift: 0.0 });
    let pitches = (-PITCH_STEPS..=PITCH_STEPS)
        .filter(|&i| i != 0)
        .map(|i| Hypothesis { speed: 1.0, shift: -(i as f32) * STEPS_PER_OCTAVE as f32 / 24.0 });
    speeds.chain(tempos).chain(pitches).collect()
}

/// Played faster by `octaves`: tempo and pitch rise together.
fn turntable(octaves: f32) -> Hypothesis {
    Hypothesis { speed: exp2(octaves), shift: -octaves * STEPS_PER_OCTAVE as f32 }
}

impl Hypothesis {
    /// Change of tempo, octaves.
    pub fn tempo_octaves(&self) -> f32 {
        log2(self.speed)
    }

    /// Change of pitch, octaves.
    pub fn pitch_octaves(&self) -> f32 {
        -self.shift / STEPS_PER_OCTAVE as f32
    }
}

#[cfg(test)]
mod tests;
