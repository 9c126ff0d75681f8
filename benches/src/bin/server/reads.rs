//! Reads: one row, the legacy platform's queries, and sessions that do nothing.

use std::rc::Rc;

use bourse_benches::legacy::data::Cell;
use bourse_benches::legacy::queries::Query;
use bourse_benches::legacy::rows::Rows;
use bourse_benches::measure::Random;
use tokio_postgres::{Client, Statement};

use crate::Outcome;
use crate::client::{Round, block_on, closed_loop, connect, decode, parameters};
use crate::items::{Item, Plan, item};
use crate::report::{Figure, Line, Unit};
use crate::servers::Server;

/// What every round trip costs.
pub(crate) async fn nothing(server: &Server, plan: Plan) -> Outcome<Round> {
    closed_loop(server, 1, plan.operations, |client, _| async move {
        let client = Rc::new(client);
        Ok(move |_| {
            let client = Rc::clone(&client);
            async move { Ok(client.batch_execute("").await?) }
        })
    })
    .await
}

/// Each query of one client, and the first one of many.
pub(crate) fn items(plan: Plan, queries: &'static [Query]) -> Vec<Item> {
    let mut items = Vec::new();
    for query in queries {
        let (unit, goal) = match query.weight {
            1 => (Unit::Micros, "0.7x"),
            _ => (Unit::MicrosHigh, "0.33x of p95"),
        };
        let count = (plan.operations / query.weight).max(4);
        items.push(item(query.name, unit, goal, move |server, round| {
            block_on(run(server, plan, query, 1, count, round))
        }));
        for clients in [8, 64].into_iter().filter(|_| query.weight == 1) {
            let name = format!("{}, {clients} clients", query.name);
            items.push(item(name, Unit::PerSecond, "1.2x", move |server, round| {
                block_on(run(server, plan, query, clients, plan.each_of(clients), round))
            }));
        }
    }
    items
}

async fn run(
    server: &Server,
    plan: Plan,
    query: &'_ Query,
    clients: u64,
    count: u64,
    round: u64,
) -> Outcome<Round> {
    let text = query.postgres();
    let name = query.name;
    closed_loop(server, clients, count, |client, number| {
        let text = text.clone();
        async move {
            let statement = client.prepare(&text).await?;
            let ready = Rc::new((client, statement));
            Ok(move |at| {
                let ready = Rc::clone(&ready);
                async move {
                    let set = draw(plan, name, (round * 64 + number) * 1_000_003 + at);
                    let mut rows = Rows::default();
                    ask(&ready.0, &ready.1, &set, &mut rows).await
                }
            })
        }
    })
    .await
}

/// The parameters of a query that follow from a number.
pub(crate) fn draw(plan: Plan, query: &str, number: u64) -> Vec<Cell> {
    let mut draws = Random::new(number + 7);
    for _ in 0..8 {
        draws.below(2);
    }
    plan.scale.parameters(query, &mut draws)
}

/// Asks and decodes.
pub(crate) async fn ask(
    client: &Client,
    statement: &Statement,
    set: &[Cell],
    rows: &mut Rows,
) -> Outcome<()> {
    let answer = client.query(statement, &parameters(set)).await?;
    decode(&answer, rows)
}

/// Whether all servers answer the same.
pub(crate) async fn compare(servers: &[Server], plan: Plan) -> Outcome<()> {
    let mut clients = Vec::new();
    for server in servers {
        clients.push((server.name, connect(server).await?));
    }
    for query in &bourse_benches::legacy::queries::QUERIES {
        let text = query.postgres();
        let mut statements = Vec::new();
        for (name, client) in &clients {
            let statement = client.prepare(&text).await;
            let statement =
                statement.map_err(|error| format!("{name}: {}: {error:?}", query.name))?;
            statements.push((*name, client, statement));
        }
        for number in 0..(100 / query.weight).max(2) {
            let set = draw(plan, query.name, number);
            let mut first: Option<Rows> = None;
            for (name, client, statement) in &statements {
                let mut rows = Rows::default();
                ask(client, statement, &set, &mut rows).await?;
                match &first {
                    None => first = Some(rows),
                    Some(first) => {
                        if let Some(difference) = first.difference(&rows) {
                            let what = format!("{}, {set:?}: {difference}", query.name);
                            return Err(format!("{name} answers otherwise: {what}").into());
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// What a session takes that has done one thing and waits.
pub(crate) fn idle_sessions(plan: Plan, servers: &[Server]) -> Outcome<Line> {
    let mut figures = Vec::new();
    for server in servers {
        let bytes = block_on(async {
            let before = server.usage()?.bytes;
            let mut sessions = Vec::new();
            for number in 0..plan.sessions {
                let client = connect(server).await?;
                let statement =
                    client.prepare("SELECT price FROM trades WHERE trade_id = $1").await?;
                client.query(&statement, &[&i64::try_from(number % plan.scale.trades)?]).await?;
                sessions.push((client, statement));
            }
            Ok((server.usage()?.bytes - before) / plan.sessions as f64)
        })?;
        figures.push(Figure::single(server.name, bytes / 1024.0));
    }
    Ok(Line {
        item: format!("memory of an idle session of {}", plan.sessions),
        goal: "64 KiB",
        unit: Unit::Kibibytes,
        figures,
    })
}
