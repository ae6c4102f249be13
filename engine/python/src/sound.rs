//! Samples and fingerprints.

use std::borrow::Cow;

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rayon::prelude::*;
use sonica_engine::{Constellation, Error, FrameFlags, Isa, Peak, Resampler, params};

use crate::error::{raise, refuse};

/// A sampling rate: any whole number of Python's, refused as the engine refuses one where it does not fit.
pub(crate) struct Rate(u32);

impl<'a, 'py> FromPyObject<'a, 'py> for Rate {
    type Error = PyErr;

    fn extract(number: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = number.py();
        number.extract().map(Self).map_err(|error| {
            if error.is_instance_of::<PyOverflowError>(py) {
                let given = &*number;
                let why = format!("a sampling rate of {given} Hz cannot be read; 4,000 to 384,000 Hz can");
                refuse(py, "rate", why)
            } else {
                error
            }
        })
    }
}

/// An array's samples where they lie, or a copy of them where they do not lie in a row.
fn samples<'a>(array: &'a PyReadonlyArray1<'_, f32>) -> Cow<'a, [f32]> {
    match array.as_slice() {
        Ok(slice) => Cow::Borrowed(slice),
        Err(_) => Cow::Owned(array.as_array().to_vec()),
    }
}

#[pyfunction]
#[pyo3(signature = (samples, sample_rate))]
pub(crate) fn fingerprint<'py>(
    py: Python<'py>,
    samples: PyReadonlyArray1<'py, f32>,
    sample_rate: Rate,
) -> PyResult<Bound<'py, PyBytes>> {
    let samples = self::samples(&samples);
    let samples = &samples[..];
    let made = py.detach(|| sonica_engine::fingerprint(samples, sample_rate.0));
    made.map(|bytes| PyBytes::new(py, &bytes)).map_err(|e| raise(py, &e))
}

#[pyfunction]
#[pyo3(signature = (clips))]
pub(crate) fn fingerprint_many<'py>(
    py: Python<'py>,
    clips: Vec<(PyReadonlyArray1<'py, f32>, Rate)>,
) -> PyResult<Vec<Bound<'py, PyBytes>>> {
    let held: Vec<(Cow<'_, [f32]>, u32)> =
        clips.iter().map(|(array, rate)| (samples(array), rate.0)).collect();
    let made: Result<Vec<Vec<u8>>, Error> = py.detach(|| {
        held.par_iter().map(|(samples, rate)| sonica_engine::fingerprint(samples, *rate)).collect()
    });
    let made = made.map_err(|e| raise(py, &e))?;
    Ok(made.iter().map(|bytes| PyBytes::new(py, bytes)).collect())
}

#[pyfunction]
#[pyo3(signature = (samples, sample_rate))]
pub(crate) fn resample<'py>(
    py: Python<'py>,
    samples: PyReadonlyArray1<'py, f32>,
    sample_rate: Rate,
) -> PyResult<Bound<'py, PyArray1<f32>>> {
    let samples = self::samples(&samples);
    let samples = &samples[..];
    let made = py.detach(|| {
        let mut output = Vec::new();
        let mut resampler = Resampler::new(sample_rate.0, Isa::detect())?;
        resampler.push(samples, &mut output);
        resampler.finish(&mut output);
        Ok(output)
    });
    made.map(|output| output.into_pyarray(py)).map_err(|e| raise(py, &e))
}

/// The same fingerprint from samples that arrive in pieces.
#[pyclass(module = "sonica._engine")]
pub(crate) struct Fingerprinter(Option<sonica_engine::Fingerprinter>);

#[pymethods]
impl Fingerprinter {
    #[new]
    fn new(py: Python<'_>, sample_rate: Rate) -> PyResult<Self> {
        let made = py.detach(|| sonica_engine::Fingerprinter::new(sample_rate.0));
        made.map(|f| Self(Some(f))).map_err(|e| raise(py, &e))
    }

    fn push(&mut self, py: Python<'_>, samples: PyReadonlyArray1<'_, f32>) -> PyResult<()> {
        let samples = self::samples(&samples);
        let samples = &samples[..];
        let inner = self.0.as_mut().ok_or_else(spent)?;
        py.detach(|| inner.push(samples)).map_err(|e| raise(py, &e))
    }

    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let inner = self.0.as_ref().ok_or_else(spent)?;
        encoded(py, py.detach(|| inner.snapshot().encode()))
    }

    #[pyo3(signature = (*, key = false, last = false))]
    fn frame<'py>(&mut self, py: Python<'py>, key: bool, last: bool) -> PyResult<Bound<'py, PyBytes>> {
        let inner = self.0.as_mut().ok_or_else(spent)?;
        encoded(py, py.detach(|| inner.frame(FrameFlags { key, last })))
    }

    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let inner = self.0.take().ok_or_else(spent)?;
        encoded(py, py.detach(|| inner.finish().encode()))
    }
}

fn spent() -> PyErr {
    pyo3::exceptions::PyRuntimeError::new_err("this fingerprinter has finished; make a new one")
}

fn encoded(py: Python<'_>, made: Result<Vec<u8>, Error>) -> PyResult<Bound<'_, PyBytes>> {
    made.map(|bytes| PyBytes::new(py, &bytes)).map_err(|e| raise(py, &e))
}

/// Puts frames together.
#[pyclass(module = "sonica._engine")]
pub(crate) struct FrameAssembler(sonica_engine::FrameAssembler);

#[pymethods]
impl FrameAssembler {
    #[new]
    fn new() -> Self {
        Self(sonica_engine::FrameAssembler::default())
    }

    fn push(&mut self, py: Python<'_>, frame: &[u8]) -> PyResult<()> {
        py.detach(|| self.0.push(frame)).map_err(|e| raise(py, &e))
    }

    fn fingerprint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        encoded(py, py.detach(|| self.0.constellation().encode()))
    }

    #[getter]
    fn duration_s(&self) -> f32 {
        self.0.constellation().seconds()
    }

    #[getter]
    fn ended(&self) -> bool {
        self.0.ended()
    }
}

/// What a fingerprint says about itself.
#[pyclass(frozen, module = "sonica._engine")]
pub(crate) struct FingerprintInfo(Constellation);

#[pyfunction]
#[pyo3(signature = (data))]
pub(crate) fn read_fingerprint(py: Python<'_>, data: &[u8]) -> PyResult<FingerprintInfo> {
    py.detach(|| Constellation::decode(data)).map(FingerprintInfo).map_err(|e| raise(py, &e))
}

#[pyfunction]
#[pyo3(signature = (time, frequency, rank, duration))]
pub(crate) fn write_fingerprint<'py>(
    py: Python<'py>,
    time: PyReadonlyArray1<'_, u32>,
    frequency: PyReadonlyArray1<'_, u16>,
    rank: PyReadonlyArray1<'_, u8>,
    duration: u32,
) -> PyResult<Bound<'py, PyBytes>> {
    let (time, frequency, rank) = (time.as_array(), frequency.as_array(), rank.as_array());
    if time.len() != frequency.len() || time.len() != rank.len() {
        return Err(PyValueError::new_err("a peak has a time, a frequency and a rank"));
    }
    let all = time.iter().zip(frequency).zip(rank);
    let mut peaks: Vec<Peak> =
        all.map(|((&time, &frequency), &rank)| Peak { time, frequency, rank }).collect();
    peaks.sort_unstable_by_key(|p| (p.time, p.frequency, p.rank));
    peaks.dedup_by_key(|p| (p.time, p.frequency));
    encoded(py, py.detach(|| Constellation { duration, peaks }.encode()))
}

#[pymethods]
impl FingerprintInfo {
    #[getter]
    fn version(&self) -> u8 {
        sonica_engine::FORMAT_VERSION // the only one that can be read
    }

    #[getter]
    fn duration_s(&self) -> f32 {
        self.0.seconds()
    }

    #[pyo3(signature = (start_s, seconds))]
    fn excerpt<'py>(&self, py: Python<'py>, start_s: f64, seconds: f64) -> PyResult<Bound<'py, PyBytes>> {
        if !(start_s >= 0.0 && seconds > 0.0) {
            return Err(PyValueError::new_err("an excerpt begins at 0 or later and is longer than nothing"));
        }
        // Both ends are rounded, not the length: excerpts that follow each other leave nothing out.
        let steps = |s: f64| (s * f64::from(params::STEPS_PER_SECOND)).round() as u32;
        let (start, end) = (steps(start_s), steps(start_s + seconds));
        let part = py.detach(|| self.0.excerpt(start, end - start).encode());
        part.map(|bytes| PyBytes::new(py, &bytes)).map_err(|e| raise(py, &e))
    }

    #[getter]
    fn time_s<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        self.0.peaks.iter().map(|p| p.seconds()).collect::<Vec<_>>().into_pyarray(py)
    }

    #[getter]
    fn frequency_hz<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        self.0.peaks.iter().map(|p| p.hertz()).collect::<Vec<_>>().into_pyarray(py)
    }

    #[getter]
    fn rank<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u8>> {
        self.0.peaks.iter().map(|p| p.rank).collect::<Vec<_>>().into_pyarray(py)
    }
}
