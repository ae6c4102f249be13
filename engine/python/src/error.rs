//! The engine's errors as one Python exception.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// `sonica._engine.EngineError`. Written in Python, since the stable ABI cannot extend its exceptions.
pub(crate) fn class(py: Python<'_>) -> PyResult<Bound<'_, PyType>> {
    let class = CLASS.get_or_try_init(py, || {
        let code = cr#"
class EngineError(ValueError):
    """Input that the engine refuses. `args` is `(code, message)`."""

    @property
    def code(self):
        return self.args[0]

    @property
    def message(self):
        return self.args[1]

    def __str__(self):
        return self.message
"#;
        let names = PyDict::new(py);
        names.set_item("__name__", "sonica._engine")?; // where pickle will look for it
        py.run(code, Some(&names), None)?;
        Ok::<_, PyErr>(names.as_any().get_item("EngineError")?.cast_into::<PyType>()?.unbind())
    })?;
    Ok(class.bind(py).clone())
}

/// The exception for an error of the engine.
pub(crate) fn raise(py: Python<'_>, error: &sonica_engine::Error) -> PyErr {
    refuse(py, error.code(), error.to_string())
}

/// The exception for what does not even reach the engine.
pub(crate) fn refuse(py: Python<'_>, code: &'static str, message: String) -> PyErr {
    match class(py) {
        Ok(class) => PyErr::from_type(class, (code, message)),
        Err(error) => error,
    }
}
