//! What is measured, in turns.

use std::time::Duration;

use bourse_benches::legacy::data::Scale;
use bourse_benches::legacy::queries::QUERIES;
use bourse_benches::measure::Load;

use crate::client::{Round, block_on, connect};
use crate::report::{Figure, Line, Unit};
use crate::servers::Server;
use crate::{Outcome, changes, data, pgbench, reads};

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) scale: Scale,
    /// Operations of a round.
    pub(crate) operations: u64,
    /// Rounds that count.
    pub(crate) rounds: usize,
    /// Sessions of the items that have many.
    pub(crate) sessions: u64,
    /// How long a round of these lasts, if that is not by its operations.
    pub(crate) lasts: Option<Duration>,
}

impl Plan {
    /// The operations of each of so many clients.
    pub(crate) fn each_of(self, clients: u64) -> u64 {
        (self.operations / clients).max(4)
    }

    /// How often each of the sessions sends that send so many statements a second together. Round
    /// 0, which does not count, is short even so.
    pub(crate) fn each_at(self, rate: u64, round: u64) -> u64 {
        match self.lasts.filter(|_| round > 0) {
            Some(lasts) => lasts.as_secs() * rate / self.sessions,
            // At a thousand a second as long as it takes to send all operations once.
            None => (self.operations / self.sessions).max(2) * (rate / 1_000),
        }
    }
}

/// Something to measure: a round of it on a server, numbered so that no two have the same rows.
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) goal: &'static str,
    run: Work,
}

/// A round of work on a server.
type Work = Box<dyn Fn(&Server, u64) -> Outcome<Round>>;

/// An item of so many clients, who do `work`.
pub(crate) fn item(
    name: impl Into<String>,
    unit: Unit,
    goal: &'static str,
    run: impl Fn(&Server, u64) -> Outcome<Round> + 'static,
) -> Item {
    Item { name: name.into(), unit, goal, run: Box::new(run) }
}

/// Measures all items that are wanted.
pub(crate) fn measure(
    plan: Plan,
    servers: &[Server],
    wanted: &dyn Fn(&str) -> bool,
) -> Outcome<Vec<Line>> {
    for server in servers {
        eprintln!("{}: making {} trades ...", server.name, plan.scale.trades);
        block_on(async { data::make(&connect(server).await?, plan.scale).await })
            .map_err(|error| format!("{}: {error}", server.name))?;
    }
    block_on(reads::compare(servers, plan))?;
    // First of all: later ones would be given memory that others had.
    let idle = match wanted("memory of an idle session") {
        true => Some(reads::idle_sessions(plan, servers)?),
        false => None,
    };
    let mut items = vec![item("empty query", Unit::Micros, "the floor", move |server, _| {
        block_on(reads::nothing(server, plan))
    })];
    items.extend(reads::items(plan, &QUERIES));
    items.extend(changes::items(plan));
    let mut lines = Vec::new();
    for item in items.iter().filter(|item| wanted(&item.name)) {
        eprintln!("{} ...", item.name);
        lines.push(in_turns(plan, servers, item)?);
    }
    let benches = pgbench::items(plan);
    let benches: Vec<Item> = benches.into_iter().filter(|item| wanted(&item.name)).collect();
    if !benches.is_empty() {
        match pgbench::fill(servers) {
            Ok(()) => {
                for item in &benches {
                    eprintln!("{} ...", item.name);
                    lines.push(in_turns(plan, servers, item)?);
                }
            }
            Err(error) => eprintln!("without pgbench: {error}"),
        }
    }
    lines.extend(idle);
    Ok(lines)
}

fn in_turns(plan: Plan, servers: &[Server], item: &Item) -> Outcome<Line> {
    let mut rounds: Vec<Vec<Round>> = servers.iter().map(|_| Vec::new()).collect();
    let mut others = vec![0.0_f64; servers.len()];
    for number in 0..=plan.rounds {
        for (at, server) in servers.iter().enumerate() {
            let load = Load::begin();
            let before = server.usage()?.cpu;
            let round = (item.run)(server, number as u64)
                .map_err(|error| format!("{}, {}: {error}", item.name, server.name))?;
            if number > 0 {
                let own = (server.usage()?.cpu - before) / load.seconds();
                others[at] = others[at].max((load.others() - own).max(0.0));
                rounds[at].push(round);
            }
        }
    }
    let figures = servers.iter().zip(rounds).zip(others);
    let figures = figures
        .map(|((server, rounds), others)| Figure::of(server.name, item.unit, &rounds, others));
    Ok(Line {
        item: item.name.clone(),
        goal: item.goal,
        unit: item.unit,
        figures: figures.collect(),
    })
}
