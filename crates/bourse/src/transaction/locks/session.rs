//! Whose statements a thread runs, where somebody builds sessions on the store: so that those who
//! watch see who waits for a row lock, and so that a session's limits end also the waits of closure
//! transactions, which have no transaction of their own to be cancelled by.
//!
//! A closure transaction that waits holds no lock, so it stands in nobody's way however long it
//! waits.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::Result;

use super::set::{self, Interrupts, WaitRules};
use super::wait::{Waiter, canceled};
use crate::transaction::interactive::CancelHandle;

#[cfg(test)]
mod tests;

/// A session as the thread knows it.
struct OfThread {
    number: u64,
    cancel: CancelHandle,
    lock_timeout: Option<Duration>,
    statement_deadline: Option<Duration>,
}

thread_local! {
    static SESSION: RefCell<Option<OfThread>> = const { RefCell::new(None) };
}

/// Puts back the session of before, also when the body panics.
struct Leave(Option<OfThread>);

impl Drop for Leave {
    fn drop(&mut self) {
        SESSION.set(self.0.take());
    }
}

/// Runs what a session does on this thread: its number, which whoever builds sessions has given it,
/// what cancels it, how long it waits for one row lock, and when its statement ends, by
/// [`bourse_storage::sync::monotonic`].
///
/// A closure transaction inside waits for a row lock as long as these allow; elsewhere it is 10
/// seconds at most.
pub fn in_session<T>(
    number: u64,
    cancel: &CancelHandle,
    lock_timeout: Option<Duration>,
    statement_deadline: Option<Duration>,
    body: impl FnOnce() -> T,
) -> T {
    let cancel = cancel.clone();
    let session = OfThread { number, cancel, lock_timeout, statement_deadline };
    let _leave = Leave(SESSION.replace(Some(session)));
    body()
}

/// The number of the thread's session; 0 for none.
pub(super) fn number_of_thread() -> u64 {
    SESSION.with(|session| session.borrow().as_ref().map_or(0, |session| session.number))
}

/// Waits for a signal by the rules of the thread's session. Returns whether it has one.
///
/// # Errors
/// What ended the wait: 55P03, 57014.
pub(super) fn wait(waiter: &Arc<Waiter>) -> Result<bool> {
    let rules = SESSION.with(|session| {
        let session = session.borrow();
        let session = session.as_ref()?;
        let interrupts: Arc<Interrupts> = session.cancel.interrupts();
        Some((interrupts, session.lock_timeout, session.statement_deadline))
    });
    let Some((interrupts, lock_timeout, statement_deadline)) = rules else { return Ok(false) };
    let interrupts = Some(&*interrupts);
    let rules = WaitRules { lock_timeout, statement_deadline, interrupts, ..WaitRules::default() };
    match set::wait(waiter, &rules)? {
        Some(_) => Ok(true),
        None => Err(canceled("user request")),
    }
}
