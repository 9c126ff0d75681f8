//! Interactive transactions: transfers in steps, with thought between them.

use std::time::Duration;

use bourse::{
    InteractiveTransaction, Isolation, LockMode, LockWait, Result, Transaction, TransactionOptions,
};
use bourse_storage::sync;

use super::{Client, present};
use crate::history::Attempt;
use crate::rows::{Kind, RowKey};
use crate::tracked::Tracked;

/// What a transaction has done so far.
struct Open {
    handle: InteractiveTransaction,
    isolation: Isolation,
    seq: i64,
    attempt: Attempt,
}

impl Client {
    /// Moves an amount between two accounts, statement by statement; now and then it changes its
    /// mind about a part, or about all of it.
    pub(super) fn interactive(&mut self) -> Result<()> {
        let levels = [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable];
        let isolation = levels[self.random.index(levels.len())];
        let lock_timeout = Some(Duration::from_millis(20 + self.random.below(200)));
        let options = TransactionOptions { isolation, lock_timeout, statement_timeout: None };
        let (from, to) = self.two_accounts();
        let amount = self.below(50);
        let seq = self.begin();
        let handle = self.store.begin(options)?;
        let mut open = Open { handle, isolation, seq, attempt: Attempt::default() };
        self.add(&mut open, from, -amount)?;
        self.think();
        if self.random.one_in(3) {
            open.handle.savepoint("before")?;
            let before = open.attempt.clone();
            self.add(&mut open, to, 1_000_000)?;
            self.think();
            open.handle.rollback_to("before")?;
            open.attempt = before;
        }
        self.add(&mut open, to, amount)?;
        if self.random.one_in(3) {
            let (lane, value) = (self.lane(), self.unique_value());
            self.step(&mut open, |tracked| tracked.insert(Kind::Trade, lane, value, 30))?;
        }
        self.think();
        if self.random.one_in(8) {
            open.handle.rollback();
            self.shared.history.forget(self.number);
            self.shared.history.count_operation();
            return Ok(());
        }
        self.step(&mut open, |tracked| tracked.count())?;
        self.shared.history.note(self.number, seq, &open.attempt);
        open.handle.commit()?;
        self.news = self.shared.history.acknowledge(self.number);
        Ok(())
    }

    fn think(&mut self) {
        if self.random.one_in(2) {
            sync::sleep(Duration::from_micros(self.random.below(2_000)));
        }
    }

    /// Adds to an account by what it has. What is only read is vouched for at SERIALIZABLE; else
    /// the row is locked first.
    fn add(&mut self, open: &mut Open, key: RowKey, amount: i64) -> Result<()> {
        let locks = open.isolation != Isolation::Serializable || self.random.one_in(2);
        let table = self.shared.tables.of(key.kind).clone();
        self.step(open, |tracked| {
            if locks {
                let mode = LockMode::NoKeyUpdate;
                tracked.transaction.lock_row(&table, &key.values(), mode, LockWait::Block)?;
            }
            let (version, image) = present(key, tracked.read(key)?)?;
            tracked.write(key, version, image.value + amount, 20)
        })
    }

    /// Runs a statement that goes on with what the transaction has noted.
    fn step(
        &self,
        open: &mut Open,
        body: impl FnOnce(&mut Tracked<'_, '_>) -> Result<()>,
    ) -> Result<()> {
        let (shared, number, seq) = (&self.shared, self.number, open.seq);
        let attempt = &mut open.attempt;
        open.handle.statement(|transaction: &mut Transaction<'_>| {
            let mut tracked = Tracked::new(transaction, &shared.tables, number, seq);
            tracked.attempt = std::mem::take(attempt);
            let result = body(&mut tracked);
            *attempt = std::mem::take(&mut tracked.attempt);
            result
        })
    }
}
