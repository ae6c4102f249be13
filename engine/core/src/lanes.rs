//! Eight numbers side by side, one for each of eight frames (or eight taps).
//!
//! Plain arrays and elementwise loops: the compiler turns them into AVX, SSE, NEON or simd128
//! instructions where the target has them and into scalar code where it has not, and each lane sees
//! the same IEEE operations in the same order either way. Nothing is fused and nothing reassociated.

use core::ops::{Add, Mul, Sub};

/// Number of lanes.
pub const LANES: usize = 8;

/// Eight `f32`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(32))]
pub struct F32x8(pub [f32; LANES]);

impl F32x8 {
    /// All lanes zero.
    pub const ZERO: Self = Self([0.0; LANES]);

    /// The same value in all lanes.
    #[inline(always)]
    pub const fn splat(x: f32) -> Self {
        Self([x; LANES])
    }

    /// Applies `f` to each lane.
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let mut out = [0.0; LANES];
        for i in 0..LANES {
            out[i] = f(self.0[i], other.0[i]);
        }
        Self(out)
    }

    /// The sum of the lanes, always added in the same order.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let a = self.0;
        ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7]))
    }
}

impl Add for F32x8 {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl Sub for F32x8 {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

impl Mul for F32x8 {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
}
