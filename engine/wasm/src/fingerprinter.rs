//! Samples in, in pieces of any length; a fingerprint out.

use sonica_engine::Fingerprinter;

use crate::answer;
use crate::memory::read;
use crate::output::{bytes_or_failure, fail, object_or_failure, put};

/// A fingerprinter for mono samples at `rate` Hz; 0 for a rate that cannot be resampled.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_fingerprinter_new(rate: u32) -> *mut Fingerprinter {
    object_or_failure(Fingerprinter::new(rate))
}

/// Takes `count` more samples (f32). When this fails none of them has been taken, and what came before
/// stays.
///
/// # Safety
/// `fingerprinter` is alive, and `count` samples lie at `samples`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_fingerprinter_push(
    fingerprinter: *mut Fingerprinter,
    samples: *const f32,
    count: usize,
) -> u32 {
    // SAFETY: the caller's promise.
    let samples = unsafe { read(samples, count) };
    // SAFETY: the caller's promise; one thread, so nobody else holds it.
    let fingerprinter = unsafe { &mut *fingerprinter };
    match fingerprinter.push(samples) {
        Ok(()) => put(Vec::new()),
        Err(error) => fail(&error),
    }
}

/// Outputs the fingerprint of what was heard so far, as if the sound ended here.
///
/// # Safety
/// `fingerprinter` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_fingerprinter_snapshot(fingerprinter: *const Fingerprinter) -> u32 {
    // SAFETY: the caller's promise.
    let fingerprinter = unsafe { &*fingerprinter };
    bytes_or_failure(fingerprinter.snapshot().encode())
}

/// Outputs the peaks of what [`sonica_fingerprinter_snapshot`] would give that lie at `from` seconds and
/// later, by (time, frequency). Each is three f32: time in seconds, frequency in Hz, strength (1 for the
/// strongest rank, a sixteenth for the weakest). Those of the last two seconds still come, go and change.
///
/// # Safety
/// `fingerprinter` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_fingerprinter_peaks(fingerprinter: *const Fingerprinter, from: f32) -> u32 {
    // SAFETY: the caller's promise.
    let fingerprinter = unsafe { &*fingerprinter };
    put(answer::peaks(&fingerprinter.peaks(from)))
}

/// Outputs the fingerprint of all that was pushed, and frees the fingerprinter.
///
/// # Safety
/// `fingerprinter` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_fingerprinter_finish(fingerprinter: *mut Fingerprinter) -> u32 {
    // SAFETY: the caller's promise; it came from `object_or_failure`.
    let fingerprinter = unsafe { Box::from_raw(fingerprinter) };
    bytes_or_failure(fingerprinter.finish().encode())
}

/// Frees a fingerprinter that was not finished.
///
/// # Safety
/// `fingerprinter` is alive, or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_fingerprinter_free(fingerprinter: *mut Fingerprinter) {
    if !fingerprinter.is_null() {
        // SAFETY: the caller's promise; it came from `object_or_failure`.
        drop(unsafe { Box::from_raw(fingerprinter) });
    }
}
