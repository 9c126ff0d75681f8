//! SQLite as an application makes the most of it: one thread writes for all clients, and commits
//! together what waits together. The column that a store with group commit has to beat.
//!
//! # Invariants
//!
//! - **I1** A client has its answer only after the commit that holds its trade.
//! - **I2** A trade that fails takes nothing else of its group with it: each has a savepoint.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use bourse_storage::{Error, ErrorKind, Result, sync};
use rusqlite::{Connection, TransactionBehavior};

use super::engine::{Trade, TradeClient, TradeStore};
use super::sqlite::{Setup, write_trade};

/// The column's name.
pub(crate) const NAME: &str = "tuned_grouped";
/// Trades in a commit, and trades that wait before clients do.
const GROUP_TRADES: usize = 256;

/// A trade that waits, and where its client waits.
struct Request {
    trade: Trade,
    answer: Sender<Result<()>>,
}

/// A store whose clients share one writing thread.
pub(crate) struct GroupedTradeStore {
    requests: Option<SyncSender<Request>>,
    writer: Option<sync::JoinHandle<()>>,
}

impl GroupedTradeStore {
    /// Starts the writer over the database at `path`, which the trades change.
    pub(crate) fn new(path: &Path) -> Result<GroupedTradeStore> {
        let connection = Setup::Tuned.open(path)?;
        let (sender, receiver) = sync_channel(GROUP_TRADES);
        let path = path.to_owned();
        let writer =
            sync::spawn("trade writer", move || write_groups(connection, &path, &receiver));
        Ok(GroupedTradeStore { requests: Some(sender), writer: Some(writer) })
    }
}

impl Drop for GroupedTradeStore {
    /// Lets the writer end: it does when nobody can send any more.
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(writer) = self.writer.take() {
            let ended = writer.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the trade writer panicked");
        }
    }
}

impl TradeStore for GroupedTradeStore {
    fn client(&self) -> Result<Box<dyn TradeClient + '_>> {
        let requests = self.requests.clone().ok_or_else(stopped)?;
        Ok(Box::new(GroupedTradeClient { requests }))
    }
}

struct GroupedTradeClient {
    requests: SyncSender<Request>,
}

impl TradeClient for GroupedTradeClient {
    fn execute(&mut self, trade: &Trade) -> Result<()> {
        let (answer, answered) = channel();
        let request = Request { trade: trade.clone(), answer };
        self.requests.send(request).map_err(|_| stopped())?;
        answered.recv().map_err(|_| stopped())?
    }
}

fn stopped() -> Error {
    Error::new(ErrorKind::Closed, "the thread that writes trades has ended")
}

/// Writes what waits, a group a commit, until every client is gone.
fn write_groups(mut connection: Connection, path: &Path, requests: &Receiver<Request>) {
    while let Ok(first) = requests.recv() {
        let mut group = vec![first];
        group.extend(requests.try_iter().take(GROUP_TRADES - 1));
        let answers = match write_group(&mut connection, &group) {
            Ok(answers) => answers,
            Err(error) => group.iter().map(|_| Err(error.to_string())).collect(),
        };
        for (request, answer) in group.into_iter().zip(answers) {
            let answer = answer.map_err(|problem| {
                let path = path.display();
                Error::new(ErrorKind::Io, format!("cannot execute a trade in {path}: {problem}"))
            });
            // A client that gave up waiting needs no answer.
            request.answer.send(answer).ok();
        }
    }
}

/// Writes a group and commits it; what each trade came to (I1, I2).
fn write_group(
    connection: &mut Connection,
    group: &[Request],
) -> rusqlite::Result<Vec<std::result::Result<(), String>>> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut answers = Vec::with_capacity(group.len());
    for request in group {
        let savepoint = transaction.savepoint()?;
        answers.push(match write_trade(&savepoint, &request.trade) {
            Ok(()) => {
                savepoint.commit()?;
                Ok(())
            }
            // Dropping the savepoint undoes what the trade had changed.
            Err(error) => Err(error.to_string()),
        });
    }
    transaction.commit()?;
    Ok(answers)
}
