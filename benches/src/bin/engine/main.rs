//! The engine's hot paths beside LMDB: a million trades, in turns, medians.
//!
//! `cargo xtask bench engine -- --only get` measures one item; `--json FILE` keeps the figures.

#![expect(clippy::print_stdout, reason = "the table is the result")]

mod reads;
mod writes;

use std::path::{Path, PathBuf};
use std::time::Duration;

use bourse::{Database, Durability, LoadOrder, Options, Table, Value};
use bourse_benches::lmdb::Lmdb;
use bourse_benches::measure::{Contender, Figure, Load, in_turns, json, print_heading};
use bourse_benches::trades;
use clap::Parser;

/// What may go wrong.
pub(crate) type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Measures the engine beside LMDB.
#[derive(Parser)]
struct Arguments {
    /// Trades.
    #[arg(long, default_value_t = 1_000_000)]
    rows: i64,
    /// Rounds that count.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Only items whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Only contenders whose name contains this: for a profiler.
    #[arg(long, default_value = "")]
    contender: String,
    /// Divides the operations of each round.
    #[arg(long, default_value_t = 1)]
    shorter: usize,
    /// Shards of the store.
    #[arg(long, default_value_t = 16)]
    shards: u16,
    /// Where the stores are made.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// Where the figures go as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// A store and its peer with the same data.
pub(crate) struct Pair {
    pub(crate) store: Database,
    pub(crate) trades: Table,
    pub(crate) small: [Table; 3],
    pub(crate) lmdb: Lmdb,
    /// Ids of the trades by number, as the store made them.
    pub(crate) ids: Vec<i64>,
    pub(crate) shorter: usize,
}

/// Collects what is measured.
pub(crate) struct Bench<'a> {
    arguments: &'a Arguments,
    figures: Vec<Figure>,
}

impl Bench<'_> {
    /// Measures one item, if it was asked for.
    pub(crate) fn item(&mut self, item: &'static str, contenders: Vec<Contender<'_>>) {
        let only = |name: &str| name.contains(&self.arguments.contender);
        let mut contenders: Vec<_> = contenders.into_iter().filter(|one| only(one.0)).collect();
        if item.contains(&self.arguments.only) && !contenders.is_empty() {
            self.figures.extend(in_turns(item, self.arguments.rounds, &mut contenders));
        }
    }

    fn wants(&self, items: &[&str]) -> bool {
        items.iter().any(|item| item.contains(&self.arguments.only))
    }
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let load = Load::begin();
    print_heading();
    let mut bench = Bench { arguments: &arguments, figures: Vec::new() };
    let space = tempfile::tempdir_in(&arguments.folder)?;
    if bench.wants(&reads::ITEMS) || bench.wants(&writes::ASYNC_ITEMS) {
        let pair = Pair::create(&space.path().join("fast"), &arguments, false)?;
        reads::measure(&mut bench, &pair)?;
        writes::measure_async(&mut bench, &pair)?;
    }
    if bench.wants(&writes::SYNC_ITEMS) {
        let pair = Pair::create(&space.path().join("durable"), &arguments, true)?;
        writes::measure_sync(&mut bench, &pair)?;
    }
    let load = load.report();
    println!("{load}");
    if let Some(path) = &arguments.json {
        std::fs::write(path, json(&bench.figures, &load))?;
    }
    Ok(())
}

impl Pair {
    fn create(folder: &Path, arguments: &Arguments, durable: bool) -> Outcome<Pair> {
        let durability = if durable {
            Durability::Sync
        } else {
            Durability::Async { max_delay: Duration::from_millis(200) }
        };
        let options = Options {
            durability,
            cache_bytes: 1 << 30,
            shards: arguments.shards,
            shard_pages_max: 1 << 18,
            ..Options::default()
        };
        let store = Database::open(folder.join("bourse"), options)?;
        let trades = store.create_table(&trades::definition()?)?;
        let [accounts, positions, orders] = trades::small_tables()?;
        let small = [
            store.create_table(&accounts)?,
            store.create_table(&positions)?,
            store.create_table(&orders)?,
        ];
        let rows = (0..arguments.rows).map(|number| Ok(trades::row(number)));
        store.bulk_load(&trades, LoadOrder::Unsorted, rows)?;
        fill_small_tables(&store, &small)?;
        let ids = ids_by_number(&store, &trades, arguments.rows)?;
        let path = folder.join("lmdb");
        std::fs::create_dir_all(&path)?;
        let lmdb = Lmdb::create(&path, durable)?;
        load_peer(&lmdb, &ids)?;
        Ok(Pair { store, trades, small, lmdb, ids, shorter: arguments.shorter })
    }
}

fn fill_small_tables(store: &Database, [accounts, positions, orders]: &[Table; 3]) -> Outcome<()> {
    let users = || 0..trades::USERS;
    let rows = users().map(|user| Ok(vec![user.into(), 1e6.into()]));
    store.bulk_load(accounts, LoadOrder::Unsorted, rows)?;
    let rows = users().flat_map(|user| {
        ["AAPL", "MSFT"].map(|symbol| Ok(vec![user.into(), symbol.into(), 100_i64.into()]))
    });
    store.bulk_load(positions, LoadOrder::Unsorted, rows)?;
    let rows = users().flat_map(|user| {
        (0..10_i64).map(move |order| Ok(vec![user.into(), order.into(), "open".into()]))
    });
    store.bulk_load(orders, LoadOrder::Unsorted, rows)?;
    Ok(())
}

/// The ids that the store gave the trades: a trade's time tells its number.
fn ids_by_number(store: &Database, table: &Table, rows: i64) -> Outcome<Vec<i64>> {
    let mut ids = vec![0; usize::try_from(rows)?];
    let cut = store.cut();
    let mut scan = cut.scan(table, &bourse::Range::all(), bourse::Order::Ascending)?;
    while let Some((id, time)) =
        scan.next_with(|row| (row.get(0).to_value(), row.get(3).to_value()))?
    {
        let (Value::Integer(id), Value::Timestamp(time)) = (id, time) else { continue };
        ids[usize::try_from((time - 1_700_000_000_000_000_000) / 1_000)?] = id;
    }
    Ok(ids)
}

fn load_peer(lmdb: &Lmdb, ids: &[i64]) -> Outcome<()> {
    let mut rows: Vec<[u8; 8]> = ids.iter().map(|id| id.to_be_bytes()).collect();
    rows.sort_unstable();
    let mut index: Vec<Vec<u8>> =
        (0..).zip(ids).map(|(number, id)| trades::peer_index_key(number, *id)).collect();
    index.sort_unstable();
    let (row, covered) = ([7; 128], [7; 16]);
    lmdb.load(
        rows.iter().map(|key| (&key[..], &row[..])),
        index.iter().map(|key| (&key[..], &covered[..])),
    )?;
    Ok(())
}
