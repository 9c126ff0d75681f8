//! The process under load.
//!
//! Lines of its output: `a WRITER NUMBER MICROSECONDS` for an acknowledged transaction, `e WHAT`
//! for something else that was done and verified: a backup, an index build, a snapshot read again;
//! `m WHAT NUMBER` for a number of which the greatest counts.

use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use bourse::{
    Cut, Database, Error, IndexDefinition, Order, Range, Result, Table, Transaction, Value, backup,
};
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;

use super::{IN_FLIGHT, KEEP, USERS, WRITERS, is_whole, note, number_of, options, trades};

/// The first writer that submits; those before it wait for each commit.
const FIRST_SUBMITTER: i64 = WRITERS - 2;

/// What a thread does, until it fails.
type Body = Box<dyn FnOnce(&Database, &Table) -> Result<()> + Send>;

/// Works until it is killed or its output is closed. With `withhold`, each row with a number that
/// this divides is acknowledged without being written: the supervisor must find that out.
///
/// # Errors
/// The store's; what was read is not what was written.
pub fn run(folder: &Path, withhold: Option<i64>) -> Result<()> {
    let store = Database::open(folder.join("store"), options())?;
    let table = trades(&store)?;
    let (ends, ended) = channel();
    let start = |name, body: Body| {
        let (store, table, end) = (store.clone(), table.clone(), End(Some(ends.clone())));
        drop(sync::spawn(name, move || end.with(body(&store, &table))));
    };
    for writer in 0..WRITERS {
        let body = if writer < FIRST_SUBMITTER { write } else { submit };
        start("writer", Box::new(move |store, table| body(store, table, writer, withhold)));
    }
    for seed in 0..2 {
        start("reader", Box::new(move |store, table| read(store, table, seed)));
    }
    start("snapshots", Box::new(hold));
    start("indexes", Box::new(build_indexes));
    let backups = folder.join("backups");
    start("backups", Box::new(move |store, _| back_up(store, &backups)));
    // None of them ends but by a failure, which is that of all.
    ended.recv().map_err(|_| Error::invalid("no thread is left"))?
}

/// Tells how a thread ended, also when it panicked.
struct End(Option<Sender<Result<()>>>);

impl End {
    fn with(mut self, result: Result<()>) {
        if let Some(ends) = self.0.take() {
            // Who no longer listens has ended by another failure.
            drop(ends.send(result));
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(ends) = self.0.take() {
            drop(ends.send(Err(Error::invalid("a thread of the load panicked"))));
        }
    }
}

/// Says a line, in one write. An error where nobody listens any more.
fn say(line: &str) -> Result<()> {
    let mut output = std::io::stdout().lock();
    let written = output.write_all(format!("{line}\n").as_bytes()).and_then(|()| output.flush());
    written.map_err(|error| Error::io("cannot tell the supervisor", error))
}

fn acknowledge(writer: i64, number: i64, begun: Duration) -> Result<()> {
    let took = (sync::monotonic() - begun).as_micros();
    say(&format!("a {writer} {number} {took}"))
}

/// The number after the newest of a writer that is there.
fn next_number(store: &Database, table: &Table, writer: i64) -> Result<i64> {
    let range = Range::prefix([writer.into()]);
    let cut = store.cut();
    let newest = cut.scan(table, &range, Order::Descending)?.next().transpose()?;
    Ok(newest.map_or(Ok(0), |row| number_of(row.get(1)))? + 1)
}

/// A new row, and the end of an old one.
fn change(
    transaction: &mut Transaction<'_>,
    table: &Table,
    writer: i64,
    number: i64,
) -> Result<()> {
    let user = (number * 7 + writer) % USERS;
    let numbers = [writer, number, user, number % 977].map(Value::from);
    let row = numbers.into_iter().chain([note(number).into()]).collect();
    transaction.insert(table, row)?;
    if number > KEEP {
        transaction.delete(table, &[writer.into(), (number - KEEP).into()])?;
    }
    Ok(())
}

fn is_withheld(number: i64, withhold: Option<i64>) -> bool {
    withhold.is_some_and(|every| number % every == 0)
}

/// Commits and waits: every second writer under its shard's mutex, the others optimistically.
fn write(store: &Database, table: &Table, writer: i64, withhold: Option<i64>) -> Result<()> {
    let mut number = next_number(store, table, writer)?;
    loop {
        let begun = sync::monotonic();
        let body = |transaction: &mut Transaction<'_>| match is_withheld(number, withhold) {
            true => Ok(()),
            false => change(transaction, table, writer, number),
        };
        match writer % 2 {
            0 => store.transaction(body)?,
            _ => store.shard_transaction(table, &[writer.into()], body)?,
        }
        acknowledge(writer, number, begun)?;
        number += 1;
    }
}

/// Submits up to [`IN_FLIGHT`] at once; callbacks acknowledge, in the order of the submissions.
fn submit(store: &Database, table: &Table, writer: i64, withhold: Option<i64>) -> Result<()> {
    let (done, results): (Sender<Result<()>>, Receiver<_>) = channel();
    let first = next_number(store, table, writer)?;
    for number in first.. {
        if number - first >= IN_FLIGHT {
            results.recv().map_err(|_| Error::invalid("no callback is left"))??;
        }
        let (done, begun) = (done.clone(), sync::monotonic());
        let is_withheld = is_withheld(number, withhold);
        store.submit().transaction_with(
            |transaction| match is_withheld {
                true => Ok(()),
                false => change(transaction, table, writer, number),
            },
            move |result| {
                let said = result.and_then(|()| acknowledge(writer, number, begun));
                // Who no longer listens has ended by an earlier failure.
                drop(done.send(said));
            },
        );
    }
    Ok(())
}

fn read(store: &Database, table: &Table, seed: u64) -> Result<()> {
    let mut random = Random::new(seed);
    loop {
        let cut = store.cut();
        let user = random.below(USERS.unsigned_abs()).cast_signed();
        let range = Range::prefix([user.into()]);
        let mut entries = cut.scan_index(table, "by_user", &range, Order::Ascending)?;
        for row in entries.fetch(50)? {
            if number_of(row.get(2))? != user || !is_whole(&row.values())? {
                let number = row.get(1);
                return Err(Error::corrupt(format!("row {number:?} of user {user} is another")));
            }
        }
    }
}

/// How many rows there are, and the sum of their numbers.
fn sum(cut: &Cut, table: &Table) -> Result<(u64, i64)> {
    let mut sum = (0, 0);
    for row in cut.scan(table, &Range::all(), Order::Ascending)? {
        sum = (sum.0 + 1, sum.1 + number_of(row?.get(1))?);
    }
    Ok(sum)
}

/// A snapshot is the same ten seconds later.
fn hold(store: &Database, table: &Table) -> Result<()> {
    loop {
        let cut = store.cut();
        let before = sum(&cut, table)?;
        sync::sleep(Duration::from_secs(10));
        let after = sum(&cut, table)?;
        if after != before || before.0 != cut.count(table)? {
            let what = format!("a snapshot of (rows, sum) {before:?} has {after:?} later");
            return Err(Error::corrupt(what));
        }
        say("e snapshots")?;
    }
}

fn build_indexes(store: &Database, table: &Table) -> Result<()> {
    let state = || Ok::<_, Error>(store.table("trades")?.index_is_ready("extra").ok());
    // What a killed process had begun, the store goes on with.
    let resumes = state()? == Some(false);
    while state()? == Some(false) {
        sync::sleep(Duration::from_millis(100));
    }
    if resumes {
        say("e index_builds_resumed")?;
    }
    if state()? == Some(true) {
        store.drop_index("trades", "extra")?;
    }
    loop {
        sync::sleep(Duration::from_secs(3));
        let begun = sync::monotonic();
        store.create_index("trades", IndexDefinition::on("extra", ["price", "number"]))?;
        say(&format!("m build_ms {}", (sync::monotonic() - begun).as_millis()))?;
        let cut = store.cut();
        let mut of_index = cut.scan_index(table, "extra", &Range::all(), Order::Ascending)?;
        let mut entries = 0;
        while of_index.next_with(|_| ())?.is_some() {
            entries += 1;
        }
        let rows = cut.count(table)?;
        if entries != rows {
            let what = format!("a new index has {entries} entries of {rows} rows");
            return Err(Error::corrupt(what));
        }
        drop(cut);
        say("e index_builds")?;
        sync::sleep(Duration::from_secs(3));
        store.drop_index("trades", "extra")?;
    }
}

fn back_up(store: &Database, folder: &Path) -> Result<()> {
    let io = |error| Error::io(format!("cannot use {}", folder.display()), error);
    loop {
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(io)?;
        }
        std::fs::create_dir_all(folder).map_err(io)?;
        sync::sleep(Duration::from_secs(2));
        let to = folder.join("full");
        store.backup(&to, None, &mut |_| {})?;
        let report = backup::verify(&[to], &options(), &mut |_| {})?;
        if !report.is_sound() {
            return Err(Error::corrupt(format!("a backup is not sound: {report:?}")));
        }
        say("e backups")?;
        sync::sleep(Duration::from_secs(5));
    }
}
