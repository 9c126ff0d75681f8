//! One thread that serves many clients: orders come in over a channel, each is booked in a durable
//! transaction of its own, and answered from a callback. No thread waits for the disk, and all that
//! comes in during a flush shares the next one.
//!
//! `cargo run --release -p bourse --example completions -- FOLDER`
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};

use bourse::{Database, Error, Options, Result, Table, TypedTable};

#[derive(Table, Clone, Debug)]
#[table(
    name = "orders",
    primary_key(order_id),
    shard_key(client),
    index(name = "by_client", columns(client))
)]
struct Order {
    #[column(generated)]
    order_id: i64,
    client: i64,
    quantity: i64,
}

/// What a client sends: an order, and where its answer goes.
struct Request {
    order: Order,
    answer: Sender<Result<i64>>,
}

/// Books an order. Returns at once; the answer is sent when the order is durable.
fn book(orders: &TypedTable<Order>, Request { order, answer }: Request) {
    let key = [order.client.into()];
    orders.store().submit().shard_transaction_with(
        orders.table(),
        &key,
        |transaction| {
            if order.quantity <= 0 {
                return Err(Error::invalid("an order has a quantity"));
            }
            orders.within(transaction).insert(&order)
        },
        // A client that has gone needs no answer.
        move |order_id| drop(answer.send(order_id)),
    );
}

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join(format!("bourse-completions-{}", std::process::id())),
        PathBuf::from,
    );
    let store = Database::open(folder, Options::default())?;
    let orders: TypedTable<Order> = match store.typed() {
        Err(error) if error.sqlstate() == "42P01" => store.create()?,
        other => other?,
    };
    let (requests, incoming) = channel();
    let answered: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (1..=8_i64)
            .map(|client| {
                let requests = requests.clone();
                scope.spawn(move || {
                    let (answer, answers) = channel();
                    for quantity in 0..50 {
                        let order = Order { order_id: 0, client, quantity };
                        // The service below ends after its clients.
                        drop(requests.send(Request { order, answer: answer.clone() }));
                    }
                    drop(answer);
                    answers.iter().filter(Result::is_ok).count()
                })
            })
            .collect();
        drop(requests);
        for request in incoming {
            book(&orders, request);
        }
        clients.into_iter().map(|client| client.join().unwrap_or(0)).sum()
    });
    let log = store.statistics().log;
    println!(
        "{answered} orders are durable, {} log records in {} flushes",
        log.records, log.flushes
    );
    // A single one is awaited, or waited for.
    let order = Order { order_id: 0, client: 1, quantity: 5 };
    let order_id = orders.submit().insert(&order).wait()?;
    println!("order {order_id} too");
    store.close()
}
