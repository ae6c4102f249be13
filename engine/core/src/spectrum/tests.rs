//! Log spectra: how they are rounded, and that both compilations of the kernel agree.
#![expect(clippy::disallowed_methods, reason = "the oracle")]

use super::*;
use crate::testing::{Rng, noise};

#[test]
fn the_logarithm_is_rounded_to_the_nearest_step() {
    let mut rng = Rng(1);
    for _ in 0..1_000_000 {
        // All magnitudes from beyond the floor to the loudest sound.
        let power = (f64::from(rng.unit()) * 56.0 - 46.0).exp2() as f32;
        let exact = f64::from(LOG_STEPS) * (f64::from(power) + f64::from(FLOOR)).log2();
        // Half a step of rounding, and what the polynomial and the place of a number near 2⁵ leave.
        assert!((f64::from(to_steps(power)) - exact).abs() <= 0.5 + 0.03, "{power}");
    }
}

#[test]
fn silence_lies_on_the_floor_and_nothing_below() {
    let floor = (f64::from(FLOOR).log2() * f64::from(LOG_STEPS)).round() as i32;
    assert!((to_steps(0.0) - floor).abs() <= 1);
    let mut spectrum = Spectrum::new(Isa::detect());
    for row in spectrum.rows(&[0.0; Spectrum::SPAN]) {
        assert!(row.iter().all(|&v| v == to_steps(0.0)));
    }
}

#[test]
fn louder_is_never_less() {
    let mut last = i32::MIN;
    for bits in (0x2b00_0000u32..0x4480_0000).step_by(97) {
        let steps = to_steps(f32::from_bits(bits));
        assert!(steps >= last, "{}", f32::from_bits(bits));
        last = steps;
    }
}

#[test]
fn rows_are_the_logarithms_of_the_powers() {
    let samples = noise(2, Spectrum::SPAN, 0.3);
    let mut powers = vec![F32x8::ZERO; BINS];
    fft::powers(&samples, &mut Scratch::default(), &mut powers);
    let mut spectrum = Spectrum::new(Isa::BASELINE);
    for (lane, row) in spectrum.rows(&samples).iter().enumerate() {
        for bin in 0..BINS {
            assert_eq!(row[bin], to_steps(powers[bin].0[lane]));
        }
    }
}

#[test]
fn both_compilations_agree() {
    let mut sounds: Vec<Vec<f32>> =
        (0..40).map(|i| noise(i, Spectrum::SPAN, 8.0 / (1u64 << i) as f32)).collect();
    sounds.push([1e-12, -1e-12].repeat(Spectrum::SPAN / 2));
    sounds.push([8.0, -8.0].repeat(Spectrum::SPAN / 2));
    // The resampler lets no subnormal number through; here they must do no harm.
    sounds.push([f32::MIN_POSITIVE / 4.0, 0.0].repeat(Spectrum::SPAN / 2));
    let (mut plain, mut best) = (Spectrum::new(Isa::BASELINE), Spectrum::new(Isa::detect()));
    for sound in &sounds {
        assert_eq!(plain.rows(sound), best.rows(sound));
    }
}
