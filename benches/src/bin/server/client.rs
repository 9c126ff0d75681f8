//! Sessions, and many of them at work at once, on one thread.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the real clock")]

use std::future::Future;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bourse_benches::legacy::data::Cell;
use bourse_benches::legacy::rows::Rows;
use tokio::sync::Barrier;
use tokio::task::LocalSet;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls, Row};

use crate::Outcome;
use crate::servers::{Server, Usage};

/// What a round of a server came to.
pub(crate) struct Round {
    pub(crate) operations: u64,
    pub(crate) seconds: f64,
    pub(crate) latencies: Vec<Duration>,
    /// Seconds of the server's processes on a processor.
    pub(crate) cpu: f64,
    /// Bytes of these processes' memory at its end, where that was looked at.
    pub(crate) bytes: Option<f64>,
}

/// Runs work on this thread until it is done.
pub(crate) fn block_on<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, work)
}

/// A new session. It lasts as long as the client.
pub(crate) async fn connect(server: &Server) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(&server.parameters(), NoTls).await?;
    tokio::task::spawn_local(async move {
        if let Err(error) = connection.await {
            eprintln!("a session ended: {error}");
        }
    });
    Ok(client)
}

/// Has so many clients do so many operations each, all at once and each one after the other.
/// `prepare` makes a client ready, which is not measured; what it gives does one operation.
pub(crate) async fn closed_loop<P, Prepared, O, Done>(
    server: &Server,
    clients: u64,
    count: u64,
    prepare: P,
) -> Outcome<Round>
where
    P: Fn(Client, u64) -> Prepared,
    Prepared: Future<Output = Outcome<O>>,
    O: Fn(u64) -> Done + 'static,
    Done: Future<Output = Outcome<()>> + 'static,
{
    let start = Rc::new(Barrier::new(usize::try_from(clients)? + 1));
    let mut tasks = Vec::new();
    for client in 0..clients {
        let operation = prepare(connect(server).await?, client).await?;
        let start = Rc::clone(&start);
        tasks.push(tokio::task::spawn_local(async move {
            let mut latencies = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
            start.wait().await;
            for number in 0..count {
                let begin = Instant::now();
                operation(number).await.map_err(|error| error.to_string())?;
                latencies.push(begin.elapsed());
            }
            Ok::<_, String>(latencies)
        }));
    }
    let before: Usage = server.usage()?;
    let begin = Instant::now();
    start.wait().await;
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let seconds = begin.elapsed().as_secs_f64();
    let cpu = server.usage()?.cpu - before.cpu;
    Ok(Round { operations: clients * count, seconds, latencies, cpu, bytes: None })
}

/// Cells as parameters.
pub(crate) fn parameters(cells: &[Cell]) -> Vec<&(dyn ToSql + Sync)> {
    cells.iter().map(parameter).collect()
}

fn parameter(cell: &Cell) -> &(dyn ToSql + Sync) {
    match cell {
        Cell::Integer(value) => value,
        Cell::Real(value) => value,
        Cell::Text(value) => value,
    }
}

/// Decodes all columns of an answer.
pub(crate) fn decode(answer: &[Row], rows: &mut Rows) -> Outcome<()> {
    rows.begin();
    for row in answer {
        for (at, column) in row.columns().iter().enumerate() {
            match *column.type_() {
                Type::INT8 => value(row.try_get(at)?, rows, Rows::integer),
                Type::FLOAT8 => value(row.try_get(at)?, rows, Rows::real),
                Type::TEXT => {
                    value(row.try_get::<_, Option<&str>>(at)?, rows, |rows, text| {
                        rows.text(text.as_bytes());
                    });
                }
                ref other => {
                    return Err(format!("{}: {other} is not decoded", column.name()).into());
                }
            }
        }
    }
    Ok(())
}

fn value<T>(value: Option<T>, rows: &mut Rows, put: impl Fn(&mut Rows, T)) {
    match value {
        Some(value) => put(rows, value),
        None => rows.null(),
    }
}
