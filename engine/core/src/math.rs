//! The few transcendental functions that the engine needs, from plain IEEE operations only.
//!
//! The platform's `sin`, `log2` and their like differ between machines in the last bit, and one bit
//! is enough to move a peak. These use additions, multiplications, divisions and square roots,
//! which IEEE 754 defines exactly, so they give the same bits natively, in WebAssembly and in
//! JavaScript. The `const` ones are evaluated by the compiler.

use core::f64::consts::PI;

/// Sine of `x` (radians, |x| ≤ 2⁴⁰) by its Taylor series after reduction to [−π/2, π/2]; error below
/// 10⁻¹⁵ for the small arguments that the tables use.
pub const fn sin(x: f64) -> f64 {
    let turns = x / PI;
    let nearest = (turns + if turns < 0.0 { -0.5 } else { 0.5 }) as i64;
    let r = x - nearest as f64 * PI;
    let r2 = r * r;
    let (mut term, mut sum, mut n) = (r, r, 1);
    while n < 14 {
        term *= -r2 / ((2 * n) * (2 * n + 1)) as f64;
        sum += term;
        n += 1;
    }
    if nearest % 2 == 0 { sum } else { -sum }
}

/// Cosine of `x` (radians), as accurate as [`sin`].
pub const fn cos(x: f64) -> f64 {
    sin(x + PI / 2.0)
}

/// The modified Bessel function I₀ by its power series, for the Kaiser window (0 ≤ x ≤ 20).
pub fn bessel_i0(x: f64) -> f64 {
    let q = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..60 {
        term *= q / f64::from(n * n);
        sum += term;
    }
    sum
}

/// log₂ of the mantissa m in [1, 2) as a polynomial in m − 1.5 (degree 7, absolute error below
/// 4·10⁻⁷: far less than the 1/4096 that the spectrum keeps).
const LOG2: [f32; 8] = [
    0.584_962_8,
    0.961_796,
    -0.320_632_34,
    0.142_526_37,
    -0.070_589_68,
    0.037_462_94,
    -0.025_123_203,
    0.014_778_721,
];

/// log₂ of a positive, normal, finite `x`.
#[inline(always)]
pub fn log2(x: f32) -> f32 {
    let bits = x.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let y = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000) - 1.5;
    let mut p = LOG2[7];
    p = p * y + LOG2[6];
    p = p * y + LOG2[5];
    p = p * y + LOG2[4];
    p = p * y + LOG2[3];
    p = p * y + LOG2[2];
    p = p * y + LOG2[1];
    p = p * y + LOG2[0];
    p + exponent as f32
}

/// Natural logarithm of a positive, normal, finite `x`.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    log2(x) * core::f32::consts::LN_2
}

/// 2ˣ with a relative error below 10⁻⁶; x is clamped to [−126, 126].
pub fn exp2(x: f32) -> f32 {
    let x = x.clamp(-126.0, 126.0);
    let whole = (x + 126.5) as i32 - 126; // rounds to nearest: x + 126.5 is never negative
    let y = (x - whole as f32) * core::f32::consts::LN_2;
    let (mut term, mut sum) = (1.0f32, 1.0f32);
    for n in 1..8 {
        term *= y / n as f32;
        sum += term;
    }
    f32::from_bits(((whole + 127) as u32) << 23) * sum
}

/// eˣ, as accurate as [`exp2`].
pub fn exp(x: f32) -> f32 {
    exp2(x * core::f32::consts::LOG2_E)
}

#[cfg(test)]
mod tests;
