//! Operations that are submitted, and acknowledged by callbacks.

use std::sync::Arc;

use bourse::{ErrorKind, Result, Transaction};
use bourse_storage::Error;
use bourse_storage::sync::{Condvar, Mutex};

use super::{Client, Fate, present};
use crate::rows::{Kind, RowKey};
use crate::tracked::Tracked;

/// What a client has under way beside its own transaction has its number and a multiple of this.
const HAND: i64 = 20;

/// What a callback was told: whether what it read was news, or the error.
#[derive(Default)]
pub(super) struct Answer {
    told: Mutex<Option<Result<bool>>>,
    came: Condvar,
}

impl Answer {
    /// Waits for the callback.
    pub(super) fn wait(&self) -> Result<bool> {
        let mut told = self.told.lock();
        loop {
            if let Some(answer) = told.take() {
                return answer;
            }
            self.came.wait(&mut told);
        }
    }
}

impl Client {
    /// Submits a transaction, of any shards or of a lane's, whose callback acknowledges it.
    pub(super) fn submit(
        &self,
        number: i64,
        lane: Option<i64>,
        body: impl Fn(&mut Tracked<'_, '_>) -> Result<()> + Send + Sync,
    ) -> Arc<Answer> {
        let shared = &self.shared;
        let seq = shared.history.begin(number);
        let closure = |transaction: &mut Transaction<'_>| {
            let mut tracked = Tracked::new(transaction, &shared.tables, number, seq);
            body(&mut tracked)?;
            tracked.end(&shared.history)
        };
        let answer = Arc::new(Answer::default());
        let (history, told) = (shared.history.clone(), Arc::clone(&answer));
        let callback = move |result: Result<()>| {
            let result = result.map(|()| history.acknowledge(number));
            *told.told.lock() = Some(result);
            told.came.notify_all();
        };
        match lane {
            None => self.store.submit().transaction_with(closure, callback),
            Some(lane) => {
                let table = shared.tables.of(Kind::Account);
                let key = [lane.into()];
                self.store.submit().shard_transaction_with(table, &key, closure, callback);
            }
        }
        answer
    }

    /// Several transactions of one client are under way at once, as if by clients of their own.
    pub(super) fn several_at_once(&mut self) -> Result<()> {
        let mut answers = Vec::new();
        for hand in 1..=2 + self.below(2) {
            let number = self.number + hand * HAND;
            let lane = self.lane();
            let item = RowKey { kind: Kind::Item, lane, id: self.item() };
            let account = RowKey { kind: Kind::Account, lane, id: 0 };
            let shard = self.random.one_in(2).then_some(lane);
            let only_reads = self.random.one_in(3);
            let answer = self.submit(number, shard, |tracked| {
                present(account, tracked.read(account)?)?;
                let (version, image) = present(item, tracked.read(item)?)?;
                if only_reads {
                    return Ok(());
                }
                tracked.write(item, version, image.value, 500)
            });
            answers.push((number, answer));
        }
        for (number, answer) in answers {
            match answer.wait() {
                Ok(news) => self.news |= news,
                Err(error) => {
                    if matches!(self.judge(number, Err(error)), Fate::Ends) {
                        return Err(Error::new(ErrorKind::Closed, "a submitted one has ended"));
                    }
                }
            }
        }
        Ok(())
    }
}
