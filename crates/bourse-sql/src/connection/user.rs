//! What a program adds to its connection: functions, and a look-in while a statement runs.

use std::sync::Arc;
use std::time::Duration;

use super::Connection;
use crate::execute::Progress;
use crate::function::Volatility;
use crate::function::user::{UserAggregate, UserScalar};

#[cfg(test)]
mod tests;

impl Connection {
    /// Sets a setting of the session, as SET does.
    pub fn set(&self, name: &str, value: &str) {
        self.settings.borrow_mut().set(name, value);
        self.plans.borrow_mut().clear();
    }

    /// How long a transaction waits for one row lock, as the setting `lock_timeout` says; for ever
    /// where it says nothing, or 0.
    pub(super) fn lock_timeout(&self) -> Option<Duration> {
        let setting = self.setting("lock_timeout")?;
        let milliseconds = setting.trim().trim_end_matches("ms").trim_end().parse().ok()?;
        (milliseconds > 0).then(|| Duration::from_millis(milliseconds))
    }

    /// Gives a function to the connection, for statements of SQLite's dialect: in place of what
    /// has its name and number of arguments; without a number it takes any.
    pub fn create_function(
        &self,
        name: &str,
        arguments: Option<usize>,
        volatility: Volatility,
        function: UserScalar,
    ) {
        self.settings.borrow().functions().set_scalar(name, arguments, volatility, function);
        self.plans.borrow_mut().clear();
    }

    /// Gives an aggregate to the connection, as [`Connection::create_function`] does.
    pub fn create_aggregate(&self, name: &str, arguments: Option<usize>, aggregate: UserAggregate) {
        self.settings.borrow().functions().set_aggregate(name, arguments, aggregate);
        self.plans.borrow_mut().clear();
    }

    /// Takes a function or aggregate away again. Returns whether there was one.
    pub fn remove_function(&self, name: &str, arguments: Option<usize>) -> bool {
        self.plans.borrow_mut().clear();
        self.settings.borrow().functions().remove(name, arguments)
    }

    /// Has `look` called about every thousand rows of work while statements run, on the thread
    /// that runs them; where it says true the statement ends with 57014. `None` calls nothing.
    pub fn set_progress(&self, look: Option<Arc<dyn Fn() -> bool + Send + Sync>>) {
        *self.progress.borrow_mut() = look.map(Progress::new);
    }
}
