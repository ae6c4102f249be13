//! Packs: mapped files and bytes.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;

use memmap2::Mmap;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::raise;

/// Bytes written to a file at a time.
const BUFFER: usize = 1 << 20;

/// The bytes of a pack, wherever they are.
pub(crate) enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// An index of recordings that can be searched.
#[pyclass(frozen, from_py_object, module = "sonica._engine")]
#[derive(Clone)]
pub(crate) struct Pack(pub(crate) Arc<sonica_engine::Pack<Bytes>>);

#[pymethods]
impl Pack {
    #[staticmethod]
    #[pyo3(signature = (path))]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let map = py.detach(|| {
            let file = File::open(&path)?;
            let about = file.metadata()?;
            if about.is_dir() {
                return Err(std::io::ErrorKind::IsADirectory.into()); // mapping one fails for a vaguer reason
            }
            if about.len() == 0 {
                return Ok(Bytes::Owned(Vec::new())); // an empty file cannot be mapped
            }
            // SAFETY: a pack is immutable: it is written under another name and renamed when it is
            // whole, and removed but never changed or shortened afterwards.
            #[allow(unsafe_code)]
            unsafe { Mmap::map(&file) }.map(Bytes::Mapped)
        });
        let map = map.map_err(|e: std::io::Error| named(&e, &path))?;
        Self::of(py, map)
    }

    #[staticmethod]
    #[pyo3(signature = (data))]
    fn from_bytes(py: Python<'_>, data: Vec<u8>) -> PyResult<Self> {
        Self::of(py, Bytes::Owned(data))
    }

    fn recordings(&self) -> Vec<Recording> {
        (0..self.0.len()).map(|index| Recording::of(&self.0.recording(index))).collect()
    }

    #[pyo3(signature = (recording_id))]
    fn fingerprint<'py>(&self, py: Python<'py>, recording_id: u64) -> Option<Bound<'py, PyBytes>> {
        Some(PyBytes::new(py, self.0.fingerprint(self.0.find(recording_id)?)))
    }

    fn verify(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.0.verify()).map_err(|e| raise(py, &e))
    }

    #[getter]
    fn profile(&self) -> &'static str {
        self.0.profile().name()
    }

    fn section_bytes(&self) -> std::collections::BTreeMap<&'static str, usize> {
        self.0.section_bytes().into_iter().collect()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }
}

impl Pack {
    fn of(py: Python<'_>, bytes: Bytes) -> PyResult<Self> {
        let pack = py.detach(|| sonica_engine::Pack::open(bytes));
        pack.map(|pack| Self(Arc::new(pack))).map_err(|e| raise(py, &e))
    }
}

/// What Linux, macOS and Windows call a directory where a file should be.
const EISDIR: i32 = 21;

/// The error of a file, with its name, as Python would raise it.
fn named(error: &std::io::Error, path: &std::path::Path) -> PyErr {
    if error.kind() == std::io::ErrorKind::IsADirectory {
        return pyo3::exceptions::PyIsADirectoryError::new_err((
            EISDIR,
            "Is a directory",
            path.to_path_buf(),
        ));
    }
    match error.raw_os_error() {
        Some(number) => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default().to_owned();
            pyo3::exceptions::PyOSError::new_err((number, text, path.to_path_buf()))
        }
        None => pyo3::exceptions::PyOSError::new_err(error.to_string()),
    }
}

/// One row of a pack.
#[pyclass(frozen, get_all, module = "sonica._engine")]
pub(crate) struct Recording {
    recording_id: u64,
    song_id: u64,
    title: String,
    artist: String,
    language: String,
    duration_s: f32,
}

impl Recording {
    fn of(info: &sonica_engine::RecordingInfo<'_>) -> Self {
        Self {
            recording_id: info.recording_id,
            song_id: info.song_id,
            title: info.title.to_owned(),
            artist: info.artist.to_owned(),
            language: info.language.to_owned(),
            duration_s: info.seconds,
        }
    }
}

/// Collects fingerprints and writes them as one pack.
#[pyclass(module = "sonica._engine")]
pub(crate) struct PackBuilder(sonica_engine::PackBuilder);

#[pymethods]
impl PackBuilder {
    #[new]
    #[pyo3(signature = (profile = "full"))]
    fn new(profile: &str) -> PyResult<Self> {
        let known = sonica_engine::Profile::of_name(profile);
        let unknown = || pyo3::exceptions::PyValueError::new_err("a profile is \"full\" or \"lite\"");
        Ok(Self(sonica_engine::PackBuilder::new(known.ok_or_else(unknown)?)))
    }

    #[pyo3(signature = (recording_id, song_id, fingerprint, *, title = "", artist = "", language = ""))]
    #[allow(clippy::too_many_arguments)] // keyword arguments in Python
    fn add(
        &mut self,
        py: Python<'_>,
        recording_id: u64,
        song_id: u64,
        fingerprint: &[u8],
        title: &str,
        artist: &str,
        language: &str,
    ) -> PyResult<()> {
        let inner = &mut self.0;
        py.detach(|| inner.add(recording_id, song_id, fingerprint, [title, artist, language]))
            .map_err(|e| raise(py, &e))
    }

    fn build<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &py.detach(|| self.0.build()))
    }

    #[pyo3(signature = (path))]
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let written = py.detach(|| {
            let mut file = BufWriter::with_capacity(BUFFER, File::create(&path)?);
            self.0.write(&mut file)?;
            file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
        });
        written.map_err(|e: std::io::Error| named(&e, &path))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }
}
