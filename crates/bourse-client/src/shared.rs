//! What all clones of a client share.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

use crate::breaker::BreakerState;
use crate::clock::Clock;
use crate::error::{Error, Kind};
use crate::lock::Lock;
use crate::metrics::Metrics;
use crate::node::{Node, Taken};
use crate::options::{Builder, Options};
use crate::pool::Role;
use crate::routing::{Change, Routing, Seen};

/// See the module's head.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) nodes: Vec<Node>,
    pub(crate) metrics: Metrics,
    routing: Lock<Routing>,
    /// Counts changes of who leads and who is read.
    changes: watch::Sender<u64>,
    turn: AtomicUsize,
}

/// A node that was chosen, with its connection.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) node: usize,
    pub(crate) taken: Taken,
}

/// Who may be asked by a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// A replica has not what is asked for, or it is a change.
    pub(crate) leader_only: bool,
    /// Nodes that have failed this call.
    pub(crate) excluded: Vec<usize>,
}

impl Shared {
    pub(crate) fn new(builder: &Builder) -> Result<Shared, Error> {
        let clock = Clock::start();
        let metrics = Metrics::new(&builder.name, builder.registry.as_ref())?;
        let make = |address: &String| Node::new(address, builder, clock, &metrics);
        let nodes = builder.nodes.iter().map(make).collect::<Result<Vec<Node>, Error>>()?;
        Ok(Shared {
            options: builder.options.clone(),
            routing: Lock::new(Routing::new(nodes.len())),
            nodes,
            metrics,
            changes: watch::Sender::new(0),
            turn: AtomicUsize::new(0),
        })
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(crate) fn routing<T>(&self, read: impl FnOnce(&Routing) -> T) -> T {
        self.routing.with(|routing| read(routing))
    }

    /// Who leads, as far as is known.
    pub(crate) fn leader(&self) -> Option<usize> {
        self.routing(Routing::leader)
    }

    /// A node has said what it is.
    pub(crate) fn seen(&self, node: usize, seen: Seen) {
        let change = self.routing.with(|routing| routing.seen(node, seen));
        match change {
            Ok(change) => {
                self.nodes[node].set_trouble(None);
                self.tell(change);
            }
            Err(lineage) => {
                let told = format!(
                    "it has a store of lineage {:032x}, the others have one of {lineage:032x}",
                    seen.lineage
                );
                tracing::error!(node = %self.nodes[node].name, "{told}");
                self.nodes[node].set_trouble(Some(told));
                self.tell(Change::Nodes);
            }
        }
    }

    /// A node does not say what it is.
    pub(crate) fn lost(&self, node: usize, why: &Error) {
        self.nodes[node].set_trouble(Some(why.to_string()));
        let change = self.routing.with(|routing| routing.lost(node));
        self.tell(change);
    }

    /// A node that was taken for the leader refused a write.
    pub(crate) fn refused_write(&self, node: usize) {
        let change = self.routing.with(|routing| routing.refused_write(node));
        self.tell(change);
        self.ask_all();
    }

    /// Has all nodes asked at once what they are.
    pub(crate) fn ask_all(&self) {
        for node in &self.nodes {
            node.wanted.notify_one();
        }
    }

    fn tell(&self, change: Change) {
        if change == Change::None {
            return;
        }
        let (leader, term) = self.routing(|routing| {
            for (place, node) in self.nodes.iter().enumerate() {
                let state = match routing.may_be_read(place) {
                    _ if routing.leader() == Some(place) => 2,
                    is_read => i64::from(is_read),
                };
                node.metrics.state.set(state);
            }
            let pretenders: Vec<&str> =
                routing.pretenders().map(|node| &*self.nodes[node].name).collect();
            if !pretenders.is_empty() {
                tracing::warn!(
                    nodes = pretenders.join(", "),
                    "nodes take writes beside the leader: stop them"
                );
            }
            (routing.leader(), routing.newest_term())
        });
        self.metrics.leader_term.set(i64::try_from(term).unwrap_or(i64::MAX));
        if change == Change::Leader {
            match leader {
                Some(leader) => {
                    tracing::info!(node = %self.nodes[leader].name, term, "the leader is known");
                }
                None => tracing::warn!(term, "no node takes writes"),
            }
        }
        self.changes.send_modify(|count| *count += 1);
    }

    /// A connection to whoever is best for a role now. It does not wait for one to come up.
    ///
    /// # Errors
    /// `Unavailable` where nobody is there; otherwise the last one's error.
    pub(crate) async fn take(
        &self,
        role: Role,
        wanted: &Wanted,
        place: &'static Location<'static>,
    ) -> Result<Chosen, Error> {
        let mut last = None;
        for node in self.candidates(role, wanted) {
            match self.nodes[node].take(role, place).await {
                Ok(taken) => return Ok(Chosen { node, taken }),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| self.nobody(role)))
    }

    fn candidates(&self, role: Role, wanted: &Wanted) -> Vec<usize> {
        if role == Role::Write || wanted.leader_only {
            return self.leader().into_iter().collect();
        }
        let busy: Vec<u32> = self.nodes.iter().map(|node| node.pool(role).wanted()).collect();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let is_closed = |node: &usize| self.nodes[*node].breaker_state() == BreakerState::Closed;
        let mut candidates = self.routing(|routing| routing.readers(&busy, turn));
        let others = |node: &usize| is_closed(node) && !wanted.excluded.contains(node);
        if candidates.iter().any(others) {
            candidates.retain(others);
        }
        candidates
    }

    fn nobody(&self, role: Role) -> Error {
        let sought = match role {
            Role::Write => "no node is known that takes writes",
            Role::Read => "no node is known that can be read",
        };
        let term = self.routing(Routing::newest_term);
        let mut told = format!("{sought} in term {term}");
        for (place, node) in self.nodes.iter().enumerate() {
            let state = node.trouble().unwrap_or_else(|| {
                self.routing(|routing| match routing.of(place) {
                    None => "has not answered yet".to_owned(),
                    Some(seen) if seen.is_follower => format!("a replica, term {}", seen.term),
                    Some(seen) => format!("takes writes, in term {}", seen.term),
                })
            });
            told.push_str(&format!("; {}: {state}", node.name));
        }
        Error::new(Kind::Unavailable, told)
    }

    /// Closes what is open.
    pub(crate) fn close(&self) {
        for pool in self.nodes.iter().flat_map(Node::pools) {
            pool.close();
        }
    }
}

/// What a handle of a client keeps: the task that asks the nodes, which ends with the last clone.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) task: tokio::task::AbortHandle,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.task.abort();
        self.shared.close();
    }
}
