//! Errors on their way to Python: one class, which Python's half makes those of the DB-API of.

use bourse_sql::error::SqlError;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    _engine,
    EngineError,
    PyException,
    "An error of the store: (SQLSTATE, message, hint, constraint)."
);

/// The error as Python's half gets it.
pub(crate) fn of_sql(error: &SqlError) -> PyErr {
    let constraint = error.violation().map(|violation| violation.constraint.clone());
    let hint = error.hint().map(str::to_owned);
    EngineError::new_err((error.sqlstate(), error.message().to_owned(), hint, constraint))
}

/// The error of a store as Python's half gets it.
pub(crate) fn of_store(error: bourse::Error) -> PyErr {
    of_sql(&SqlError::from(error))
}

/// An error of this half's own, by an SQLSTATE.
pub(crate) fn told(sqlstate: &'static str, message: &str) -> PyErr {
    of_sql(&SqlError::new(sqlstate, message))
}

/// An error that Python's half raised while the store called it, if it is to come out as it is.
pub(crate) fn prefer(raised: Option<PyErr>, error: &SqlError) -> PyErr {
    raised.unwrap_or_else(|| of_sql(error))
}

/// Prints what cannot be raised, as Python does for callbacks.
pub(crate) fn print_unraisable(py: Python<'_>, error: PyErr, of: &Bound<'_, PyAny>) {
    error.write_unraisable(py, Some(of));
}
