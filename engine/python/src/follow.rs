//! One recording along another.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use sonica_engine::{Constellation, Guess, Window};

use crate::error::raise;

/// A query along a reference.
#[pyclass(frozen, module = "sonica._engine")]
pub(crate) struct Followed(sonica_engine::Followed);

#[pyfunction]
#[allow(clippy::too_many_arguments)] // by keyword
#[pyo3(signature = (query, reference, *, offset_s, speed = 1.0, pitch_semitones = 0.0, at_s = 0.0, window_s = 5.0, hop_s = 5.0))]
pub(crate) fn follow(
    py: Python<'_>,
    query: &[u8],
    reference: &[u8],
    offset_s: f32,
    speed: f32,
    pitch_semitones: f32,
    at_s: f32,
    window_s: f32,
    hop_s: f32,
) -> PyResult<Followed> {
    let guess = Guess { at_s, offset_s, speed, pitch_semitones };
    let followed = py.detach(|| {
        let (query, reference) = (Constellation::decode(query)?, Constellation::decode(reference)?);
        Ok(sonica_engine::follow(&query, &reference, guess, (window_s, hop_s)))
    });
    match followed.map_err(|e: sonica_engine::Error| raise(py, &e))? {
        Some(followed) => Ok(Followed(followed)),
        None => Err(pyo3::exceptions::PyValueError::new_err(
            "that is no line to follow: a number is not finite or far too large, or a window too short",
        )),
    }
}

#[pymethods]
impl Followed {
    #[getter]
    fn offset_s(&self) -> f32 {
        self.0.offset_s
    }

    #[getter]
    fn speed(&self) -> f32 {
        self.0.speed
    }

    #[getter]
    fn pitch_semitones(&self) -> f32 {
        self.0.pitch_semitones
    }

    #[getter]
    fn share(&self) -> f32 {
        self.0.share()
    }

    #[getter]
    fn start_s<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        self.column(|w| w.start_s).into_pyarray(py)
    }

    #[getter]
    fn likelihood<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        self.column(|w| w.likelihood).into_pyarray(py)
    }

    #[getter]
    fn audible<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<bool>> {
        self.column(|w| w.is_audible).into_pyarray(py)
    }

    #[getter]
    fn aligned<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<bool>> {
        self.column(|w| w.is_aligned).into_pyarray(py)
    }
}

impl Followed {
    fn column<T>(&self, of: impl Fn(&Window) -> T) -> Vec<T> {
        self.0.windows.iter().map(of).collect()
    }
}
