//! What a session looks at while its statements run: signals of Python, and a program's handler.
//!
//! The store calls [`Watch::look`] about every thousand rows of work, on the thread that runs the
//! statement and without the GIL. Signals are asked for at most every 20 ms: taking the GIL may
//! mean to wait for it. Python runs handlers of signals (Ctrl-C among them) in the main thread
//! only; in others the question costs nothing else and finds nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::sync::{self, Mutex};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use crate::functions::print_if_asked;

const BETWEEN_SIGNALS: Duration = Duration::from_millis(20);

/// What is looked at.
#[derive(Default)]
pub(crate) struct Watch {
    /// Milliseconds of the clock when signals were last asked for.
    asked_ms: AtomicU64,
    /// The handler of a program.
    handler: Mutex<Option<Py<PyAny>>>,
    /// Whether the statement was interrupted, maybe before the store had begun it.
    interrupted: AtomicBool,
    /// What a signal's handler raised, to be raised when the statement has ended.
    raised: Mutex<Option<PyErr>>,
}

impl Watch {
    /// Sets or takes away a program's handler.
    pub(crate) fn set_handler(&self, handler: Option<Py<PyAny>>) {
        let former = std::mem::replace(&mut *self.handler.lock(), handler);
        drop(former);
    }

    /// What is to be raised instead of the statement's error.
    pub(crate) fn take_raised(&self) -> Option<PyErr> {
        self.raised.lock().take()
    }

    /// Keeps an error, to be raised when the statement has ended.
    pub(crate) fn raise(&self, error: PyErr) {
        *self.raised.lock() = Some(error);
    }

    /// Ends the statement that runs or is about to.
    pub(crate) fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// Whether a statement that is about to begin is to end: a program's handler is called once
    /// at least.
    pub(crate) fn begin(&self) -> bool {
        self.interrupted.store(false, Ordering::Relaxed);
        self.handler.lock().is_some() && self.look()
    }

    /// Whether the statement is to end.
    fn look(&self) -> bool {
        if self.interrupted.load(Ordering::Relaxed) {
            return true;
        }
        let now = u64::try_from(sync::monotonic().as_millis()).unwrap_or(u64::MAX);
        let between = u64::try_from(BETWEEN_SIGNALS.as_millis()).unwrap_or(u64::MAX);
        let asks = now.saturating_sub(self.asked_ms.load(Ordering::Relaxed)) >= between;
        let has_handler = self.handler.lock().is_some();
        if !asks && !has_handler {
            return false;
        }
        self.asked_ms.store(now, Ordering::Relaxed);
        Python::attach(|py| {
            if let Err(error) = py.check_signals() {
                self.raise(error);
                return true;
            }
            let handler = self.handler.lock().as_ref().map(|handler| handler.clone_ref(py));
            let Some(handler) = handler else { return false };
            let handler = handler.bind(py);
            match handler.call0().and_then(|answer| answer.is_truthy()) {
                Ok(ends) => ends,
                // Ctrl-C, while the handler ran.
                Err(error) if !error.is_instance_of::<PyException>(py) => {
                    self.raise(error);
                    true
                }
                // As in CPython's module: a handler that fails ends the statement.
                Err(error) => {
                    print_if_asked(py, error, handler);
                    true
                }
            }
        })
    }

    /// As the store takes it.
    pub(crate) fn as_look(watch: &Arc<Watch>) -> Arc<dyn Fn() -> bool + Send + Sync> {
        let watch = Arc::clone(watch);
        Arc::new(move || watch.look())
    }
}
