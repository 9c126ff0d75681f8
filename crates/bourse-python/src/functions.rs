//! Functions of Python that SQL calls.
//!
//! They are called on the thread that runs the statement, which takes the GIL for each call. What
//! one raises ends the statement with a text that does not tell what it was, as CPython's module
//! has it; `enable_callback_tracebacks` shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bourse_sql::datum::Datum;
use bourse_sql::error::{Result, SqlError};
use bourse_sql::function::user::{UserAggregate, UserScalar, UserState};
use pyo3::exceptions::{PyMemoryError, PyOverflowError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::error::print_unraisable;
use crate::value::{of_result, to_python};

/// Whether tracebacks of callbacks are printed.
pub(crate) static TRACEBACKS: AtomicBool = AtomicBool::new(false);

/// The error of a callback that raised. The SQLSTATE tells Python's half which class it has.
fn failed(py: Python<'_>, error: PyErr, message: &str, of: &Bound<'_, PyAny>) -> SqlError {
    let sqlstate = if error.is_instance_of::<PyMemoryError>(py) {
        "53200"
    } else if error.is_instance_of::<PyOverflowError>(py) {
        "54000"
    } else {
        "38000"
    };
    print_if_asked(py, error, of);
    let message = if sqlstate == "54000" { "string or blob too big" } else { message };
    SqlError::new(sqlstate, message)
}

/// Prints an error of a callback, where a program has asked for that.
pub(crate) fn print_if_asked(py: Python<'_>, error: PyErr, of: &Bound<'_, PyAny>) {
    if TRACEBACKS.load(Ordering::Relaxed) {
        print_unraisable(py, error, of);
    }
}

fn arguments<'py>(py: Python<'py>, values: &[Datum]) -> PyResult<Bound<'py, PyTuple>> {
    let values: PyResult<Vec<_>> = values.iter().map(|value| to_python(py, value, None)).collect();
    PyTuple::new(py, values?)
}

/// A function of Python as the store takes it.
pub(crate) fn scalar(function: Py<PyAny>) -> UserScalar {
    Arc::new(move |values: &[Datum]| {
        Python::attach(|py| {
            let function = function.bind(py);
            let value = arguments(py, values).and_then(|a| function.call1(a));
            value.and_then(|value| of_result(&value)).map_err(|error| {
                failed(py, error, "user-defined function raised exception", function)
            })
        })
    })
}

/// A class of Python as the store takes it: `step` and `finalize`, with `windows` also `value`.
pub(crate) fn aggregate(class: Py<PyAny>, windows: bool) -> UserAggregate {
    let start = move || -> Result<Box<dyn UserState>> {
        Python::attach(|py| {
            let class = class.bind(py);
            match class.call0() {
                Ok(instance) => {
                    let (instance, class) = (instance.unbind(), class.clone().unbind());
                    Ok(Box::new(State { instance, class, windows }) as Box<dyn UserState>)
                }
                Err(error) => {
                    let message = "user-defined aggregate's '__init__' method raised error";
                    Err(failed(py, error, message, class))
                }
            }
        })
    };
    UserAggregate { start: Arc::new(start), windows }
}

struct State {
    instance: Py<PyAny>,
    class: Py<PyAny>,
    /// It is one of a window: `finalize` is called when it goes.
    windows: bool,
}

impl State {
    fn call<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        values: Bound<'py, PyTuple>,
    ) -> Result<Bound<'py, PyAny>> {
        let (instance, class) = (self.instance.bind(py), self.class.bind(py));
        let told = |what: &str| format!("user-defined aggregate's '{method}' method {what}");
        let callable = instance
            .getattr(method)
            .map_err(|error| failed(py, error, &told("not defined"), class))?;
        callable.call1(values).map_err(|error| failed(py, error, &told("raised error"), class))
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if self.windows {
            // Its value is of no use any more; what it raises is printed where that is asked for.
            Python::attach(|py| self.call(py, "finalize", PyTuple::empty(py)).map(|_| ()).ok());
        }
    }
}

impl UserState for State {
    fn step(&mut self, values: &[Datum]) -> Result<()> {
        Python::attach(|py| {
            let values = arguments(py, values).map_err(|_| {
                let message = "user-defined aggregate's 'step' method raised error";
                SqlError::new("38000", message)
            })?;
            self.call(py, "step", values).map(|_| ())
        })
    }

    fn result(&self, is_window: bool) -> Result<Datum> {
        let method = if is_window { "value" } else { "finalize" };
        Python::attach(|py| {
            let value = self.call(py, method, PyTuple::empty(py))?;
            of_result(&value).map_err(|error| {
                let message = format!("user-defined aggregate's '{method}' method raised error");
                failed(py, error, &message, self.class.bind(py))
            })
        })
    }
}
