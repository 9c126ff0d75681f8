//! Orders as messages: placed with the row that they are about, taken by four consumers, each order
//! filled once and those of one symbol in their order; and a job that counts what was filled.
//!
//! `cargo run --release -p bourse --example queue -- FOLDER`
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::PathBuf;
use std::time::Duration;

use bourse::{
    Database, JobDefinition, JobFunctions, JobOptions, JobRunner, JobWork, Leased, Message,
    Options, Queue, QueueDefinition, Result, Schedule, Table, TypedTable,
};

#[derive(Table, Clone, Debug)]
#[table(name = "orders", primary_key(order_id), shard_key(symbol))]
struct Order {
    #[column(generated)]
    order_id: i64,
    symbol: String,
    quantity: i64,
}

#[derive(Table, Clone, Debug)]
#[table(name = "fills", primary_key(fill_id), shard_key(symbol))]
struct Fill {
    #[column(generated)]
    fill_id: i64,
    symbol: String,
    order: String,
}

const SYMBOLS: [&str; 3] = ["ACME", "GLOB", "INIT"];
const LEASE: Duration = Duration::from_secs(30);

/// What is done for a message commits with its acknowledgement, or not at all.
fn fill(store: &Database, queue: &Queue, fills: &TypedTable<Fill>, leased: &Leased) -> Result<()> {
    let order = String::from_utf8_lossy(leased.payload()).into_owned();
    let symbol = order.split(' ').next().unwrap_or_default().to_owned();
    store.transaction(|t| {
        let fill = Fill { fill_id: 0, symbol: symbol.clone(), order: order.clone() };
        fills.within(t).insert(&fill)?;
        queue.acknowledge(t, leased)
    })
}

/// Takes messages until there are none for a while.
fn consume(store: &Database, queue: &Queue, fills: &TypedTable<Fill>) -> Result<()> {
    loop {
        let leased = queue.lease_waiting(10, LEASE, Duration::from_millis(200))?;
        if leased.is_empty() {
            return Ok(());
        }
        for leased in &leased {
            match fill(store, queue, fills, leased) {
                // The lease ran out, and another consumer has the message.
                Err(error) if error.sqlstate() == "55000" => {}
                filled => filled?,
            }
        }
    }
}

/// Places an order: the row and the message are one commit.
fn place(store: &Database, queue: &Queue, orders: &TypedTable<Order>, number: i64) -> Result<i64> {
    let symbol = SYMBOLS[usize::try_from(number).unwrap_or_default() % SYMBOLS.len()];
    let order = Order { order_id: 0, symbol: symbol.to_owned(), quantity: 1 + number % 9 };
    store.transaction(|t| {
        let id = orders.within(t).insert(&order)?;
        let text = format!("{symbol} order {id}: {}", order.quantity);
        queue.enqueue(t, &Message::new(text).key(symbol))?;
        Ok(id)
    })
}

/// A job that counts the fills each hour, and once now.
fn count_with_a_job(store: &Database) -> Result<()> {
    let every_hour = JobDefinition {
        name: "count fills".to_owned(),
        schedule: Schedule::Every(Duration::from_secs(3600)),
        work: JobWork::Function("count".to_owned()),
    };
    match store.create_job(&every_hour) {
        Err(error) if error.sqlstate() == "42710" => {}
        created => created?,
    }
    let (tell, told) = std::sync::mpsc::channel();
    let functions = JobFunctions::new().with("count", move |run| {
        let fills = run.store().table("fills")?;
        let count = run.store().cut().count(&fills)?;
        // Nobody listens to later runs.
        tell.send(count).ok();
        Ok(())
    });
    let runner = JobRunner::start(store, functions, &JobOptions::default())?;
    store.run_job_now("count fills")?;
    match told.recv_timeout(LEASE) {
        Ok(count) => println!("The job counts {count} fills"),
        Err(_) => println!("The job has not run: {:?}", store.job("count fills")?),
    }
    runner.stop();
    Ok(())
}

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join(format!("bourse-queue-{}", std::process::id())),
        PathBuf::from,
    );
    let store = Database::open(&folder, Options::default())?;
    let (orders, fills, queue) = match store.queue("to_fill") {
        Err(error) if error.sqlstate() == "42P01" => {
            let queue = store.create_queue(&QueueDefinition::new("to_fill"))?;
            (store.create()?, store.create()?, queue)
        }
        queue => (store.typed()?, store.typed()?, queue?),
    };
    for number in 0..300 {
        place(&store, &queue, &orders, number)?;
    }
    // A client that is not sure whether it was heard asks again.
    let cancel = || Message::new("ACME cancel 17").key("ACME").idempotency_key("cancel 17");
    let first = queue.send(&cancel())?;
    let second = queue.send(&cancel())?;
    println!("Sent twice, taken once: {first:?}, {second:?}");
    std::thread::scope(|scope| {
        let consumers: Vec<_> =
            (0..4).map(|_| scope.spawn(|| consume(&store, &queue, &fills))).collect();
        consumers.into_iter().try_for_each(|consumer| match consumer.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    let metrics = queue.metrics()?;
    println!("{} messages were acknowledged, {} are left", metrics.acknowledged, metrics.depth);
    count_with_a_job(&store)?;
    store.close()
}
