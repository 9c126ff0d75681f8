//! Writing: updates that wait for nothing, commits that wait for the disk.

use bourse::{Result, Table, Value};
use bourse_benches::measure::{Random, Round, SAMPLED};
use bourse_benches::trades;

use super::{Bench, Outcome, Pair};

/// What [`measure_async`] measures.
pub(crate) const ASYNC_ITEMS: [&str; 3] =
    ["update, not durable", "update, not durable, 2 threads", "4 tables, not durable"];
/// What [`measure_sync`] measures.
pub(crate) const SYNC_ITEMS: [&str; 6] = [
    "durable update, 1 thread",
    "durable update, 8 threads",
    "durable update, 64 threads",
    "durable 4 tables, 1 thread",
    "durable 4 tables, 8 threads",
    "durable 4 tables, 64 threads",
];
const UPDATES: usize = 60_000;
const DURABLE: usize = 3_000;

impl Pair {
    /// Reads a row of the key, changes a column outside the index, commits.
    fn update(&self, seed: u64, count: usize) -> Round {
        let mut random = Random::new(seed);
        let ids = self.ids.len() as u64;
        Round::of(count / self.shorter, SAMPLED, || {
            let id = self.ids[usize::try_from(random.below(ids)).unwrap_or(0)];
            let symbol = trades::STATUSES[usize::try_from(random.below(4)).unwrap_or(0)];
            let changes = [("symbol", Value::from(symbol))];
            let updated = self.store.update(&self.trades, &[id.into()], &changes);
            assert!(matches!(updated, Ok(true)), "every id has a row: {updated:?}");
        })
    }

    fn peer_update(&self, seed: u64, count: usize) -> Round {
        let mut random = Random::new(seed);
        let ids = self.ids.len() as u64;
        Round::of(count / self.shorter, SAMPLED, || {
            let id = self.ids[usize::try_from(random.below(ids)).unwrap_or(0)];
            let byte = u8::try_from(random.below(256)).unwrap_or(0);
            let updated = self.lmdb.update(&id.to_be_bytes(), |row| row[64] = byte);
            assert!(updated.is_ok(), "every id has a row: {updated:?}");
        })
    }

    /// A trade's execution: account, position, order and a new trade, all of one user.
    fn execute(&self, seed: u64, count: usize) -> Round {
        let mut random = Random::new(seed);
        Round::of(count / self.shorter, SAMPLED, || {
            let user = random.below(trades::USERS.unsigned_abs()).cast_signed();
            let order = random.below(10).cast_signed();
            let done = self.store.shard_transaction(&self.trades, &[user.into()], |transaction| {
                execute(transaction, &self.trades, &self.small, user, order)
            });
            assert!(done.is_ok(), "a trade is executed: {done:?}");
        })
    }

    /// As much for LMDB: two rows changed, one changed in status, a row and an entry added.
    fn peer_execute(&self, seed: u64, count: usize) -> Round {
        let mut random = Random::new(seed);
        let ids = self.ids.len() as u64;
        Round::of(count / self.shorter, SAMPLED, || {
            let done = self.lmdb.writer().and_then(|mut writer| {
                for _ in 0..3 {
                    let id = self.ids[usize::try_from(random.below(ids)).unwrap_or(0)];
                    let change = |row: &mut [u8]| row[64] = row[64].wrapping_add(1);
                    self.lmdb.update_within(&mut writer, &id.to_be_bytes(), change)?;
                }
                let id = i64::MAX - random.below(1 << 40).cast_signed();
                self.lmdb.put_within(&mut writer, &id.to_be_bytes(), &[7; 128])?;
                let number = random.below(ids).cast_signed();
                let entry = trades::peer_index_key(number, id);
                self.lmdb.put_entry_within(&mut writer, &entry, &[7; 16])?;
                writer.commit()
            });
            assert!(done.is_ok(), "a trade is executed: {done:?}");
        })
    }
}

fn execute(
    transaction: &mut bourse::Transaction<'_>,
    table: &Table,
    [accounts, positions, orders]: &[Table; 3],
    user: i64,
    order: i64,
) -> Result<()> {
    let price = 101.5;
    let account = transaction.get(accounts, &[user.into()])?;
    let balance = match account.map(|row| row.get(1).to_value()) {
        Some(Value::Double(balance)) => balance - price,
        _ => return Err(bourse::Error::invalid("no such account")),
    };
    transaction.update(accounts, &[user.into()], &[("balance", balance.into())])?;
    let key = [user.into(), "AAPL".into()];
    let position = transaction.get(positions, &key)?;
    let quantity = match position.map(|row| row.get(2).to_value()) {
        Some(Value::Integer(quantity)) => quantity + 1,
        _ => return Err(bourse::Error::invalid("no such position")),
    };
    transaction.update(positions, &key, &[("quantity", quantity.into())])?;
    let key = [user.into(), order.into()];
    transaction.update(orders, &key, &[("status", "filled".into())])?;
    let mut row = trades::row(user);
    row[1] = user.into();
    transaction.insert(table, row)?;
    Ok(())
}

/// Measures what waits for nothing.
pub(crate) fn measure_async(bench: &mut Bench<'_>, pair: &Pair) -> Outcome<()> {
    let two = |body: &(dyn Fn(usize) -> Round + Sync)| Round::on_threads(2, body);
    bench.item(
        ASYNC_ITEMS[0],
        vec![
            ("LMDB", Box::new(|| pair.peer_update(1, UPDATES))),
            ("Bourse", Box::new(|| pair.update(1, UPDATES))),
        ],
    );
    bench.item(
        ASYNC_ITEMS[1],
        vec![
            ("LMDB", Box::new(|| two(&|thread| pair.peer_update(thread as u64 + 1, UPDATES)))),
            ("Bourse", Box::new(|| two(&|thread| pair.update(thread as u64 + 1, UPDATES)))),
        ],
    );
    bench.item(
        ASYNC_ITEMS[2],
        vec![
            ("LMDB", Box::new(|| pair.peer_execute(1, UPDATES / 4))),
            ("Bourse", Box::new(|| pair.execute(1, UPDATES / 4))),
        ],
    );
    Ok(())
}

/// Measures what waits for the disk.
pub(crate) fn measure_sync(bench: &mut Bench<'_>, pair: &Pair) -> Outcome<()> {
    for (number, threads) in [1, 8, 64].into_iter().enumerate() {
        // Groups of commits make more of them in the same time.
        let each = DURABLE / threads + 60;
        let all = |body: &(dyn Fn(usize) -> Round + Sync)| Round::on_threads(threads, body);
        bench.item(
            SYNC_ITEMS[number],
            vec![
                ("LMDB", Box::new(|| all(&|t| pair.peer_update(t as u64 + 1, each / 4)))),
                ("Bourse", Box::new(|| all(&|t| pair.update(t as u64 + 1, each)))),
            ],
        );
        bench.item(
            SYNC_ITEMS[number + 3],
            vec![
                ("LMDB", Box::new(|| all(&|t| pair.peer_execute(t as u64 + 1, each / 4)))),
                ("Bourse", Box::new(|| all(&|t| pair.execute(t as u64 + 1, each)))),
            ],
        );
    }
    Ok(())
}
