//! The native half of the package for Python: what `bourse.sqlite3` is written over.
//!
//! Python's half (`python/bourse/sqlite3`) has the classes of the DB-API and all that is about
//! Python: adapters, converters, row factories, implicit transactions. This half has the store.
//!
//! - `stores`: the stores that a process has open, each once; `memory`: files of `:memory:`;
//! - `engine`: a session, its statements and rows; `progress`: what it looks at while they run;
//! - `functions`: functions of Python that SQL calls; `value`: values of both;
//! - `text`: statements as text: where one ends, and which word begins it;
//! - `error`: errors on their way to Python.

use pyo3::prelude::*;

mod engine;
mod error;
mod functions;
mod memory;
mod progress;
mod stores;
mod text;
mod value;

/// The module `bourse._engine`.
#[pymodule]
fn _engine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<engine::Engine>()?;
    module.add_class::<engine::Rows>()?;
    module.add("EngineError", module.py().get_type::<error::EngineError>())?;
    module.add_function(wrap_pyfunction!(text::is_complete, module)?)?;
    module.add_function(wrap_pyfunction!(text::split, module)?)?;
    module.add_function(wrap_pyfunction!(text::first_word, module)?)?;
    module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
    Ok(())
}
