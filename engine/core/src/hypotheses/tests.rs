//! The net of hypotheses has no hole that a change of speed, tempo or pitch could slip through.

use super::*;

fn all() -> Vec<Hypothesis> {
    [nominal(), warped()].concat()
}

/// Whether some hypothesis lies within these distances (octaves).
fn is_covered(tempo: f32, pitch: f32, near_tempo: f32, near_pitch: f32) -> bool {
    all().iter().any(|h| {
        (h.tempo_octaves() - tempo).abs() <= near_tempo && (h.pitch_octaves() - pitch).abs() <= near_pitch
    })
}

#[test]
fn unchanged_comes_first() {
    assert_eq!(nominal()[0], Hypothesis { speed: 1.0, shift: 0.0 });
}

#[test]
fn none_comes_twice() {
    let all = all();
    for (i, a) in all.iter().enumerate() {
        assert!(all[..i].iter().all(|b| a != b), "{a:?}");
        assert!(a.speed.is_finite() && a.speed > 0.5 && a.speed < 2.0 && a.shift.is_finite());
    }
}

#[test]
fn every_speed_is_covered() {
    for i in 0..=1_000 {
        let octaves = log2(0.7 + 0.7 * i as f32 / 1_000.0);
        assert!(
            is_covered(octaves, octaves, 0.51 * SPEED_STEP, 0.51 * SPEED_STEP),
            "speed {}",
            exp2(octaves)
        );
    }
}

#[test]
fn every_tempo_is_covered() {
    for i in 0..=1_000 {
        let octaves = log2(0.75 + 0.5 * i as f32 / 1_000.0);
        assert!(is_covered(octaves, 0.0, 0.51 * TEMPO_STEP, 1e-6), "tempo {}", exp2(octaves));
    }
}

#[test]
fn every_pitch_is_covered() {
    for i in -300..=300 {
        let octaves = i as f32 / 1_200.0;
        assert!(is_covered(0.0, octaves, 1e-6, 0.51 / 24.0), "pitch {} cents", 1_200.0 * octaves);
    }
}

#[test]
fn speed_raises_tempo_and_pitch_alike() {
    let fast = turntable(0.25);
    assert!((fast.tempo_octaves() - 0.25).abs() < 1e-5 && (fast.pitch_octaves() - 0.25).abs() < 1e-5);
}

#[test]
fn the_first_is_the_plain_one() {
    assert_eq!(nominal()[0], Hypothesis::PLAIN);
    assert!(!nominal()[1..].contains(&Hypothesis::PLAIN) && !warped().contains(&Hypothesis::PLAIN));
}
