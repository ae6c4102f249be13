//! Sonica's engine for WebAssembly: a plain C interface, pointers into linear memory.
//!
//! `index.mjs` is its JavaScript side; who writes another one needs these rules.
//!
//! - Bytes and samples go in through memory that [`memory::sonica_alloc`] gave.
//! - A function that can fail returns a code, 0 for success (see [`output`]); one that makes an object
//!   returns its address, 0 for failure. Either way the *output* ([`output::sonica_output`]) then holds
//!   what was asked for, in UTF-8 why it failed, or nothing. It stays until the next call.
//! - All input is checked and answered by a code. Addresses and lengths are the caller's promise, as in
//!   C: an object's address is one that was returned for that kind of object and not freed since.
//! - Numbers in outputs are little-endian.
//! - Nothing here is for more than one thread.
//!
//! A trap (`unreachable`) means that memory ran out: throw the instance away.

pub mod answer;
pub mod fingerprinter;
pub mod frames;
pub mod memory;
pub mod output;
pub mod packs;

use sonica_engine::{FORMAT_VERSION, PACK_VERSION};

/// Version of this interface.
pub const INTERFACE: u32 = 5;

/// Versions: of this interface, of the packs and of the fingerprints that this engine reads and writes,
/// as `interface << 16 | pack << 8 | fingerprint`.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_version() -> u32 {
    INTERFACE << 16 | u32::from(PACK_VERSION) << 8 | u32::from(FORMAT_VERSION)
}
