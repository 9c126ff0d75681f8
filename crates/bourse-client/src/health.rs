//! The one task of a client: asks each node what it is, and looks after the pools.
//!
//! Each node is asked by a connection of its own, apart from the pools, so that a full pool is not
//! taken for a dead node. All nodes are asked side by side: one that hangs holds nobody up.
//!
//! # Invariants
//! - **G1** A node is asked within `probe_interval` of the last answer, at once when a call has
//!   failed on it or no leader is known, and never while its breaker leaves it alone.
//! - **G2** A probe ends within `connect_timeout`, answered or not.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_postgres::{Client, Config};

use crate::clock::chance;
use crate::connection::Connection;
use crate::dial::Dial;
use crate::error::{Error, Kind};
use crate::node::config_of;
use crate::options::Builder;
use crate::pool::Role;
use crate::routing::Seen;
use crate::shared::Shared;
use crate::token::Token;

/// What tells what a node is: whether it follows, the newest term that it knows, and a token, for
/// the lineage.
const QUESTION: &str =
    "SELECT pg_is_in_recovery() || ' ' || bourse_term() || ' ' || bourse_token()";

/// After a probe that failed the next one comes soon, for the breaker counts them.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(200);
/// However often it is wanted.
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// How one node is asked.
#[derive(Debug)]
pub(crate) struct Prober {
    config: Config,
    dial: Arc<dyn Dial>,
}

impl Prober {
    pub(crate) fn new(builder: &Builder, address: &str) -> Result<Prober, Error> {
        let config = config_of(builder, address, Role::Write)?;
        Ok(Prober { config, dial: Arc::clone(&builder.dial) })
    }

    async fn connect(&self) -> Result<Client, Error> {
        Ok(self.dial.dial(&self.config).await?)
    }
}

/// Runs until it is dropped.
pub(crate) async fn run(shared: Arc<Shared>, probers: Vec<Prober>) {
    let probing =
        join_all((0..probers.len()).map(|node| probe_again(&shared, node, &probers[node])));
    tokio::join!(probing, look_after(&shared));
}

async fn look_after(shared: &Shared) {
    let leak_after = shared.options.leak_after;
    let interval = leak_after.min(shared.options.lifetime_max) / 4;
    let interval = interval.clamp(Duration::from_millis(20), Duration::from_secs(1));
    loop {
        tokio::time::sleep(interval).await;
        for pool in shared.nodes.iter().flat_map(|node| node.pools()) {
            pool.look_after(leak_after);
        }
    }
}

async fn probe_again(shared: &Shared, place: usize, prober: &Prober) {
    let node = &shared.nodes[place];
    let mut connection = None;
    loop {
        let admission = match node.admit_probe() {
            Ok(admission) => admission,
            Err(pause) => {
                tokio::time::sleep(pause.max(Duration::from_millis(1))).await;
                continue;
            }
        };
        let probed = probe(shared, place, prober, &mut connection).await;
        node.note(admission, probed.as_ref().map(|_| ()));
        let pause = match probed {
            Ok(seen) => {
                shared.seen(place, seen);
                match shared.leader() {
                    Some(_) => shared.options.probe_interval,
                    None => shared.options.probe_interval.min(PAUSE_AFTER_FAILURE),
                }
            }
            Err(error) => {
                connection = None;
                shared.lost(place, &error);
                shared.options.probe_interval.min(PAUSE_AFTER_FAILURE)
            }
        };
        let pause = pause.mul_f64(0.75 + chance() / 2.0);
        tokio::time::sleep(PAUSE_MIN.min(pause)).await;
        // G1.
        tokio::select! {
            () = tokio::time::sleep(pause.saturating_sub(PAUSE_MIN)) => {}
            () = node.wanted.notified() => {}
        }
    }
}

/// Asks a node once: over the connection that is there, and over a new one where that is lost.
async fn probe(
    shared: &Shared,
    place: usize,
    prober: &Prober,
    connection: &mut Option<Connection>,
) -> Result<Seen, Error> {
    let node = &shared.nodes[place];
    let limit = shared.options.connect_timeout;
    let asking = async {
        if let Some(open) = connection.as_ref().filter(|open| !open.is_closed()) {
            match open.first_value(QUESTION).await {
                Err(error) if error.kind() == Kind::Connection => {}
                answer => return answer,
            }
        }
        let client = prober.connect().await?;
        let open = connection.insert(Connection::new(client, Arc::clone(&node.name), limit));
        open.first_value(QUESTION).await
    };
    // G2.
    let answer = tokio::time::timeout(limit, asking).await.unwrap_or_else(|_| {
        let told = format!("no answer in {} ms", limit.as_millis());
        Err(Error::new(Kind::Connection, told))
    });
    read_answer(&answer.map_err(|error| error.with_node(&node.name))?)
        .map_err(|error| error.with_node(&node.name))
}

fn read_answer(answer: &str) -> Result<Seen, Error> {
    let mut parts = answer.split(' ');
    let wrong = || Error::new(Kind::Statement, format!("\"{answer}\" does not say what it is"));
    let is_follower = match parts.next().ok_or_else(wrong)? {
        "t" | "true" => true,
        "f" | "false" => false,
        _ => return Err(wrong()),
    };
    let term = parts.next().and_then(|term| term.parse().ok()).ok_or_else(wrong)?;
    let token: Token = parts.next().ok_or_else(wrong)?.parse()?;
    Ok(Seen { is_follower, term, lineage: token.lineage() })
}
