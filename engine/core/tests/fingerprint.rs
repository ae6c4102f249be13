//! What the constellation of a sound says: where its tones and clicks are, and that neither loudness
//! nor silence says anything.
#![expect(clippy::disallowed_methods, reason = "signals are made with the platform's sine")]

mod common;

use std::f64::consts::TAU;

use common::{Rng, noise};
use proptest::prelude::*;
use sonica_engine::params::{
    HOP, LOWER_PEAKS_PER_SECOND, LOWEST_HZ, PEAKS_PER_SECOND, STEPS_PER_HOP, STEPS_PER_OCTAVE,
    STEPS_PER_SECOND, UPPER_PEAKS_PER_SECOND,
};
use sonica_engine::{Constellation, Fingerprinter, Isa, Peak, fingerprint};

fn constellation(samples: &[f32], rate: u32) -> Constellation {
    Constellation::decode(&fingerprint(samples, rate).expect("short enough")).expect("just made")
}

/// Notes of three tones each with a decay, a few a second, over some hiss: enough like music.
fn music(seed: u64, rate: u32, seconds: u32, hiss: f32) -> Vec<f32> {
    let mut rng = Rng(seed);
    let mut samples = noise(seed, (rate * seconds) as usize, hiss);
    for _ in 0..seconds * 8 {
        let start = rng.below(rate * seconds) as usize;
        let pitch = 80.0 * f64::from(4.0 * rng.unit()).exp2();
        for (n, sample) in samples[start..].iter_mut().take(rate as usize).enumerate() {
            let t = n as f64 / f64::from(rate);
            let tones = (TAU * pitch * t).sin()
                + 0.5 * (2.0 * TAU * pitch * t).sin()
                + 0.2 * (3.01 * TAU * pitch * t).sin();
            *sample += (0.1 * (-5.0 * t).exp() * tones) as f32;
        }
    }
    samples
}

/// Share of `a`'s peaks that are also among `b`'s, give or take a step of frequency and a hop.
fn shared(a: &Constellation, b: &Constellation) -> f32 {
    let near = |p: &Peak, q: &Peak| {
        p.time.abs_diff(q.time) <= STEPS_PER_HOP && p.frequency.abs_diff(q.frequency) <= 1
    };
    let found = a.peaks.iter().filter(|p| b.peaks.iter().any(|q| near(p, q))).count();
    found as f32 / a.peaks.len() as f32
}

/// Frequency in steps.
fn step(hertz: f64) -> f64 {
    (hertz / f64::from(LOWEST_HZ)).log2() * f64::from(STEPS_PER_OCTAVE)
}

#[test]
fn loudness_says_nothing() {
    let samples = music(1, 44_100, 15, 0.003);
    let loud = constellation(&samples, 44_100);
    assert!(loud.peaks.len() > 15 * 20, "{} peaks", loud.peaks.len());
    for decibels in [-30.0f64, -10.0, 6.0] {
        let gain = 10f64.powf(decibels / 20.0) as f32;
        let other = constellation(&samples.iter().map(|x| x * gain).collect::<Vec<_>>(), 44_100);
        let share = shared(&loud, &other);
        assert!(share > 0.95, "{share} at {decibels} dB");
    }
    assert!(shared(&loud, &constellation(&music(2, 44_100, 15, 0.003), 44_100)) < 0.3);
}

#[test]
fn the_rate_says_little() {
    let samples = music(3, 48_000, 10, 0.0);
    let every = |n: usize| samples.iter().step_by(n).copied().collect::<Vec<_>>();
    // Its tones end at 3.9 kHz, so that 24 kHz without a filter lose nothing.
    let share = shared(&constellation(&samples, 48_000), &constellation(&every(2), 24_000));
    assert!(share > 0.9, "{share}");
}

#[test]
fn silence_has_no_peaks() {
    for rate in [8_000, 44_100] {
        assert!(constellation(&vec![0.0; 5 * rate as usize], rate).peaks.is_empty());
        assert!(constellation(&vec![f32::NAN; 5 * rate as usize], rate).peaks.is_empty());
        assert!(constellation(&vec![1e-30; 5 * rate as usize], rate).peaks.is_empty());
    }
}

#[test]
fn no_sound_at_all_is_a_constellation_too() {
    assert_eq!(constellation(&[], 44_100), Constellation::default());
    for samples in [1, 5, 100, 1_535] {
        let short = constellation(&noise(1, samples, 1.0), 8_000);
        assert_eq!(short.duration as usize, samples.div_ceil(32));
    }
}

#[test]
fn a_sine_lies_at_its_frequency() {
    let mut rng = Rng(1);
    for _ in 0..30 {
        // From where the window tells the tone from its mirror image, to where the filter's slope begins.
        let hertz = 120.0 * f64::from(4.85 * rng.unit()).exp2();
        let rate = [8_000, 16_000, 44_100, 48_000][rng.below(4) as usize];
        // It sounds for a second, between two of silence.
        let tone = |n: u32| {
            let t = f64::from(n) / f64::from(rate);
            if (1.0..2.0).contains(&t) { (0.5 * (TAU * hertz * t).sin()) as f32 } else { 0.0 }
        };
        let heard = constellation(&(0..3 * rate).map(tone).collect::<Vec<_>>(), rate);
        // Where it begins and ends it clicks: a window of 32 steps sees that for 16 to either side.
        let steady: Vec<&Peak> = heard.peaks.iter().filter(|p| (260..=490).contains(&p.time)).collect();
        assert!(!steady.is_empty(), "{hertz} Hz is not heard");
        for p in steady {
            assert!((f64::from(p.frequency) - step(hertz)).abs() <= 1.5, "{hertz} Hz at {} Hz", p.hertz());
        }
    }
}

#[test]
fn a_click_lies_at_its_time() {
    let mut rng = Rng(2);
    for seed in 0..30 {
        let rate = [8_000, 16_000, 44_100, 48_000][rng.below(4) as usize];
        let at = rate + rng.below(rate);
        // Some hiss: all frequencies of a bare click are equally strong, and none of them stands out.
        let mut samples = noise(seed, 3 * rate as usize, 1e-5);
        samples[at as usize] = 0.9;
        let heard = constellation(&samples, rate);
        let expected = f64::from(at) / f64::from(rate) * f64::from(STEPS_PER_SECOND);
        let strongest: Vec<&Peak> =
            heard.peaks.iter().filter(|p| p.rank == 0 && p.time.abs_diff(expected as u32) < 60).collect();
        assert!(strongest.len() >= 3);
        for p in strongest {
            assert!(
                (f64::from(p.time) - expected).abs() <= f64::from(STEPS_PER_HOP),
                "{} for {expected}",
                p.time
            );
        }
    }
}

#[test]
fn the_duration_is_that_of_the_sound() {
    for (samples, rate) in [(44_100 * 3, 44_100), (44_099, 44_099), (100_001, 48_000), (7, 8_000)] {
        let expected = (samples as f64 * f64::from(STEPS_PER_SECOND) / f64::from(rate)).ceil();
        let found = f64::from(constellation(&noise(1, samples, 0.5), rate).duration);
        assert!((found - expected).abs() <= 1.0, "{found} for {expected}");
    }
}

/// Peaks of a band (below 203 Hz or above) that begin within `steps` of each other, at most.
fn densest(c: &Constellation, lower: bool, steps: u32) -> usize {
    let times: Vec<u32> = c.peaks.iter().filter(|p| (p.hertz() < 203.0) == lower).map(|p| p.time).collect();
    (0..times.len())
        .map(|i| times[i..].iter().take_while(|&&t| t - times[i] < steps).count())
        .max()
        .unwrap_or(0)
}

/// No more than the allotment on the whole, and nowhere more than that of the two seconds around.
fn is_allotted(c: &Constellation) -> Result<(), TestCaseError> {
    let most = PEAKS_PER_SECOND as f32 * (c.seconds() + 1.0);
    prop_assert!(c.peaks.len() as f32 <= most, "{} peaks in {} s", c.peaks.len(), c.seconds());
    for (lower, allotment) in [(true, LOWER_PEAKS_PER_SECOND), (false, UPPER_PEAKS_PER_SECOND)] {
        let densest = densest(c, lower, STEPS_PER_SECOND - 8);
        // One band's edge may be drawn a little differently by the interpolated frequency.
        prop_assert!(densest as u32 <= 2 * allotment + 4, "{densest} peaks in a second");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_noise_has_more_peaks_than_are_allotted(
        seed: u64, rate in prop::sample::select(vec![8_000u32, 16_000, 44_100]), seconds in 0.2f32..8.0, hush in 1u32..40,
    ) {
        // Noise whose loudness jumps about: bursts, gaps, and stretches of steady noise.
        let mut rng = Rng(seed);
        let mut level = 1.0;
        let mut samples = noise(seed, (seconds * rate as f32) as usize, 1.0);
        for piece in samples.chunks_mut((rate / hush) as usize) {
            if rng.below(2) == 0 {
                level = (-16.0 * rng.unit()).exp2();
            }
            piece.iter_mut().for_each(|x| *x *= level);
        }
        is_allotted(&constellation(&samples, rate))?;
    }

    #[test]
    fn whatever_the_samples_it_is_the_same_everywhere(
        bits in prop::collection::vec(any::<u32>(), 1..400), rate in prop::sample::select(vec![8_000u32, 44_100]),
    ) {
        // Any bits at all, over and over: infinite, subnormal, not a number.
        let wild: Vec<f32> = bits.iter().map(|&b| f32::from_bits(b)).cycle().take(2 * rate as usize).collect();
        let bytes = |isa| {
            let mut fingerprinter = Fingerprinter::with_isa(rate, isa).unwrap();
            fingerprinter.push(&wild).unwrap();
            fingerprinter.finish().encode().unwrap()
        };
        prop_assert_eq!(bytes(Isa::BASELINE), bytes(Isa::detect()));
    }
}

#[test]
fn a_click_every_second_has_no_more_than_its_share() {
    let mut samples = noise(1, 8_000 * 20, 1e-4);
    samples.iter_mut().step_by(63 * HOP).for_each(|x| *x = 0.9);
    let c = constellation(&samples, 8_000);
    for lower in [true, false] {
        let allotment = if lower { LOWER_PEAKS_PER_SECOND } else { UPPER_PEAKS_PER_SECOND };
        assert!(densest(&c, lower, STEPS_PER_SECOND - 8) as u32 <= 2 * allotment + 4);
    }
}
