//! Changes, all of them durable: single inserts, executions of trades, COPY, a mix, and many
//! sessions that send at a rate whatever is answered.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the real clock")]

use std::rc::Rc;
use std::time::{Duration, Instant};

use bourse_benches::legacy::data::{Cell, Scale, signed};
use bourse_benches::legacy::queries::QUERIES;
use bourse_benches::legacy::rows::Rows;
use bourse_benches::measure::Random;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Statement};

use crate::client::{Round, block_on, closed_loop, connect, parameters};
use crate::items::{Item, Plan, item};
use crate::report::Unit;
use crate::servers::{Server, Usage};
use crate::{Outcome, data, reads};

const INSERT_TICK: &str = "INSERT INTO ticks VALUES ($1, $2, $3, $4, $5)";
const INSERT_TRADE: &str = "INSERT INTO trades VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// An execution as the platform sends it: statement by statement.
const EXECUTION: [&str; 4] = [
    INSERT_TRADE,
    "UPDATE orders SET status = 'filled', updated_at = $1 WHERE order_id = $2",
    "INSERT INTO positions (user_id, symbol, quantity, avg_price, updated_at) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, symbol) DO UPDATE SET \
     quantity = positions.quantity + excluded.quantity, avg_price = excluded.avg_price, \
     updated_at = excluded.updated_at",
    "UPDATE portfolios SET cash = cash - $1 WHERE portfolio_id = $2",
];

/// The same as one statement.
const EXECUTION_AT_ONCE: &str = "WITH added AS (INSERT INTO trades VALUES \
     ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)), \
     filled AS (UPDATE orders SET status = 'filled', updated_at = $10 WHERE order_id = $11), \
     held AS (INSERT INTO positions (user_id, symbol, quantity, avg_price, updated_at) \
     VALUES ($2, $3, $5, $6, $10) ON CONFLICT (user_id, symbol) DO UPDATE SET \
     quantity = positions.quantity + excluded.quantity, avg_price = excluded.avg_price, \
     updated_at = excluded.updated_at) \
     UPDATE portfolios SET cash = cash - $12 WHERE portfolio_id = $13";

/// Statements that are ready, and whose they are.
struct Ready {
    client: Client,
    statements: Vec<Statement>,
}

impl Ready {
    async fn of(client: Client, texts: &[&str]) -> Outcome<Rc<Ready>> {
        let mut statements = Vec::new();
        for text in texts {
            statements.push(client.prepare(text).await?);
        }
        Ok(Rc::new(Ready { client, statements }))
    }

    /// An execution, statement by statement.
    async fn execute(&self, changes: &[Vec<Cell>]) -> Outcome<()> {
        self.client.batch_execute("BEGIN").await?;
        for (at, cells) in changes.iter().enumerate() {
            self.change(at, cells).await?;
        }
        Ok(self.client.batch_execute("COMMIT").await?)
    }

    async fn change(&self, at: usize, cells: &[Cell]) -> Outcome<()> {
        match self.client.execute(&self.statements[at], &parameters(cells)).await? {
            1 => Ok(()),
            count => Err(format!("{count} rows were changed").into()),
        }
    }
}

/// Whether a transaction is to be run again, as every client of a database must be ready to: it
/// was one of two that wanted the same. Its second try counts as its time.
fn retry(error: Box<dyn std::error::Error + Send + Sync>) -> Outcome<()> {
    let of_server = error.downcast_ref::<tokio_postgres::Error>();
    match of_server.and_then(tokio_postgres::Error::code) {
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => Ok(()),
        _ => Err(error),
    }
}

pub(crate) fn items(plan: Plan) -> Vec<Item> {
    let mut items = Vec::new();
    for (clients, goal) in [(1, "1.2x"), (8, "1.7x"), (64, "3x")] {
        items.push(item(named("durable insert", clients), Unit::PerSecond, goal, {
            move |server, round| block_on(inserts(server, plan, clients, round))
        }));
    }
    for (clients, goal) in [(1, "1.5x"), (8, "2x"), (64, "5x")] {
        let name = named("trade execution, six round trips", clients);
        items.push(item(name, Unit::PerSecond, goal, move |server, round| {
            block_on(executions(server, plan, clients, round))
        }));
    }
    for (clients, goal) in [(1, "1.2x"), (8, "2x"), (64, "5x")] {
        let name = named("trade execution, one statement", clients);
        items.push(item(name, Unit::PerSecond, goal, move |server, round| {
            block_on(executions_at_once(server, plan, clients, round))
        }));
    }
    items.push(item("COPY into an indexed table", Unit::PerSecond, "3x", move |server, round| {
        block_on(copied(server, plan, round))
    }));
    for (clients, goal) in [(8, "3x"), (64, "4x")] {
        let name = named("80 reads to 20 inserts", clients);
        items.push(item(name, Unit::PerSecond, goal, move |server, round| {
            block_on(mixed(server, plan, clients, round))
        }));
    }
    for rate in [1_000, 10_000] {
        let name = format!("{} sessions, {rate} statements a second", plan.sessions);
        items.push(item(name, Unit::MicrosHigh, "0.5x of p95", move |server, round| {
            block_on(open_loop(server, plan, rate, round))
        }));
    }
    items
}

fn named(what: &str, clients: u64) -> String {
    match clients {
        1 => format!("{what}, 1 client"),
        _ => format!("{what}, {clients} clients"),
    }
}

/// An id that no other client, round or item has.
fn id(item: i64, round: u64, client: u64, number: u64) -> i64 {
    item * 1_000_000_000_000 + signed((round * 10_000 + client) * 1_000_000 + number)
}

fn draws(id: i64) -> Random {
    let mut draws = Random::new(id.unsigned_abs());
    for _ in 0..8 {
        draws.below(2);
    }
    draws
}

fn tick(scale: Scale, id: i64) -> Vec<Cell> {
    // Of a trade: the id, its symbol, price, quantity and time.
    let trade = scale.trade(id, &mut draws(id));
    [0, 2, 5, 4, 9].map(|at: usize| trade[at].clone()).to_vec()
}

async fn inserts(server: &Server, plan: Plan, clients: u64, round: u64) -> Outcome<Round> {
    closed_loop(server, clients, plan.each_of(clients), |client, number| async move {
        let ready = Ready::of(client, &[INSERT_TICK]).await?;
        Ok(move |at| {
            let ready = Rc::clone(&ready);
            let cells = tick(plan.scale, id(clients.try_into().unwrap_or(1), round, number, at));
            async move { ready.change(0, &cells).await }
        })
    })
    .await
}

/// What an execution changes, in the order of its statements.
fn execution(plan: Plan, id: i64) -> [Vec<Cell>; 4] {
    let scale = plan.scale;
    let mut draws = draws(id);
    let trade = scale.trade(id, &mut draws);
    let order = signed(draws.below(scale.rows("orders"))) + 1;
    let portfolio = signed(draws.below(scale.rows("portfolios"))) + 1;
    let cell = |at: usize| trade[at].clone();
    let paid = Cell::Real(draws.below(10_000) as f64 / 100.0);
    [
        trade.clone(),
        vec![cell(9), Cell::Integer(order)],
        [1, 2, 4, 5, 9].map(cell).to_vec(),
        vec![paid, Cell::Integer(portfolio)],
    ]
}

async fn executions(server: &Server, plan: Plan, clients: u64, round: u64) -> Outcome<Round> {
    let count = (plan.each_of(clients) / 4).max(2);
    closed_loop(server, clients, count, |client, number| async move {
        let ready = Ready::of(client, &EXECUTION).await?;
        Ok(move |at| {
            let ready = Rc::clone(&ready);
            let item = 100 + i64::try_from(clients).unwrap_or(1);
            let changes = execution(plan, id(item, round, number, at));
            async move {
                while let Err(error) = ready.execute(&changes).await {
                    retry(error)?;
                    ready.client.batch_execute("ROLLBACK").await?;
                }
                Ok(())
            }
        })
    })
    .await
}

async fn executions_at_once(
    server: &Server,
    plan: Plan,
    clients: u64,
    round: u64,
) -> Outcome<Round> {
    let count = (plan.each_of(clients) / 2).max(2);
    closed_loop(server, clients, count, |client, number| async move {
        let ready = Ready::of(client, &[EXECUTION_AT_ONCE]).await?;
        Ok(move |at| {
            let ready = Rc::clone(&ready);
            let item = 200 + i64::try_from(clients).unwrap_or(1);
            let [mut cells, filled, _, paid] = execution(plan, id(item, round, number, at));
            cells.push(filled[1].clone());
            cells.extend(paid);
            async move {
                while let Err(error) = ready.change(0, &cells).await {
                    retry(error)?;
                }
                Ok(())
            }
        })
    })
    .await
}

async fn copied(server: &Server, plan: Plan, round: u64) -> Outcome<Round> {
    let client = connect(server).await?;
    let rows = plan.operations * 10;
    let (before, begin) = (server.usage()?.cpu, Instant::now());
    let ids = |number| id(300, round, 0, number);
    let count =
        data::copy(&client, "ticks", 0..rows, |number| tick(plan.scale, ids(number))).await?;
    let seconds = begin.elapsed().as_secs_f64();
    let cpu = server.usage()?.cpu - before;
    Ok(Round { operations: count, seconds, latencies: Vec::new(), cpu, bytes: None })
}

async fn mixed(server: &Server, plan: Plan, clients: u64, round: u64) -> Outcome<Round> {
    let read = &QUERIES[1];
    closed_loop(server, clients, plan.each_of(clients), |client, number| async move {
        let ready = Ready::of(client, &[&read.postgres(), INSERT_TRADE]).await?;
        Ok(move |at| {
            let ready = Rc::clone(&ready);
            let id = id(400 + i64::try_from(clients).unwrap_or(1), round, number, at);
            async move {
                let mut draws = draws(id);
                if draws.below(5) == 0 {
                    return ready.change(1, &plan.scale.trade(id, &mut draws)).await;
                }
                let set = plan.scale.parameters(read.name, &mut draws);
                reads::ask(&ready.client, &ready.statements[0], &set, &mut Rows::default()).await
            }
        })
    })
    .await
}

/// Statements are due at a rate, and late ones have waited: what a session waits for before it can
/// send counts.
async fn open_loop(server: &Server, plan: Plan, rate: u64, round: u64) -> Outcome<Round> {
    let mut sessions = Vec::new();
    for _ in 0..plan.sessions {
        let texts = [QUERIES[0].text.replace('?', "$"), INSERT_TICK.to_owned()];
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        sessions.push(Ready::of(connect(server).await?, &texts).await?);
    }
    let each = plan.each_at(rate, round);
    let apart = Duration::from_secs_f64(plan.sessions as f64 / rate as f64);
    let before = server.usage()?.cpu;
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for (session, ready) in (0_u64..).zip(sessions) {
        let first = apart.mul_f64(session as f64 / plan.sessions as f64);
        tasks.push(tokio::task::spawn_local(async move {
            let mut latencies = Vec::new();
            for (number, turn) in (0..each).zip(0_u32..) {
                let due = begin + first + apart * turn;
                tokio::time::sleep_until(due.into()).await;
                let item = 500 + i64::try_from(rate / 1_000).unwrap_or(1);
                let id = id(item, round, session, number);
                let done = match draws(id).below(5) {
                    0 => ready.change(1, &tick(plan.scale, id)).await,
                    _ => {
                        let set = reads::draw(plan, "trade_by_id", id.unsigned_abs());
                        let statement = &ready.statements[0];
                        reads::ask(&ready.client, statement, &set, &mut Rows::default()).await
                    }
                };
                done.map_err(|error| error.to_string())?;
                latencies.push(due.elapsed());
            }
            Ok::<_, String>(latencies)
        }));
    }
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let seconds = begin.elapsed().as_secs_f64();
    let Usage { cpu, bytes } = server.usage()?;
    let (cpu, bytes) = (cpu - before, Some(bytes));
    Ok(Round { operations: plan.sessions * each, seconds, latencies, cpu, bytes })
}
