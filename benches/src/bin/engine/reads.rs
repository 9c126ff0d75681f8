//! Reading: by key, many at once, along an index.

use std::hint::black_box;

use bourse::{Order, Range, Value};
use bourse_benches::measure::{Random, Round, SAMPLED};
use bourse_benches::trades;

use super::{Bench, Outcome, Pair};

/// What [`measure`] measures.
pub(crate) const ITEMS: [&str; 5] =
    ["get", "get, 2 threads", "multi_get of 100, keys", "scan 100, index only", "scan 100 + fetch"];
const GETS: usize = 300_000;
const BATCHES: usize = 3_000;
const SCANS: usize = 10_000;

impl Pair {
    fn random_id(&self, random: &mut Random) -> i64 {
        let number = random.below(self.ids.len() as u64);
        self.ids[usize::try_from(number).unwrap_or(0)]
    }

    fn get_with(&self, seed: u64, count: usize) -> Round {
        let mut random = Random::new(seed);
        Round::of(count / self.shorter, SAMPLED, || {
            let key = [Value::Integer(self.random_id(&mut random))];
            let found = self.store.get_with(&self.trades, &key, |row| {
                black_box(row.get(5));
            });
            assert!(matches!(found, Ok(Some(()))), "every id has a row");
        })
    }

    fn get_owned(&self, seed: u64) -> Round {
        let mut random = Random::new(seed);
        Round::of(GETS / self.shorter, SAMPLED, || {
            let key = [Value::Integer(self.random_id(&mut random))];
            let row = self.store.get(&self.trades, &key);
            assert!(black_box(row).is_ok_and(|row| row.is_some()), "every id has a row");
        })
    }

    fn peer_get(&self, seed: u64, count: usize) -> Round {
        let mut random = Random::new(seed);
        Round::of(count / self.shorter, SAMPLED, || {
            let key = self.random_id(&mut random).to_be_bytes();
            let found = self.lmdb.reader().and_then(|reader| {
                let row = self.lmdb.get(&reader, &key)?;
                Ok(black_box(row.map(|row| row[64])))
            });
            assert!(matches!(found, Ok(Some(_))), "every id has a row");
        })
    }

    fn multi_get(&self) -> Round {
        let mut random = Random::new(3);
        let mut round = Round::of(BATCHES / self.shorter, 1, || {
            let key = |_| vec![Value::Integer(self.random_id(&mut random))];
            let keys: Vec<_> = (0..100).map(key).collect();
            let rows = self.store.multi_get(&self.trades, &keys);
            assert!(rows.is_ok_and(|rows| rows.iter().all(Option::is_some)), "all are there");
        });
        round.operations *= 100;
        round
    }

    fn peer_multi_get(&self) -> Round {
        let mut random = Random::new(3);
        let mut round = Round::of(BATCHES / self.shorter, 1, || {
            let keys: Vec<_> =
                (0..100).map(|_| self.random_id(&mut random).to_be_bytes()).collect();
            let found = self.lmdb.reader().and_then(|reader| {
                keys.iter().try_fold(0, |found, key| {
                    let row = self.lmdb.get(&reader, key)?;
                    Ok(found + usize::from(black_box(row.map(<[u8]>::to_vec)).is_some()))
                })
            });
            assert!(matches!(found, Ok(100)), "all are there");
        });
        round.operations *= 100;
        round
    }

    fn random_prefix(random: &mut Random) -> (i64, usize) {
        let user = random.below(trades::USERS.unsigned_abs()).cast_signed();
        (user, usize::try_from(random.below(4)).unwrap_or(0))
    }

    fn scan_index(&self) -> Round {
        let mut random = Random::new(4);
        Round::of(SCANS / self.shorter, SAMPLED, || {
            let (user, status) = Pair::random_prefix(&mut random);
            let range = Range::prefix([user.into(), trades::STATUSES[status].into()]);
            let cut = self.store.cut();
            let seen = cut.scan_index(&self.trades, "by_user", &range, Order::Ascending).and_then(
                |mut entries| {
                    let mut seen = 0;
                    while seen < 100
                        && entries.next_with(|entry| drop(black_box(entry.get(6))))?.is_some()
                    {
                        seen += 1;
                    }
                    Ok(seen)
                },
            );
            assert!(matches!(seen, Ok(100)), "a user has enough: {seen:?}");
        })
    }

    fn peer_scan(&self, fetches: bool) -> Round {
        let mut random = Random::new(4);
        let count = if fetches { SCANS / 4 } else { SCANS };
        Round::of(count / self.shorter, SAMPLED, || {
            let (user, status) = Pair::random_prefix(&mut random);
            let from = trades::peer_index_prefix(user, status.try_into().unwrap_or(0));
            let mut seen = 0;
            let scanned = self.lmdb.reader().and_then(|reader| {
                self.lmdb.scan_index(&reader, &from, 100, |key, covered| {
                    seen += usize::from(key.starts_with(&from));
                    black_box(covered[8]);
                    if fetches {
                        let row = self.lmdb.get(&reader, &key[key.len() - 8..]);
                        black_box(row.ok().flatten().map(<[u8]>::to_vec));
                    }
                })
            });
            assert!(scanned.is_ok() && seen == 100, "a user has enough: {seen}");
        })
    }

    fn scan_and_fetch(&self) -> Round {
        let mut random = Random::new(4);
        Round::of(SCANS / 4 / self.shorter, SAMPLED, || {
            let (user, status) = Pair::random_prefix(&mut random);
            let range = Range::prefix([user.into(), trades::STATUSES[status].into()]);
            let cut = self.store.cut();
            let rows = cut
                .scan_index(&self.trades, "by_user", &range, Order::Ascending)
                .and_then(|mut entries| entries.fetch(100));
            assert!(rows.is_ok_and(|rows| rows.len() == 100), "a user has enough");
        })
    }
}

/// Measures all that reads.
pub(crate) fn measure(bench: &mut Bench<'_>, pair: &Pair) -> Outcome<()> {
    bench.item(
        ITEMS[0],
        vec![
            ("LMDB", Box::new(|| pair.peer_get(1, GETS))),
            ("Bourse get_with", Box::new(|| pair.get_with(1, GETS))),
            ("Bourse get", Box::new(|| pair.get_owned(1))),
        ],
    );
    let two = |body: &(dyn Fn(usize) -> Round + Sync)| Round::on_threads(2, body);
    bench.item(
        ITEMS[1],
        vec![
            ("LMDB", Box::new(|| two(&|thread| pair.peer_get(thread as u64 + 1, GETS)))),
            ("Bourse get_with", Box::new(|| two(&|thread| pair.get_with(thread as u64 + 1, GETS)))),
        ],
    );
    bench.item(
        ITEMS[2],
        vec![
            ("LMDB, one by one", Box::new(|| pair.peer_multi_get())),
            ("Bourse multi_get", Box::new(|| pair.multi_get())),
        ],
    );
    bench.item(
        ITEMS[3],
        vec![
            ("LMDB", Box::new(|| pair.peer_scan(false))),
            ("Bourse", Box::new(|| pair.scan_index())),
        ],
    );
    bench.item(
        ITEMS[4],
        vec![
            ("LMDB", Box::new(|| pair.peer_scan(true))),
            ("Bourse", Box::new(|| pair.scan_and_fetch())),
        ],
    );
    Ok(())
}
