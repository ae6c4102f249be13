//! Recognition: packs side by side, queries side by side.

use std::cell::RefCell;
use std::sync::Arc;

use pyo3::prelude::*;
use rayon::prelude::*;
use sonica_engine::{Ballot, Error, Options, Shards, Status, Thresholds};

use crate::error::raise;
use crate::packs::{Bytes, Pack};

thread_local! {
    static BALLOT: RefCell<Ballot> = RefCell::default();
}

/// Packs that are searched side by side, and the recordings that count as absent.
struct Packs<'a> {
    packs: &'a [Arc<sonica_engine::Pack<Bytes>>],
    excluded: &'a [u64],
}

impl Shards for Packs<'_> {
    type Bytes = Bytes;

    fn packs(&self) -> impl Iterator<Item = &sonica_engine::Pack<Bytes>> {
        self.packs.iter().map(|pack| &**pack)
    }

    fn is_excluded(&self, recording_id: u64) -> bool {
        self.excluded.contains(&recording_id)
    }

    fn each<T, J>(&self, job: J) -> Result<Vec<T>, Error>
    where
        T: Send,
        J: Fn(usize, &sonica_engine::Pack<Bytes>, &mut Ballot) -> Result<T, Error> + Sync,
    {
        let one =
            |(number, pack): (usize, &Arc<_>)| BALLOT.with_borrow_mut(|ballot| job(number, pack, ballot));
        self.packs.par_iter().enumerate().map(one).collect()
    }
}

fn search(packs: &[Pack], queries: &[(&[u8], &[u64])], options: Options) -> Result<Vec<Answer>, Error> {
    let packs: Vec<_> = packs.iter().map(|pack| pack.0.clone()).collect();
    let one = |(fingerprint, excluded): &(&[u8], &[u64])| {
        let packs = Packs { packs: &packs, excluded };
        sonica_engine::recognize(&packs, fingerprint, options).map(Answer)
    };
    queries.par_iter().map(one).collect()
}

#[pyfunction]
#[allow(clippy::too_many_arguments)] // by keyword
#[pyo3(signature = (packs, fingerprint, *, exclude = Vec::new(), limit = 5, exhaustive = false, nominal = false, match_at = None, unsure_at = None))]
pub(crate) fn recognize(
    py: Python<'_>,
    packs: Vec<Pack>,
    fingerprint: &[u8],
    exclude: Vec<u64>,
    limit: usize,
    exhaustive: bool,
    nominal: bool,
    match_at: Option<f32>,
    unsure_at: Option<f32>,
) -> PyResult<Option<Answer>> {
    let thresholds = Thresholds::new(match_at, unsure_at).map_err(|e| raise(py, &e))?;
    let options = Options { limit, exhaustive, nominal, thresholds };
    let answers = py.detach(|| search(&packs, &[(fingerprint, &exclude)], options));
    answers.map(|mut answers| answers.pop()).map_err(|e| raise(py, &e))
}

#[pyfunction]
#[allow(clippy::too_many_arguments)] // by keyword
#[pyo3(signature = (packs, queries, *, limit = 5, exhaustive = false, nominal = false, match_at = None, unsure_at = None))]
pub(crate) fn recognize_many(
    py: Python<'_>,
    packs: Vec<Pack>,
    queries: Vec<(Bound<'_, pyo3::types::PyBytes>, Vec<u64>)>,
    limit: usize,
    exhaustive: bool,
    nominal: bool,
    match_at: Option<f32>,
    unsure_at: Option<f32>,
) -> PyResult<Vec<Answer>> {
    let thresholds = Thresholds::new(match_at, unsure_at).map_err(|e| raise(py, &e))?;
    let options = Options { limit, exhaustive, nominal, thresholds };
    let queries: Vec<(&[u8], &[u64])> = queries.iter().map(|(f, e)| (f.as_bytes(), &e[..])).collect();
    py.detach(|| search(&packs, &queries, options)).map_err(|e| raise(py, &e))
}

/// What the engine makes of one query.
#[pyclass(frozen, module = "sonica._engine")]
pub(crate) struct Answer(sonica_engine::Answer);

#[pymethods]
impl Answer {
    #[getter]
    fn status(&self) -> &'static str {
        match self.0.status {
            Status::Match => "match",
            Status::Unsure => "unsure",
            Status::None => "none",
        }
    }

    #[getter]
    fn ambiguous(&self) -> bool {
        self.0.shared > 1
    }

    #[getter]
    fn hits(&self) -> Vec<Hit> {
        self.0.hits.iter().copied().map(Hit).collect()
    }

    #[getter]
    fn shared(&self) -> usize {
        self.0.shared
    }

    #[getter]
    fn hypotheses(&self) -> usize {
        self.0.hypotheses
    }

    #[getter]
    fn postings(&self) -> u64 {
        self.0.postings
    }
}

/// One recording that the query may be.
#[pyclass(frozen, module = "sonica._engine")]
pub(crate) struct Hit(sonica_engine::Hit);

#[pymethods]
impl Hit {
    #[getter]
    fn recording_id(&self) -> u64 {
        self.0.recording_id
    }

    #[getter]
    fn song_id(&self) -> u64 {
        self.0.song_id
    }

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
    fn score(&self) -> f32 {
        self.0.score
    }

    #[getter]
    fn confidence(&self) -> f32 {
        self.0.confidence
    }

    #[getter]
    fn features(&self) -> Vec<f32> {
        self.0.features.to_vec()
    }
}
