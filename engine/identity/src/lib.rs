//! The identity suite: the same sounds must give the same bytes wherever the engine runs.
//!
//! `vectors.json` holds recipes of sounds, the digests of the fingerprints that they give, a pack made of
//! some, and what asking it gives, to the last bit. Its checkers are `tests/identity.rs` (plain Rust and
//! AVX2), `engine/wasm/test` (WebAssembly with SIMD, without, and JavaScript) and
//! `tests/unit/test_identity.py` (Python).
//!
//! A change of the format or of the search changes the vectors, and only that may:
//! `cargo run --release -p sonica-identity` writes them anew, from the recipes that stand in the file.

pub mod engine;
pub mod signals;
pub mod vectors;
