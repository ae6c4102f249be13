//! Alignment of excerpts of songs that never were: how they were changed is known to the last digit.

use super::*;
use crate::params::{STEPS_PER_OCTAVE, STEPS_PER_SECOND};
use crate::testing::{Path, Rng, heard, song};

/// The fit that undoes a path.
fn truth(path: Path) -> Fit {
    let shift = -path.semitones * STEPS_PER_OCTAVE as f32 / 12.0;
    Fit { speed: path.speed, offset: path.from * STEPS_PER_SECOND as f32, shift }
}

/// As far off as the voting may be: half a step of the hypotheses, and a cell of places.
fn rough(path: Path, rng: &mut Rng) -> Fit {
    let fit = truth(path);
    let mut off = |most: f32| most * (2.0 * rng.unit() - 1.0);
    Fit { speed: fit.speed * (1.0 + off(0.004)), offset: fit.offset + off(10.0), shift: fit.shift + off(1.5) }
}

#[test]
fn a_known_warp_is_recovered() {
    let mut rng = Rng(1);
    for seed in 0..40 {
        let song = song(seed, 60, 40).peaks;
        let speed = 0.75 + 0.6 * rng.unit();
        let path =
            Path { survive: 0.6, ..Path::turntable(5.0 + 30.0 * rng.unit(), speed, 6.0 * rng.unit() - 3.0) };
        let query = heard(&crate::Constellation { duration: 15_000, peaks: song.clone() }, path, seed).peaks;
        let (fit, exact) = (Aligner::default().refine(&query, &song, rough(path, &mut rng)), truth(path));
        assert!((fit.speed / exact.speed - 1.0).abs() < 0.001, "{path:?}: {fit:?}");
        assert!((fit.offset - exact.offset).abs() < 2.0, "{path:?}: {fit:?}");
        assert!((fit.shift - exact.shift).abs() < 0.5, "{path:?}: {fit:?}");
    }
}

#[test]
fn the_right_place_outweighs_every_other() {
    let right = song(1, 60, 40);
    let stranger = song(2, 60, 40);
    let path = Path::plain(20.0);
    let query = heard(&right, path, 3).peaks;
    let mut aligner = Aligner::default();
    let there = aligner.weigh(&query, &right.peaks, truth(path));
    assert!(there.likelihood > 100.0 && there.blocks > 0.9, "{there:?}");
    assert!(there.matched <= there.asked && there.asked as usize <= query.len());
    let mut rng = Rng(4);
    for _ in 0..200 {
        let fit = Fit { offset: 12_000.0 * rng.unit(), ..truth(path) };
        for recording in [&right, &stranger] {
            let elsewhere = recording == &stranger || (fit.offset - 5_000.0).abs() > 20.0;
            let weight = aligner.weigh(&query, &recording.peaks, fit);
            assert!(!elsewhere || weight.likelihood < 0.2 * there.likelihood, "{fit:?}: {weight:?}");
        }
    }
}

#[test]
fn every_peak_of_the_recording_is_matched_once() {
    // Ten peaks of a query on one of the recording: one of them may have it.
    let peak = |time, frequency| Peak { time, frequency, rank: 0 };
    let query: Vec<Peak> = (0..10).map(|i| peak(1_000 + i / 4, 400 + (i % 4) as u16)).collect();
    let recording = [peak(990, 100), peak(1_001, 401), peak(1_100, 700)];
    let weight = Aligner::default().weigh(&query, &recording, Fit { speed: 1.0, offset: 0.0, shift: 0.0 });
    assert_eq!(weight.matched, 1);
    assert_eq!(weight.asked, 10);
}

#[test]
fn a_perfect_match_has_no_residuals_and_covers_all() {
    let song = song(5, 20, 40).peaks;
    let weight = Aligner::default().weigh(&song, &song, Fit { speed: 1.0, offset: 0.0, shift: 0.0 });
    assert_eq!(weight.matched as usize, song.len());
    assert_eq!(weight.present as usize, song.len());
    assert_eq!((weight.residual_time, weight.residual_frequency), (0.0, 0.0));
    assert_eq!(weight.blocks, 1.0);
}

#[test]
fn no_block_counts_for_more_than_its_share() {
    // All in a quarter of a second: however many match, one block is one block.
    let mut rng = Rng(6);
    let mut dense: Vec<Peak> = (0..200)
        .map(|_| Peak { time: 1_024 + rng.below(60), frequency: rng.below(800) as u16, rank: 0 })
        .collect();
    dense.sort_unstable();
    let weight = Aligner::default().weigh(&dense, &dense, Fit { speed: 1.0, offset: 0.0, shift: 0.0 });
    assert!(weight.likelihood <= MOST_OF_A_BLOCK, "{}", weight.likelihood);
}

#[test]
fn nothing_weighs_nothing() {
    let song = song(7, 5, 40).peaks;
    let fit = Fit { speed: 1.0, offset: 0.0, shift: 0.0 };
    let mut aligner = Aligner::default();
    assert_eq!(aligner.weigh(&[], &song, fit), Weight::default());
    let on_silence = aligner.weigh(&song, &[], fit);
    assert_eq!(on_silence.matched, 0);
    for offset in [-1e7, 1e7] {
        assert_eq!(aligner.weigh(&song, &song, Fit { offset, ..fit }).matched, 0);
        assert!(aligner.refine(&song, &song, Fit { offset, ..fit }).offset.is_finite());
    }
}

#[test]
fn entropy_is_that_of_the_shares() {
    assert_eq!(entropy(&[]), 0.0);
    assert!(entropy(&[7]).abs() < 1e-6);
    for (equal, bits) in [(2, 1.0), (8, 3.0), (64, 6.0)] {
        let mut histogram = vec![3u16; equal];
        histogram.push(0);
        assert!((entropy(&histogram) - bits * core::f32::consts::LN_2).abs() < 1e-5);
    }
}
