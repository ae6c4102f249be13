//! The constellation that a listener hears, frame by frame.

use sonica_engine::{Fingerprinter, FrameAssembler, FrameFlags};

use crate::memory::read;
use crate::output::{bytes_or_failure, fail, object_or_failure, put};

/// Outputs the next frame: whole where `key` is not 0, marked as the last where `last` is not.
///
/// # Safety
/// `fingerprinter` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_fingerprinter_frame(
    fingerprinter: *mut Fingerprinter,
    key: u32,
    last: u32,
) -> u32 {
    // SAFETY: the caller's promise; one thread, so nobody else holds it.
    let fingerprinter = unsafe { &mut *fingerprinter };
    bytes_or_failure(fingerprinter.frame(FrameFlags { key: key != 0, last: last != 0 }))
}

/// An assembler that has seen no frame.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_assembler_new() -> *mut FrameAssembler {
    object_or_failure(Ok(FrameAssembler::default()))
}

/// Takes the next frame. When this fails it is as if the frame had not come.
///
/// # Safety
/// `assembler` is alive, and the frame's `length` bytes lie at `frame`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_assembler_push(
    assembler: *mut FrameAssembler,
    frame: *const u8,
    length: usize,
) -> u32 {
    // SAFETY: the caller's promise.
    let frame = unsafe { read(frame, length) };
    // SAFETY: the caller's promise; one thread, so nobody else holds it.
    let assembler = unsafe { &mut *assembler };
    match assembler.push(frame) {
        Ok(()) => put(Vec::new()),
        Err(error) => fail(&error),
    }
}

/// Outputs the fingerprint of what the frames so far hold.
///
/// # Safety
/// `assembler` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_assembler_fingerprint(assembler: *const FrameAssembler) -> u32 {
    // SAFETY: the caller's promise.
    let assembler = unsafe { &*assembler };
    bytes_or_failure(assembler.constellation().encode())
}

/// 1 when the last frame said that the sound has ended, else 0.
///
/// # Safety
/// `assembler` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_assembler_ended(assembler: *const FrameAssembler) -> u32 {
    // SAFETY: the caller's promise.
    let assembler = unsafe { &*assembler };
    u32::from(assembler.ended())
}

/// Frees an assembler.
///
/// # Safety
/// `assembler` is alive, or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_assembler_free(assembler: *mut FrameAssembler) {
    if !assembler.is_null() {
        // SAFETY: the caller's promise; it came from `object_or_failure`.
        drop(unsafe { Box::from_raw(assembler) });
    }
}
