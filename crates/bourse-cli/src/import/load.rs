//! Fills a store with the rows of a source, and reads it back to compare.
//!
//! ```text
//! this thread: SQLite row -> typed row -> checksum of the source -> batch --channel-->
//! loading thread: batch -> Database::bulk_load -> threads of the store build the trees
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bourse::schema::IndexBuilder;
use bourse::{Cut, Database, Decimal, Order, Range, Table, Value, ValueRef};
use bourse_storage::{Error, ErrorKind, Result};
use indicatif::ProgressBar;

use super::checksum::Checksum;
use super::definition::{Addition, Defined, What, define};
use super::plan::Plan;
use super::report::Report;
use super::schema::NotTaken;
use super::types::{OnBadValue, Typed};
use super::{Source, types};

/// Rows that go from thread to thread together.
const BATCH_ROWS: usize = 128;
/// Batches that wait.
const BATCHES_WAITING: usize = 16;
/// Threads that read back.
const READING_THREADS: usize = 2;

/// Rows on their way, or what ended the reading.
type Batch = Result<Vec<Vec<Value>>>;

/// More indexes for a table than the source has: of a table's name, made by a function.
pub(crate) type MoreIndexes<'f> = &'f dyn Fn(&str) -> Vec<IndexBuilder>;

/// Makes all tables in an empty store, fills them, and computes the checksums of both sides.
pub(crate) fn load_all(
    source: &Source,
    plans: Vec<Plan>,
    database: &Database,
    on_bad_value: OnBadValue,
    more_indexes: MoreIndexes<'_>,
    progress: &ProgressBar,
) -> Result<Report> {
    let mut report = Report::new(&source.file, source.schema.not_taken.clone());
    progress.set_length(plans.iter().map(|plan| plan.survey.rows).sum());
    progress.set_position(0);
    let mut tables = Vec::new();
    let mut additions = Vec::new();
    for plan in plans {
        let Defined { mut definition, additions: own } = define(&plan, &mut report.not_taken)?;
        for index in more_indexes(&plan.table.name) {
            let index = index.build(&definition)?;
            definition.indexes.push(index);
        }
        progress.set_message(format!("importing {}", plan.table.name));
        let table = database.create_table(&definition)?;
        let checksum = load(source, &plan, database, &table, on_bad_value, progress)?;
        tables.push(table);
        additions.push((plan.table.name.clone(), own));
        report.add(plan, checksum);
    }
    progress.set_message("checking constraints");
    for (table, own) in additions {
        for addition in own {
            add(database, &table, addition, &mut report.not_taken)?;
        }
    }
    progress.set_message("reading back");
    let stored = read_back(&database.cut(), &tables)?;
    for (table, checksum) in report.tables.iter_mut().zip(stored) {
        table.stored = Some(checksum);
    }
    Ok(report)
}

/// Adds a constraint or an index to a table with rows; what these break is not taken.
fn add(
    database: &Database,
    table: &str,
    addition: Addition,
    left: &mut Vec<NotTaken>,
) -> Result<()> {
    let Addition { kind, name, what } = addition;
    let added = match what {
        What::Check(condition) => database.add_check(table, &name, &condition),
        What::Index(builder) => database.create_index(table, builder),
        What::ForeignKey(key) => database.add_foreign_key(table, &key),
        What::LastId(id) => database.raise_generated_ids(&database.table(table)?, id),
    };
    match added {
        Err(error) if matches!(error.kind(), ErrorKind::Constraint | ErrorKind::InvalidInput) => {
            let name = format!("{table}.{name}");
            left.push(NotTaken { kind, name, detail: error.message().to_owned() });
            Ok(())
        }
        other => other,
    }
}

fn load(
    source: &Source,
    plan: &Plan,
    database: &Database,
    table: &Table,
    on_bad_value: OnBadValue,
    progress: &ProgressBar,
) -> Result<Checksum> {
    let (sender, receiver) = sync_channel(BATCHES_WAITING);
    std::thread::scope(|scope| {
        let loading =
            scope.spawn(move || database.bulk_load(table, plan.order, received(&receiver)));
        let read = read(source, plan, on_bad_value, &sender, progress);
        if let Err(error) = &read {
            // The rows so far must not become the table.
            let ended = Error::new(ErrorKind::Closed, format!("reading ended: {error}"));
            sender.send(Err(ended)).ok();
        }
        drop(sender);
        let loaded = loading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // An end of the loading also ends the reading, with an error that says less.
        match (read, loaded) {
            (Ok(checksum), Ok(rows)) => {
                assert_eq!(rows, checksum.rows(), "every row that was read was loaded");
                Ok(checksum)
            }
            (Err(error), Ok(_)) => Err(error),
            (Err(error), Err(loading)) if loading.kind() == ErrorKind::Closed => Err(error),
            (_, Err(error)) => Err(error),
        }
    })
}

fn received(receiver: &Receiver<Batch>) -> impl Iterator<Item = Result<Vec<Value>>> + '_ {
    receiver.iter().flat_map(|batch| {
        let (rows, error) = match batch {
            Ok(rows) => (rows, None),
            Err(error) => (Vec::new(), Some(Err(error))),
        };
        rows.into_iter().map(Ok).chain(error)
    })
}

fn read(
    source: &Source,
    plan: &Plan,
    on_bad_value: OnBadValue,
    sender: &SyncSender<Batch>,
    progress: &ProgressBar,
) -> Result<Checksum> {
    let mut checksum = Checksum::default();
    let mut batch = Vec::with_capacity(BATCH_ROWS);
    let send = |batch: Vec<Vec<Value>>| {
        progress.inc(batch.len() as u64);
        let ended = |_| Error::new(ErrorKind::Closed, "the loading has ended");
        sender.send(Ok(batch)).map_err(ended)
    };
    source.read(plan, on_bad_value, &mut |row| {
        checksum.add(row);
        batch.push(row.iter().map(value).collect::<Result<_>>()?);
        if batch.len() < BATCH_ROWS {
            return Ok(());
        }
        send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH_ROWS)))
    })?;
    send(batch)?;
    Ok(checksum)
}

fn value(typed: &Typed<'_>) -> Result<Value> {
    Ok(match typed {
        Typed::Null => Value::Null,
        Typed::Boolean(truth) => Value::Boolean(*truth),
        Typed::Integer(number) => Value::Integer(*number),
        Typed::Double(number) => Value::Double(*number),
        Typed::Decimal { units, scale } => {
            let scale = u8::try_from(*scale)
                .map_err(|_| Error::invalid(format!("no decimal has {scale} digits")))?;
            Value::Decimal(Decimal::new(*units, scale)?)
        }
        Typed::Text(text) => Value::Text(text.clone().into_owned()),
        Typed::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

/// The checksums of tables as they are stored, computed by several threads.
fn read_back(cut: &Cut, tables: &[Table]) -> Result<Vec<Checksum>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(table) = tables.get(at) else { return Ok(done) };
            done.push((at, stored_checksum(cut, table)?));
        }
    };
    let mut all = vec![Checksum::default(); tables.len()];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..READING_THREADS).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            let done = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let done: Vec<(usize, Checksum)> = done?;
            done.into_iter().for_each(|(at, checksum)| all[at] = checksum);
        }
        Ok(all)
    })
}

/// The checksum of a table as it is stored.
pub(crate) fn stored_checksum(cut: &Cut, table: &Table) -> Result<Checksum> {
    let mut checksum = Checksum::default();
    let mut rows = cut.scan(table, &Range::all(), Order::Ascending)?;
    while let Some(added) = rows.next_with(|row| {
        let typed = row.values().map(typed).collect::<Result<Vec<_>>>()?;
        checksum.add(&typed);
        Ok(())
    })? {
        added?;
    }
    Ok(checksum)
}

fn typed(value: ValueRef<'_>) -> Result<types::Typed<'_>> {
    Ok(match value {
        ValueRef::Null => Typed::Null,
        ValueRef::Boolean(truth) => Typed::Boolean(truth),
        ValueRef::Integer(number) => Typed::Integer(number),
        ValueRef::Double(number) => Typed::Double(number),
        ValueRef::Decimal(number) => {
            Typed::Decimal { units: number.coefficient(), scale: number.scale().into() }
        }
        ValueRef::Text(text) => Typed::Text(text.into()),
        ValueRef::Blob(bytes) => Typed::Blob(bytes),
        other => {
            let kind = other.kind_name();
            return Err(Error::corrupt(format!("a {kind} was read that no import writes")));
        }
    })
}
