//! The engine's transactions over lists, on simulated threads and disk, and on real ones.
//!
//! A list with an even number is a row with a text, one with an odd number is a row for each value:
//! so point reads and ranges, updates and phantoms all take part.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bourse::{
    Cut, Database, ErrorKind, Isolation, Options, Order, Range, Result, Table, TableDefinition,
    Transaction, Type, Value, ValueRef,
};
use bourse_storage::Error;
use bourse_storage::sync;
use bourse_storage::sync::sim::{self, Outcome, Random};
use bourse_storage::vfs::sim::{Fault, SimVfs};

use super::check::Level;
use super::interactive;
use super::workload::{self, End, Executor, Workload};
use super::{Entry, Recorder, Step};

pub(super) const CHANGED_MIND: &str = "changed my mind";
const CLIENTS: i64 = 5;
/// Boots of a simulated history; all but the last end in a crash.
const BOOTS: i64 = 4;
/// How long a row lock is waited for.
pub(super) const LOCK_WAIT: Duration = Duration::from_millis(200);

/// The two tables that hold lists.
#[derive(Clone)]
pub(super) struct Tables {
    pub(super) texts: Table,
    pub(super) values: Table,
}

impl Tables {
    fn open(store: &Database) -> Result<Tables> {
        let table = |name: &str, definition: Result<TableDefinition>| match store.table(name) {
            Ok(table) => Ok(table),
            Err(_) => store.create_table(&definition?),
        };
        let of =
            |name: &str| TableDefinition::builder(name).column("list", Type::BigInt).not_null();
        let texts = of("texts").column("text", Type::Text).not_null().primary_key(["list"]);
        let values = of("values").column("ordinal", Type::BigInt).not_null();
        let values = values.column("value", Type::BigInt).not_null();
        let values = values.primary_key(["list", "ordinal"]).shard_key(["list"]);
        Ok(Tables {
            texts: table("texts", texts.build())?,
            values: table("values", values.build())?,
        })
    }

    fn of(&self, list: i64) -> &Table {
        if list % 2 == 0 { &self.texts } else { &self.values }
    }
}

fn numbers(text: &str) -> Result<Vec<i64>> {
    let parse = |part: &str| {
        part.parse().map_err(|_| Error::corrupt(format!("a list has the value {part:?}")))
    };
    text.split(' ').filter(|part| !part.is_empty()).map(parse).collect()
}

/// What a list holds, read through anything that rows are read from.
macro_rules! list_reader {
    ($name:ident, $source:ty) => {
        pub(super) fn $name(source: &$source, tables: &Tables, list: i64) -> Result<Vec<i64>> {
            if list % 2 == 0 {
                let row = source.get(&tables.texts, &[list.into()])?;
                return row.map_or(Ok(Vec::new()), |row| match row.get(1) {
                    ValueRef::Text(text) => numbers(text),
                    other => Err(Error::corrupt(format!("a list's text is {other:?}"))),
                });
            }
            let range = Range::prefix([list.into()]);
            let mut values = Vec::new();
            for row in source.scan(&tables.values, &range, Order::Ascending)? {
                match row?.get(2) {
                    ValueRef::Integer(value) => values.push(value),
                    other => return Err(Error::corrupt(format!("a list's value is {other:?}"))),
                }
            }
            Ok(values)
        }
    };
}
list_reader!(list_in_cut, Cut);
list_reader!(list_in_transaction, Transaction<'_>);

pub(super) fn text_row(list: i64, values: &[i64], value: i64) -> Vec<Value> {
    let mut text = values.iter().map(|value| format!("{value} ")).collect::<String>();
    text.push_str(&value.to_string());
    vec![list.into(), text.into()]
}

fn append(transaction: &mut Transaction<'_>, tables: &Tables, list: i64, value: i64) -> Result<()> {
    let values = list_in_transaction(transaction, tables, list)?;
    sync::yield_now();
    if list % 2 == 0 {
        transaction.upsert(&tables.texts, text_row(list, &values, value))?;
    } else {
        let ordinal = i64::try_from(values.len()).unwrap_or(i64::MAX);
        let row = vec![list.into(), ordinal.into(), value.into()];
        transaction.upsert(&tables.values, row)?;
    }
    Ok(())
}

/// Which transactions a history is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Closures of every sort, reads of Cuts, and row locks.
    Closures,
    /// Interactive ones of an isolation level; at SERIALIZABLE every other one is a closure, for
    /// both promise the same.
    Interactive(Isolation),
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [
        Kind::Closures,
        Kind::Interactive(Isolation::ReadCommitted),
        Kind::Interactive(Isolation::RepeatableRead),
        Kind::Interactive(Isolation::Serializable),
    ];

    /// What they promise.
    pub fn level(self) -> Level {
        match self {
            Kind::Interactive(Isolation::ReadCommitted) => Level::ReadCommitted,
            Kind::Interactive(Isolation::RepeatableRead) => Level::Snapshot,
            Kind::Closures | Kind::Interactive(Isolation::Serializable) => {
                Level::StrictSerializable
            }
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Closures => "closures",
            Kind::Interactive(Isolation::ReadCommitted) => "read-committed",
            Kind::Interactive(Isolation::RepeatableRead) => "repeatable-read",
            Kind::Interactive(Isolation::Serializable) => "serializable",
        }
    }
}

/// A client of the engine: each transaction in one of its ways, by chance.
struct Client {
    kind: Kind,
    store: Database,
    tables: Tables,
    random: Random,
}

impl Client {
    fn run(&mut self, steps: &[Step]) -> Result<Vec<Step>> {
        if let Kind::Interactive(isolation) = self.kind
            && (isolation != Isolation::Serializable || self.random.one_in(2))
        {
            let work = (steps, &mut self.random);
            return interactive::run(&self.store, &self.tables, isolation, work);
        }
        let only_reads = steps.iter().all(|step| matches!(step, Step::Read(..)));
        if only_reads && self.random.one_in(2) {
            return self.in_cut(steps);
        }
        let first = match steps[0] {
            Step::Append(list, _) | Step::Read(list, _) => list,
        };
        if let (Step::Append(list, value), 1) = (&steps[0], steps.len())
            && list % 2 == 0
            && self.random.one_in(2)
        {
            return self.under_lock(*list, *value);
        }
        let changes_mind = self.random.one_in(20);
        let tables = self.tables.clone();
        let body = |transaction: &mut Transaction<'_>| {
            let mut done = Vec::new();
            for step in steps {
                sync::yield_now();
                done.push(match step {
                    Step::Append(list, value) => {
                        append(transaction, &tables, *list, *value)?;
                        step.clone()
                    }
                    Step::Read(list, _) => {
                        let values = list_in_transaction(transaction, &tables, *list)?;
                        Step::Read(*list, Some(values))
                    }
                });
            }
            if changes_mind { Err(Error::invalid(CHANGED_MIND)) } else { Ok(done) }
        };
        if self.random.one_in(2) {
            self.store.transaction(body)
        } else {
            self.store.shard_transaction(self.tables.of(first), &[first.into()], body)
        }
    }

    fn in_cut(&self, steps: &[Step]) -> Result<Vec<Step>> {
        let cut = self.store.cut();
        let read = |step: &Step| match step {
            Step::Append(..) => Ok(step.clone()),
            Step::Read(list, _) => {
                sync::yield_now();
                Ok(Step::Read(*list, Some(list_in_cut(&cut, &self.tables, *list)?)))
            }
        };
        steps.iter().map(read).collect()
    }

    /// Reads under a row lock, and writes later what follows from that.
    fn under_lock(&self, list: i64, value: i64) -> Result<Vec<Step>> {
        let lock = self.store.lock_row(&self.tables.texts, &[list.into()], LOCK_WAIT)?;
        let values = list_in_cut(&self.store.cut(), &self.tables, list)?;
        sync::sleep(Duration::from_micros(200));
        lock.transaction(|transaction| {
            transaction.upsert(&self.tables.texts, text_row(list, &values, value)).map(drop)
        })?;
        Ok(vec![Step::Append(list, value)])
    }
}

impl Executor for Client {
    fn execute(&mut self, steps: &[Step]) -> End {
        match self.run(steps) {
            Ok(steps) => End::Committed(steps),
            Err(error) if error.message() == CHANGED_MIND => End::Failed,
            // Of an interactive transaction's insert; it was rolled back.
            Err(error) if error.kind() == ErrorKind::Constraint => End::Failed,
            Err(error) if error.kind() == ErrorKind::Conflict => End::Failed,
            Err(_) => End::Unknown,
        }
    }
}

fn options(cache_bytes: u64) -> Options {
    Options {
        cache_bytes,
        cache_bytes_min: cache_bytes,
        shards: 3,
        log_segment_bytes: 1 << 18,
        checkpoint_log_bytes: 1 << 19,
        shard_pages_max: 1 << 14,
        ..Options::default()
    }
}

/// All clients work until the transactions are used up, or until the disk crashes because one of
/// them read what its writer was not told of.
fn work(
    kind: Kind,
    store: &Database,
    boot: i64,
    seed: u64,
    (workload, to): (&Workload, &Recorder),
    crashes: Option<&SimVfs>,
) -> Result<()> {
    let tables = Tables::open(store)?;
    let mut random = Random::new(seed);
    let clients: Vec<_> = (1..=CLIENTS)
        .map(|number| {
            let mut client = Client {
                kind,
                store: store.clone(),
                tables: tables.clone(),
                random: Random::new(random.next_u64()),
            };
            let (workload, recorder) = (workload.clone(), to.clone());
            let (mut process, crashes) = (boot * 100 + number, crashes.cloned());
            sync::spawn("client", move || {
                while let Some(steps) = workload.next() {
                    process = workload::one(process, &steps, &recorder, &mut client);
                    if crashes.is_some() && recorder.ends_in_news(process) {
                        crashes.iter().for_each(SimVfs::crash);
                    }
                }
            })
        })
        .collect();
    for client in clients {
        if let Err(panic) = client.join() {
            std::panic::resume_unwind(panic);
        }
    }
    Ok(())
}

/// Reads every list once more: what nobody read proves nothing.
fn read_all(store: &Database, boot: i64, workload: &Workload, recorder: &Recorder) -> Result<()> {
    let tables = Tables::open(store)?;
    let (kind, random) = (Kind::Closures, Random::new(0));
    let mut client = Client { kind, store: store.clone(), tables, random };
    for list in 0..workload.lists() {
        workload::one(boot * 100, &[Step::Read(list, None)], recorder, &mut client);
    }
    Ok(())
}

/// The history of a store on simulated threads and a simulated disk, over a few crashes.
///
/// # Errors
/// The store did not open, or a thread panicked.
pub fn simulated(
    kind: Kind,
    seed: u64,
    transactions: u64,
) -> std::result::Result<Vec<Entry>, String> {
    let mut random = Random::new(seed ^ 0x6c69_7374_735f_3031);
    let recorder = Recorder::default();
    let workload = Workload::new(random.next_u64(), 0);
    let mut vfs = SimVfs::new(random.next_u64());
    for boot in 1..=BOOTS {
        workload.extend(transactions / BOOTS.unsigned_abs());
        let crashes = boot < BOOTS;
        let in_operation = random.one_in(2).then(|| 20 + random.below(300));
        let (disk, boot_seed) = (vfs.clone(), random.next_u64());
        let (load, to) = (workload.clone(), recorder.clone());
        let outcome = sim::run(random.next_u64(), &sim::Options::default(), move || {
            let options = Options { vfs: Arc::new(disk.clone()), ..options(2 << 20) };
            let store = Database::open("/store", options)?;
            Tables::open(&store)?;
            let at_news = (crashes && in_operation.is_none()).then_some(&disk);
            if let Some(after) = in_operation.filter(|_| crashes) {
                disk.inject(Fault::Crash, after);
            }
            work(kind, &store, boot, boot_seed, (&load, &to), at_news)?;
            if crashes {
                disk.crash();
            } else {
                read_all(&store, boot, &load, &to)?;
            }
            store.close()
        });
        match outcome {
            Outcome::Crashed if crashes => {}
            Outcome::Finished(Ok(())) => {}
            other => return Err(format!("boot {boot}: {other:?}")),
        }
        recorder.close();
        vfs = vfs.reboot(random.next_u64());
    }
    Ok(recorder.entries())
}

/// The history of a store in `folder` on threads and files of the operating system.
///
/// # Errors
/// The store's.
pub fn real(kind: Kind, folder: &Path, seed: u64, transactions: u64) -> Result<Vec<Entry>> {
    let recorder = Recorder::default();
    let workload = Workload::new(seed, transactions);
    let store = Database::open(folder, options(16 << 20))?;
    work(kind, &store, 1, seed, (&workload, &recorder), None)?;
    read_all(&store, 1, &workload, &recorder)?;
    store.close()?;
    Ok(recorder.entries())
}
