//! The polyphase filter against the sum that it stands for, and what it does to time.
#![expect(clippy::disallowed_methods, reason = "the oracle")]

use std::f64::consts::{PI, TAU};

use proptest::prelude::*;

use super::*;
use crate::testing::{Rng, noise};

fn resampled(samples: &[f32], rate: u32, isa: Isa) -> Vec<f32> {
    let (mut resampler, mut output) = (Resampler::new(rate, isa).unwrap(), Vec::new());
    resampler.push(samples, &mut output);
    resampler.finish(&mut output);
    output
}

/// I₀ by its integral.
fn bessel(x: f64) -> f64 {
    (0..30).map(|k| (x * (PI * (f64::from(k) + 0.5) / 30.0).cos()).exp()).sum::<f64>() / 30.0
}

/// The output at an input `position`, by the definition: a Kaiser-windowed sinc laid around it, over
/// `half` input samples before it and after.
fn twin(samples: &[f32], position: f64, rate: f64, half: f64) -> f64 {
    let cutoff = CUTOFF_HZ.min(rate / 2.0) / rate;
    let beta = 0.1102 * (STOP_DB - 8.7);
    let (from, to) = ((position.floor() - half).max(0.0) as usize, (position.floor() + half) as usize + 1);
    let mut sum = 0.0;
    for (i, &sample) in samples.iter().enumerate().take(to).skip(from) {
        let x = i as f64 - position;
        if x.abs() >= half {
            continue;
        }
        let window = bessel(beta * (1.0 - (x / half) * (x / half)).sqrt()) / bessel(beta);
        let sinc = if x == 0.0 { 1.0 } else { (TAU * cutoff * x).sin() / (TAU * cutoff * x) };
        sum += f64::from(sample) * 2.0 * cutoff * sinc * window;
    }
    sum
}

#[test]
fn every_output_is_the_sum_that_it_stands_for() {
    for rate in [4_000, 5_512, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000] {
        let samples = noise(u64::from(rate), rate as usize / 20, 1.0);
        let resampler = Resampler::new(rate, Isa::detect()).unwrap();
        let (half, step) = (resampler.taps as f64 / 2.0, resampler.m as f64 / resampler.l as f64);
        let output = resampled(&samples, rate, Isa::detect());
        for (n, &found) in output.iter().enumerate() {
            let expected = twin(&samples, n as f64 * step, f64::from(rate), half);
            // Some hundred products of numbers below 1, whose weights add up to less than 3.
            assert!(
                (f64::from(found) - expected).abs() < 2e-6,
                "{rate} Hz, output {n}: {found} for {expected}"
            );
        }
    }
}

#[test]
fn the_ratio_is_exact_or_nearly_so() {
    for rate in [7_919, 43_911, 44_099] {
        let resampler = Resampler::new(rate, Isa::BASELINE).unwrap();
        let ratio = resampler.m as f64 / resampler.l as f64;
        let error = (ratio * f64::from(ENGINE_RATE) / f64::from(rate) - 1.0).abs();
        assert!(error < 12.5e-6, "{rate} Hz is off by {error}");
        assert!(resampler.filters.len() as u64 <= MOST_TAPS);
    }
    for rate in [11_025, 22_050, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000] {
        let resampler = Resampler::new(rate, Isa::BASELINE).unwrap();
        assert_eq!(resampler.m * u64::from(ENGINE_RATE), resampler.l * u64::from(rate));
    }
}

#[test]
fn the_engines_own_rate_passes_as_it_is() {
    let samples = noise(1, 1_000, 1.0);
    assert_eq!(resampled(&samples, ENGINE_RATE, Isa::detect()), samples);
}

#[test]
fn an_impulse_stays_where_it_is() {
    for rate in [11_025, 16_000, 44_100, 44_099, 48_000, 96_000] {
        let mut samples = vec![0.0; rate as usize];
        let at = rate as usize / 3;
        samples[at] = 1.0;
        let output = resampled(&samples, rate, Isa::detect());
        let loudest = (0..output.len()).max_by(|&a, &b| output[a].abs().total_cmp(&output[b].abs())).unwrap();
        let expected = at as f64 * f64::from(ENGINE_RATE) / f64::from(rate);
        assert!((loudest as f64 - expected).abs() <= 0.51, "{rate} Hz: {loudest} for {expected}");
    }
}

#[test]
fn rates_outside_of_the_range_are_refused() {
    for rate in [0, 1, LOWEST_RATE - 1, HIGHEST_RATE + 1, u32::MAX] {
        assert_eq!(Resampler::new(rate, Isa::BASELINE).err(), Some(Error::Rate { rate }));
    }
    for rate in [LOWEST_RATE, HIGHEST_RATE] {
        assert!(Resampler::new(rate, Isa::BASELINE).is_ok());
    }
}

#[test]
fn what_is_no_sound_becomes_one() {
    let wild = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, f32::MIN_POSITIVE / 2.0, -0.0];
    assert_eq!(wild.map(tame), [0.0, LOUDEST, -LOUDEST, LOUDEST, -LOUDEST, 0.0, 0.0]);
    for rate in [8_000, 44_100] {
        let output = resampled(&wild.repeat(1_000), rate, Isa::detect());
        // A filter rings: beyond the ceiling, but by less than the sum of its weights.
        assert!(output.iter().all(|x| x.is_finite() && x.abs() < 4.0 * LOUDEST));
    }
}

#[test]
fn both_compilations_of_the_kernel_agree() {
    let mut rng = Rng(7);
    for _ in 0..2_000 {
        let length = (1 + rng.below(8) as usize) * LANES * SUMS;
        // Any bits at all: subnormal, infinite, not a number.
        let mut wild = || -> Vec<f32> {
            (0..length)
                .map(|_| {
                    let bits = rng.next() as u32;
                    f32::from_bits(if rng.below(64) == 0 { bits } else { bits & 0x83ff_ffff | 0x3c00_0000 })
                })
                .collect()
        };
        let (x, y) = (wild(), wild());
        let (plain, best) = (dot(Isa::BASELINE, &x, &y), dot(Isa::detect(), &x, &y));
        assert!(plain.to_bits() == best.to_bits() || (plain.is_nan() && best.is_nan()), "{plain} {best}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn however_it_is_cut(
        rate in prop::sample::select(vec![4_000u32, 8_000, 11_025, 16_000, 44_100, 48_000]),
        cuts in prop::collection::vec(0usize..700, 0..12),
        seed: u64,
    ) {
        let samples = noise(seed, cuts.iter().sum::<usize>(), 1.0);
        let (mut resampler, mut output) = (Resampler::new(rate, Isa::detect()).unwrap(), Vec::new());
        let mut rest = &samples[..];
        for cut in cuts {
            let (piece, next) = rest.split_at(cut);
            resampler.push(piece, &mut output);
            rest = next;
        }
        resampler.finish(&mut output);
        prop_assert_eq!(&output, &resampled(&samples, rate, Isa::detect()));
        prop_assert_eq!(&output, &resampled(&samples, rate, Isa::BASELINE));
        // As many as fit into the length of the input.
        let exact = samples.len() as f64 * f64::from(ENGINE_RATE) / f64::from(rate);
        prop_assert_eq!(output.len(), exact.ceil() as usize);
    }
}
