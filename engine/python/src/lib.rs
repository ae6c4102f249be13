//! Sonica's engine as the Python module `sonica._engine`. `src/sonica/_engine.pyi` is its contract.
//!
//! A function here converts, releases the GIL, calls the engine and maps the error; nothing else.

#![allow(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over by value")]

mod error;
mod follow;
mod packs;
mod recognition;
mod sound;
mod tags;

use pyo3::prelude::*;

#[pymodule]
mod _engine {
    use super::{Bound, PyModule, PyModuleMethods, PyResult};
    use sonica_engine::{FORMAT_VERSION, PACK_VERSION, Thresholds, params};

    #[pymodule_export]
    use super::follow::{Followed, follow};
    #[pymodule_export]
    use super::packs::{Pack, PackBuilder, Recording};
    #[pymodule_export]
    use super::recognition::{Answer, Hit, recognize, recognize_many};
    #[pymodule_export]
    use super::sound::{
        FingerprintInfo, Fingerprinter, FrameAssembler, fingerprint, fingerprint_many, read_fingerprint,
        resample, write_fingerprint,
    };
    #[pymodule_export]
    use super::tags::write_tags;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("ENGINE_RATE", params::ENGINE_RATE)?;
        module.add("FORMAT_VERSION", FORMAT_VERSION)?;
        module.add("PACK_VERSION", PACK_VERSION)?;
        module.add("PEAKS_PER_SECOND", params::PEAKS_PER_SECOND)?;
        module.add("MATCH_AT", Thresholds::default().match_at)?;
        module.add("UNSURE_AT", Thresholds::default().unsure_at)?;
        module.add("FEATURES", sonica_engine::FEATURES.to_vec())?;
        module.add("EngineError", super::error::class(module.py())?)
    }
}
