//! The spectra of eight frames at once: one frame a lane, one scalar-shaped FFT over all lanes.

use crate::lanes::F32x8;
use crate::math::{cos, sin};
use crate::params::{BINS, HOP, TRANSFORM, WINDOW};

/// Complex points of the transform: a real frame of `TRANSFORM` is transformed as half as many.
const POINTS: usize = TRANSFORM / 2;

/// The periodic Hann window, scaled so that a full-scale sine has a power near 1 in its bin.
static HANN: [f32; WINDOW] = {
    let mut w = [0.0; WINDOW];
    let mut i = 0;
    while i < WINDOW {
        let phase = 2.0 * core::f64::consts::PI * i as f64 / WINDOW as f64;
        w[i] = ((0.5 - 0.5 * cos(phase)) * 4.0 / WINDOW as f64) as f32;
        i += 1;
    }
    w
};

/// exp(−2πi·k/TRANSFORM) as (cosine, −sine), for k < TRANSFORM.
static TWIDDLE: [(f32, f32); TRANSFORM] = {
    let mut w = [(0.0, 0.0); TRANSFORM];
    let mut k = 0;
    while k < TRANSFORM {
        let phase = 2.0 * core::f64::consts::PI * k as f64 / TRANSFORM as f64;
        w[k] = (cos(phase) as f32, -sin(phase) as f32);
        k += 1;
    }
    w
};

/// Complex numbers of eight lanes.
#[derive(Clone, Copy)]
struct Complex {
    re: F32x8,
    im: F32x8,
}

impl Complex {
    const ZERO: Self = Self { re: F32x8::ZERO, im: F32x8::ZERO };

    #[inline(always)]
    fn plus(self, o: Self) -> Self {
        Self { re: self.re + o.re, im: self.im + o.im }
    }

    #[inline(always)]
    fn minus(self, o: Self) -> Self {
        Self { re: self.re - o.re, im: self.im - o.im }
    }

    /// Times −i.
    #[inline(always)]
    fn turned(self) -> Self {
        Self { re: self.im, im: F32x8::ZERO - self.re }
    }

    #[inline(always)]
    fn times(self, (c, s): (f32, f32)) -> Self {
        let (c, s) = (F32x8::splat(c), F32x8::splat(s));
        Self { re: self.re * c - self.im * s, im: self.re * s + self.im * c }
    }
}

/// Scratch memory of the transform.
pub struct Scratch {
    a: Box<[Complex]>,
    b: Box<[Complex]>,
}

impl Default for Scratch {
    fn default() -> Self {
        let room = || vec![Complex::ZERO; POINTS].into_boxed_slice();
        Self { a: room(), b: room() }
    }
}

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Self::default() // holds nothing between calls
    }
}

/// Powers of eight frames that lie `HOP` apart, each filled up with zeros to `TRANSFORM` samples.
///
/// `samples` holds `WINDOW + 7 * HOP` samples; `out[k]` receives, one frame a lane, |X_k|² for each
/// of the `BINS` bins.
#[inline(always)]
pub fn powers(samples: &[f32], scratch: &mut Scratch, out: &mut [F32x8]) {
    let samples = &samples[..WINDOW + 7 * HOP];
    let (a, b) = (&mut scratch.a[..POINTS], &mut scratch.b[..POINTS]);
    let (heard, beyond) = a.split_at_mut(WINDOW / 2);
    beyond.fill(Complex::ZERO);
    for (n, point) in heard.iter_mut().enumerate() {
        let (even, odd) = (2 * n, 2 * n + 1);
        let (mut re, mut im) = ([0.0; 8], [0.0; 8]);
        for lane in 0..8 {
            re[lane] = samples[lane * HOP + even];
            im[lane] = samples[lane * HOP + odd];
        }
        *point =
            Complex { re: F32x8(re) * F32x8::splat(HANN[even]), im: F32x8(im) * F32x8::splat(HANN[odd]) };
    }
    // 1,024 = 4⁵: five passes of radix 4.
    pass4(a, b, 1024, 1);
    pass4(b, a, 256, 4);
    pass4(a, b, 64, 16);
    pass4(b, a, 16, 64);
    pass4(a, b, 4, 256);
    split(b, &mut out[..BINS]);
}

/// One pass of the Stockham autosort FFT (Cochran et al. 1967), radix 4: `n` points in each of
/// `stride` interleaved transforms, decimated in frequency.
#[inline(always)]
fn pass4(x: &[Complex], y: &mut [Complex], n: usize, stride: usize) {
    let quarter = n / 4;
    let span = quarter * stride;
    let (x, y) = (&x[..POINTS], &mut y[..POINTS]);
    for p in 0..quarter {
        let w1 = TWIDDLE[p * (TRANSFORM / n)];
        let w2 = TWIDDLE[2 * p * (TRANSFORM / n)];
        let w3 = TWIDDLE[3 * p * (TRANSFORM / n)];
        for q in 0..stride {
            let from = q + stride * p;
            let (a, b, c, d) = (x[from], x[from + span], x[from + 2 * span], x[from + 3 * span]);
            let (even, odd) = (a.plus(c), b.plus(d));
            let (diff, turn) = (a.minus(c), b.minus(d).turned());
            let to = q + stride * 4 * p;
            y[to] = even.plus(odd);
            y[to + stride] = diff.plus(turn).times(w1);
            y[to + 2 * stride] = even.minus(odd).times(w2);
            y[to + 3 * stride] = diff.minus(turn).times(w3);
        }
    }
}

/// Powers of the real transform from the complex one of half the length.
#[inline(always)]
fn split(z: &[Complex], out: &mut [F32x8]) {
    let half = F32x8::splat(0.5);
    for (k, power) in out.iter_mut().enumerate() {
        let (p, m) = (z[k], z[(POINTS - k) % POINTS]);
        let even = Complex { re: (p.re + m.re) * half, im: (p.im - m.im) * half };
        let odd = Complex { re: (p.im + m.im) * half, im: (m.re - p.re) * half };
        let x = even.plus(odd.times(TWIDDLE[k]));
        *power = x.re * x.re + x.im * x.im;
    }
}

#[cfg(test)]
mod tests;
