//! Transactions and savepoints as values that roll back when they are dropped.

use super::Connection;
use crate::error::{Result, SqlError};

/// A transaction of a connection; dropped, it is rolled back. Statements of the connection are in
/// it.
#[derive(Debug)]
pub struct Transaction<'c> {
    connection: &'c Connection,
    is_over: bool,
}

/// A savepoint of a transaction; dropped, it is rolled back to and released.
#[derive(Debug)]
pub struct Savepoint<'t> {
    connection: &'t Connection,
    name: String,
    is_over: bool,
}

impl<'c> Transaction<'c> {
    pub(super) fn new(connection: &'c Connection) -> Transaction<'c> {
        Transaction { connection, is_over: false }
    }

    /// Commits; returns when that is durable.
    ///
    /// # Errors
    /// 40001 and others: see [`bourse::InteractiveTransaction::commit`]. 25P02 when a statement of
    /// it had failed: it is rolled back then.
    pub fn commit(mut self) -> Result<()> {
        self.is_over = true;
        if self.connection.commit()? {
            return Ok(());
        }
        let message = "a statement of the transaction failed: it was rolled back";
        Err(SqlError::new("25P02", message))
    }

    /// Takes back all that was done.
    pub fn rollback(mut self) {
        self.is_over = true;
        self.connection.rollback();
    }

    /// Sets a mark to go back to.
    ///
    /// # Errors
    /// 25P02 when a statement has failed.
    pub fn savepoint(&mut self, name: &str) -> Result<Savepoint<'_>> {
        self.connection.savepoint(name)?;
        Ok(Savepoint { connection: self.connection, name: name.to_owned(), is_over: false })
    }
}

impl std::ops::Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.connection.rollback();
        }
    }
}

impl Savepoint<'_> {
    /// What was done since stays, as far as the transaction does.
    ///
    /// # Errors
    /// 25P02 when a statement has failed since.
    pub fn release(mut self) -> Result<()> {
        self.is_over = true;
        self.connection.release(&self.name)
    }
}

impl Drop for Savepoint<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            // Where that fails the transaction has failed, and ends so.
            let gone_back = self.connection.rollback_to(&self.name);
            if gone_back.is_ok() {
                self.connection.release(&self.name).ok();
            }
        }
    }
}
