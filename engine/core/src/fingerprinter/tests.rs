//! How a sound may be cut, and how long it may be.

use proptest::prelude::*;

use super::*;
use crate::testing::noise;

#[test]
fn a_sound_that_is_too_long_is_refused_and_what_was_heard_stays() {
    let mut fingerprinter = Fingerprinter::new(ENGINE_RATE).unwrap();
    // As if four hours, but for a hundred samples, had passed.
    fingerprinter.done = u64::from(MAX_SECONDS) * u64::from(ENGINE_RATE) - 100;
    fingerprinter.resampler.pushed = fingerprinter.done;
    fingerprinter.push(&[0.0; 100]).unwrap();
    for _ in 0..3 {
        assert_eq!(fingerprinter.push(&[0.0; 50_000]), Err(Error::Length { most_s: MAX_SECONDS }));
    }
    let heard = fingerprinter.finish();
    assert_eq!(heard.duration, MAX_SECONDS * STEPS_PER_SECOND);
    assert!(heard.encode().is_ok());
}

#[test]
fn a_snapshot_ends_nothing() {
    let samples = noise(1, 30_000, 0.5);
    let mut fingerprinter = Fingerprinter::new(16_000).unwrap();
    for piece in samples.chunks(7_001) {
        fingerprinter.push(piece).unwrap();
        let heard = fingerprinter.snapshot();
        assert_eq!(heard, fingerprinter.snapshot());
    }
    assert_eq!(fingerprinter.snapshot(), fingerprinter.clone().finish());
    let mut whole = Fingerprinter::new(16_000).unwrap();
    whole.push(&samples).unwrap();
    assert_eq!(whole.finish(), fingerprinter.finish());
}

#[test]
fn peaks_are_those_of_a_snapshot_from_a_time_on() {
    let samples = noise(2, 100_000, 0.5);
    let mut fingerprinter = Fingerprinter::new(16_000).unwrap();
    for piece in samples.chunks(3_333) {
        fingerprinter.push(piece).unwrap();
        let heard = fingerprinter.snapshot();
        // A place just at a peak, one between, and those where nothing or everything lies behind.
        let at_peak = heard.peaks.get(heard.peaks.len() / 2).map_or(0.0, |p| p.seconds());
        for from in [f32::NEG_INFINITY, 0.0, 1.234, at_peak, heard.seconds() + 2.0, f32::INFINITY] {
            let wanted: Vec<_> = heard.peaks.iter().copied().filter(|p| p.seconds() >= from).collect();
            assert_eq!(fingerprinter.peaks(from), wanted, "from {from} of {}", heard.seconds());
        }
    }
    assert!(fingerprinter.peaks(f32::NAN).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Also between whole pieces, frames and groups of eight frames, where counting could go wrong.
    #[test]
    fn however_it_is_cut(
        seed: u64,
        rate in prop::sample::select(vec![8_000u32, 11_025, 44_100]),
        cuts in prop::collection::vec(prop_oneof![0usize..5, 100..140usize, 1_000..2_000usize, Just(PIECE)], 1..30),
    ) {
        let samples = noise(seed, cuts.iter().sum(), 1.0);
        let (mut pieces, mut whole) = (Fingerprinter::new(rate).unwrap(), Fingerprinter::new(rate).unwrap());
        let mut rest = &samples[..];
        for cut in cuts {
            let (piece, next) = rest.split_at(cut);
            pieces.push(piece).unwrap();
            rest = next;
        }
        whole.push(&samples).unwrap();
        prop_assert_eq!(pieces.finish(), whole.finish());
    }
}
