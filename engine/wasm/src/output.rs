//! The output: what the last call gave, or why it failed.

use std::cell::{Cell, RefCell};

use sonica_engine::Error;

thread_local! {
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static CODE: Cell<u32> = const { Cell::new(0) };
}

/// Codes of failure, by the engine's names for them.
const CODES: [&str; 9] =
    ["rate", "length", "format", "version", "checksum", "limit", "duplicate", "threshold", "sequence"];
/// An error that this interface has no code for.
const OTHER: u32 = 255;
/// The caller broke a rule of the interface that can be seen: a text that is no UTF-8, a number out of range.
const USAGE: u32 = 10;

/// Where the output lies. Any call may move it.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_output() -> *const u8 {
    OUTPUT.with_borrow(Vec::as_ptr)
}

/// Length of the output, bytes.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_output_length() -> usize {
    OUTPUT.with_borrow(Vec::len)
}

/// The code of the last call that set the output: 0 success, 1 rate, 2 length, 3 format, 4 version,
/// 5 checksum, 6 limit, 7 duplicate, 8 threshold, 9 sequence, 10 usage, 255 another.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_code() -> u32 {
    CODE.get()
}

fn set(code: u32, bytes: Vec<u8>) -> u32 {
    CODE.set(code);
    OUTPUT.set(bytes);
    code
}

/// Sets the output to `bytes`; the code of success.
pub(crate) fn put(bytes: Vec<u8>) -> u32 {
    set(0, bytes)
}

/// Sets the output to why it failed; the code of it.
pub(crate) fn fail(error: &Error) -> u32 {
    let code = CODES.iter().position(|&code| code == error.code()).map_or(OTHER, |at| at as u32 + 1);
    set(code, error.to_string().into_bytes())
}

/// Sets the output to which rule was broken; the code of it.
pub(crate) fn misuse(why: &str) -> u32 {
    set(USAGE, why.as_bytes().to_vec())
}

/// Sets the output to the bytes, or to why there are none; the code of either.
pub(crate) fn bytes_or_failure(made: Result<Vec<u8>, Error>) -> u32 {
    match made {
        Ok(bytes) => put(bytes),
        Err(error) => fail(&error),
    }
}

/// The address of a new object, or 0 with the output saying why there is none.
pub(crate) fn object_or_failure<T>(made: Result<T, Error>) -> *mut T {
    match made {
        Ok(object) => {
            put(Vec::new());
            Box::into_raw(Box::new(object))
        }
        Err(error) => {
            fail(&error);
            core::ptr::null_mut()
        }
    }
}
