//! Operations that only read.

use std::time::Duration;

use bourse::{Cut, Order, Range, Result};
use bourse_storage::sync;

use super::{ACCOUNTS, BALANCE, CUT_AGE_MAX, Client, LANES, present};
use crate::Violation;
use crate::history::{Attempt, Seen};
use crate::rows::{Kind, RowKey, decode};
use crate::tracked::read;

impl Client {
    /// A transaction that writes nothing: what it returns must stay true.
    pub(super) fn read_closure(&mut self) -> Result<()> {
        let mut keys = Vec::new();
        for _ in 0..=self.random.below(4) {
            keys.push(self.account());
        }
        let lane = self.random.one_in(3).then(|| self.lane());
        if lane.is_some() {
            keys.retain(|key| Some(key.lane) == lane);
        }
        self.commit(lane, |tracked| {
            for key in &keys {
                present(*key, tracked.read(*key)?)?;
            }
            Ok(())
        })
    }

    /// Reads the hot rows: one without a transaction, or all in an optimistic or a lane's own one.
    pub(super) fn read_hot(&mut self) -> Result<()> {
        let keys = (0..LANES).map(|lane| RowKey { kind: Kind::Account, lane, id: 0 });
        let keys: Vec<_> = keys.collect();
        let lane = self.lane();
        if self.random.one_in(3) {
            let key = keys[self.random.index(keys.len())];
            return self.read_key(key);
        }
        let lane = self.random.one_in(4).then_some(lane);
        self.commit(lane, |tracked| {
            for key in keys.iter().filter(|key| lane.is_none_or(|lane| lane == key.lane)) {
                present(*key, tracked.read(*key)?)?;
            }
            Ok(())
        })
    }

    /// Reads without a transaction.
    pub(super) fn read_one(&mut self) -> Result<()> {
        let trade = self.shared.history.trade(self.random.next_u64());
        let key = match (self.random.below(3), trade) {
            (0, Some(key)) => key,
            (1, _) => RowKey { kind: Kind::Item, lane: self.lane(), id: self.item() },
            _ => self.account(),
        };
        self.read_key(key)
    }

    fn read_key(&mut self, key: RowKey) -> Result<()> {
        let seq = self.begin();
        let mut attempt = Attempt::default();
        read(&self.store, &self.shared.tables, key, &mut attempt)?;
        self.shared.history.note(self.number, seq, &attempt);
        self.news = self.shared.history.acknowledge(self.number);
        Ok(())
    }

    /// Keeps a Cut for a while: it stays as it is.
    pub(super) fn hold_cut(&mut self) -> Result<()> {
        let seq = self.begin();
        let cut = self.store.cut();
        let before = self.sum(&cut)?;
        if before.reads.is_empty() {
            return Ok(());
        }
        self.shared.history.note(self.number, seq, &before);
        self.shared.history.acknowledge(self.number);
        for _ in 0..self.random.below(4) {
            self.transfer()?;
            self.lane_update()?;
            sync::sleep(Duration::from_micros(self.random.below(5_000)));
        }
        if self.random.one_in(4) {
            // It expires if somebody writes meanwhile.
            sync::sleep(CUT_AGE_MAX * 3 / 2);
            self.transfer()?;
        }
        let after = self.sum(&cut)?;
        if before.reads != after.reads {
            let detail = format!("was {:?}, is {:?}", before.reads, after.reads);
            self.violate("snapshot is constant", detail);
        }
        Ok(())
    }

    /// Reads all accounts by table and by index, and adds them up.
    fn sum(&self, cut: &Cut) -> Result<Attempt> {
        let table = self.shared.tables.of(Kind::Account);
        let mut attempt = Attempt::default();
        let (mut rows, mut sum) = (Vec::new(), 0);
        for row in cut.scan(table, &Range::all(), Order::Ascending)? {
            let (key, version, image) = decode(Kind::Account, &row?)?;
            attempt.reads.push((key, Seen::Version(version)));
            rows.push((image.value, key, version));
            sum += image.value;
        }
        if sum != LANES * ACCOUNTS * BALANCE {
            self.violate("sum is conserved", format!("it is {sum}: {rows:?}"));
        }
        let mut entries = cut.scan_index(table, "by_value", &Range::all(), Order::Ascending)?;
        let mut by_index = Vec::new();
        for row in entries.fetch(usize::MAX)? {
            let (key, version, image) = decode(Kind::Account, &row)?;
            by_index.push((image.value, key, version));
        }
        rows.sort_unstable();
        if rows != by_index {
            self.violate("index equals table", format!("rows {rows:?}, by value {by_index:?}"));
        }
        Ok(attempt)
    }

    pub(super) fn violate(&self, invariant: &'static str, detail: String) {
        self.shared.history.violate(Violation::new(invariant, detail));
    }
}
