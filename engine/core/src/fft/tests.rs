//! The transform of eight frames against a sum written down as in the book, and against `realfft`.
#![expect(clippy::disallowed_methods, reason = "the oracle")]

use std::f64::consts::TAU;

use super::*;
use crate::lanes::LANES;
use crate::testing::noise;

const SPAN: usize = WINDOW + (LANES - 1) * HOP;

/// Rounding of a transform of 2¹¹ points in f32, as a share of the largest amplitude: eleven stages of a
/// few roundings of 6·10⁻⁸.
const ROUNDING: f64 = 2e-6;

fn ulp(x: f32) -> f64 {
    f64::from(f32::from_bits(x.abs().to_bits() + 1)) - f64::from(x.abs())
}

fn hann(n: usize) -> f64 {
    (0.5 - 0.5 * (TAU * n as f64 / WINDOW as f64).cos()) * 4.0 / WINDOW as f64
}

fn powers_of(samples: &[f32]) -> Vec<F32x8> {
    let mut out = vec![F32x8::ZERO; BINS];
    powers(samples, &mut Scratch::default(), &mut out);
    out
}

/// Amplitudes by the definition.
fn direct(frame: &[f32]) -> Vec<f64> {
    let turns: Vec<(f64, f64)> =
        (0..TRANSFORM).map(|n| (TAU * n as f64 / TRANSFORM as f64).sin_cos()).collect();
    let windowed: Vec<f64> = (0..WINDOW).map(|n| f64::from(frame[n]) * hann(n)).collect();
    let amplitude = |k: usize| {
        let (mut re, mut im) = (0.0, 0.0);
        for n in 0..WINDOW {
            let (sine, cosine) = turns[n * k % TRANSFORM];
            re += windowed[n] * cosine;
            im -= windowed[n] * sine;
        }
        (re * re + im * im).sqrt()
    };
    (0..BINS).map(amplitude).collect()
}

/// Asserts that the powers of each lane are those of its frame.
fn agree(samples: &[f32], oracle: impl Fn(&[f32]) -> Vec<f64>) {
    let found = powers_of(samples);
    for lane in 0..LANES {
        let expected = oracle(&samples[lane * HOP..lane * HOP + WINDOW]);
        let largest = expected.iter().fold(0.0, |a: f64, &b| a.max(b));
        for bin in 0..BINS {
            let amplitude = f64::from(found[bin].0[lane]).sqrt();
            let tolerance = (ROUNDING * largest).max(1e-18);
            assert!((amplitude - expected[bin]).abs() <= tolerance, "lane {lane}, bin {bin}");
        }
    }
}

#[test]
fn the_window_is_hann_to_the_last_place() {
    for (n, &w) in HANN.iter().enumerate() {
        // The very first is zero, of which the rounding of the cosine leaves nothing that counts.
        assert!((f64::from(w) - hann(n)).abs() <= ulp(hann(n) as f32).max(1e-18), "{n}");
    }
}

#[test]
fn the_twiddles_are_right_to_the_last_place() {
    for (k, &(c, s)) in TWIDDLE.iter().enumerate() {
        let (sine, cosine) = (TAU * k as f64 / TRANSFORM as f64).sin_cos();
        // Where one of them should be zero, both sides hold the rounding of 2π instead.
        assert!((f64::from(c) - cosine).abs() <= ulp(cosine as f32).max(1e-15), "{k}");
        assert!((f64::from(s) + sine).abs() <= ulp(sine as f32).max(1e-15), "{k}");
    }
}

#[test]
fn noise_against_the_definition() {
    agree(&noise(1, SPAN, 1.0), direct);
}

#[test]
fn loud_and_faint_against_the_definition() {
    agree(&noise(2, SPAN, 8.0), direct);
    agree(&noise(3, SPAN, 1e-9), direct);
}

#[test]
fn an_impulse_has_the_same_power_everywhere() {
    let mut samples = vec![0.0; SPAN];
    samples[WINDOW / 2] = 1.0;
    agree(&samples, direct);
    for power in powers_of(&samples) {
        assert!((f64::from(power.0[0]).sqrt() / hann(WINDOW / 2) - 1.0).abs() < 1e-6);
    }
}

#[test]
fn a_full_scale_sine_has_power_one() {
    for bin in [40, 100, 511, 512, 980] {
        let samples: Vec<f32> =
            (0..SPAN).map(|n| (TAU * (n * bin) as f64 / TRANSFORM as f64).sin() as f32).collect();
        let powers = powers_of(&samples);
        for lane in 0..LANES {
            assert!((powers[bin].0[lane] - 1.0).abs() < 1e-4, "bin {bin}: {}", powers[bin].0[lane]);
        }
    }
}

#[test]
fn noise_against_realfft() {
    let transform = realfft::RealFftPlanner::<f64>::new().plan_fft_forward(TRANSFORM);
    let oracle = |frame: &[f32]| {
        let mut input: Vec<f64> = (0..WINDOW).map(|n| f64::from(frame[n]) * hann(n)).collect();
        input.resize(TRANSFORM, 0.0);
        let mut output = transform.make_output_vec();
        transform.process(&mut input, &mut output).unwrap();
        output[..BINS].iter().map(|z| z.norm()).collect()
    };
    for seed in 10..40 {
        agree(&noise(seed, SPAN, 1.0), oracle);
    }
}

#[test]
fn the_lane_makes_no_difference() {
    let samples = noise(4, SPAN + HOP, 1.0);
    let (now, next) = (powers_of(&samples[..SPAN]), powers_of(&samples[HOP..]));
    for bin in 0..BINS {
        for lane in 1..LANES {
            assert_eq!(now[bin].0[lane].to_bits(), next[bin].0[lane - 1].to_bits(), "lane {lane}, bin {bin}");
        }
    }
}

#[test]
fn what_the_scratch_held_makes_no_difference() {
    let (first, second) = (noise(5, SPAN, 8.0), noise(6, SPAN, 1.0));
    let mut scratch = Scratch::default();
    let mut out = vec![F32x8::ZERO; BINS];
    powers(&first, &mut scratch, &mut out);
    powers(&second, &mut scratch, &mut out);
    assert_eq!(out, powers_of(&second));
}
