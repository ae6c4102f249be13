//! Sonica's audio engine: samples in, a constellation out, and the song that it belongs to.
//!
//! Pure functions of samples and bytes. No network, no clock, no threads, no files: who needs those
//! brings them. The same input gives the same bytes on every machine, in WebAssembly and in JavaScript.
//!
//! ```
//! # fn main() -> Result<(), sonica_engine::Error> {
//! let samples: Vec<f32> = (0..44_100 * 3).map(|n| ((n / 40 * n / 90) % 200) as f32 / 200.0 - 0.5).collect();
//! let bytes = sonica_engine::fingerprint(&samples, 44_100)?;
//! let constellation = sonica_engine::Constellation::decode(&bytes)?;
//! assert_eq!(constellation.duration, 3 * 250);
//! # Ok(())
//! # }
//! ```

mod align;
mod codec;
mod coder;
mod error;
mod fft;
mod fingerprinter;
mod follow;
mod frame;
mod hypotheses;
mod isa;
mod landmarks;
mod lanes;
mod math;
mod pack;
pub mod params;
mod peaks;
mod resample;
mod search;
mod spectrum;
mod verify;
mod votes;

pub use codec::Constellation;
pub use coder::VERSION as FORMAT_VERSION;
pub use error::Error;
pub use fingerprinter::{Fingerprinter, fingerprint};
pub use follow::{Followed, Guess, Window, follow};
pub use frame::{FrameAssembler, FrameFlags, FrameWriter};
pub use isa::Isa;
pub use pack::{Pack, PackBuilder, Profile, RecordingInfo, VERSION as PACK_VERSION};
pub use peaks::Peak;
pub use resample::Resampler;
pub use search::{Answer, Hit, Options, Shards, Status, Thresholds, recognize};
pub use verify::{FEATURES, VERSION as VERIFIER_VERSION};
pub use votes::Ballot;

// The tests inside use what the tests outside use, under the same name.
#[cfg(test)]
extern crate self as sonica_engine;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod testing;
