//! The engine's own functions against the platform's, which may differ between machines in the last
//! place and is therefore good for nothing but this.
#![expect(clippy::disallowed_methods, reason = "the oracle")]

use proptest::prelude::*;

use super::*;

/// Distance to the next larger `f32`.
fn ulp(x: f32) -> f64 {
    f64::from(f32::from_bits(x.abs().to_bits() + 1)) - f64::from(x.abs())
}

/// π itself is rounded to 53 bits, multiplied by the number of half turns, and half of it is added for
/// a cosine: three roundings in proportion to the argument; the series adds a few in proportion to 1.
fn tolerance(x: f64) -> f64 {
    1e-15 + x.abs() * 3e-16
}

#[test]
fn sine_and_cosine_over_the_arguments_of_the_tables() {
    for i in -700_000..=700_000 {
        let x = f64::from(i) * 1e-5;
        assert!((sin(x) - x.sin()).abs() <= 1e-15, "sin {x}");
        assert!((cos(x) - x.cos()).abs() <= tolerance(x), "cos {x}");
    }
    assert_eq!(sin(0.0), 0.0);
}

#[test]
fn logarithm_over_every_mantissa() {
    // 4e-7 of the polynomial as it is documented, and the roundings of its last steps.
    for mantissa in 0..1 << 23 {
        let x = f32::from_bits(0x3f80_0000 | mantissa);
        let error = (f64::from(log2(x)) - f64::from(x).log2()).abs();
        assert!(error <= 4e-7 + 1.5 * ulp(0.9), "log2 {x}: {error}");
    }
}

#[test]
fn logarithm_of_powers_of_two() {
    for exponent in -126..=127 {
        let x = f32::from_bits(((exponent + 127) as u32) << 23);
        assert!(
            (f64::from(log2(x)) - f64::from(exponent)).abs() <= 4e-7 + ulp(exponent as f32),
            "2^{exponent}"
        );
    }
}

#[test]
fn exponential_over_its_whole_range() {
    for i in -1_260_000..=1_260_000 {
        let x = i as f32 * 1e-4;
        let exact = f64::from(x).exp2();
        assert!((f64::from(exp2(x)) / exact - 1.0).abs() < 1e-6, "2^{x}");
    }
    // What is beyond is as good as the end of the range.
    assert_eq!(exp2(-1e9), exp2(-126.0));
    assert_eq!(exp2(f32::INFINITY), exp2(126.0));
}

#[test]
fn bessel_function_against_its_integral() {
    // I₀(x) = 1/π · ∫ exp(x·cos t) dt over [0, π]; of a periodic function the plain sum over equal
    // steps is exact to the last digits.
    for i in 0..=2_000 {
        let x = f64::from(i) * 0.01;
        let steps = 200;
        let at = |k: i32| (x * (PI * (f64::from(k) + 0.5) / f64::from(steps)).cos()).exp();
        let integral = (0..steps).map(at).sum::<f64>() / f64::from(steps);
        assert!((bessel_i0(x) / integral - 1.0).abs() < 1e-13, "I0({x})");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn sine_and_cosine(x in -1e6f64..1e6) {
        prop_assert!((sin(x) - x.sin()).abs() <= tolerance(x));
        prop_assert!((cos(x) - x.cos()).abs() <= tolerance(x));
        prop_assert!(sin(-x) == -sin(x));
    }

    /// Any positive normal number: its bits are drawn, so that all magnitudes come.
    #[test]
    fn logarithms(bits in 0x0080_0000u32..0x7f80_0000) {
        let x = f32::from_bits(bits);
        let (two, e) = (f64::from(x).log2(), f64::from(x).ln());
        prop_assert!((f64::from(log2(x)) - two).abs() <= 6e-7 + ulp(two as f32));
        prop_assert!((f64::from(ln(x)) - e).abs() <= 6e-7 + 2.0 * ulp(e as f32));
    }

    /// The product with log₂ e is rounded to 24 bits, which counts in proportion to it.
    #[test]
    fn exponential(x in -87.0f32..87.0) {
        let tolerance = 1e-6 + f64::from(x).abs() * 1.2e-7;
        prop_assert!((f64::from(exp(x)) / f64::from(x).exp() - 1.0).abs() < tolerance);
    }

    #[test]
    fn exponential_undoes_logarithm(x in 1e-30f32..1e30) {
        prop_assert!((exp2(log2(x)) / x - 1.0).abs() < 1e-5);
    }
}
