//! Log shipping: a leader sends what it has committed to replicas that follow it.
//!
//! ```text
//! leader                                            follower
//! commit --> log --Shipping--> parcel =====TLS=====> queue --receive--> log, shards, Cut
//!             ^                                        |
//!             +--slot <====== Acknowledge =============+
//! ```
//! It is asynchronous: a commit on the leader waits for no follower. What a follower shows is a
//! state that the leader had, whole transactions in the leader's order.
//!
//! - `frame`, `message`: bytes and what they say; `secret`, `channel`: who the other side is;
//! - `leader`, `sending`: the side that sends, records and backups;
//! - `follower`, `bootstrap`: the side that takes them;
//! - `engine`: what of the store's interface both need;
//! - `status`, `freshness`, `observe`: what others see of it, and what reads may rely on;
//! - `raft`: groups of servers that agree on each commit.
//!
//! # Invariants
//! - **R1** Nothing is shipped that is not durable on the leader.
//! - **R2** A promotion happens after the connection has ended: nothing of the old leader is
//!   applied after it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bourse_storage::sync::{self, Condvar, Mutex};
use bourse_storage::{Error, Result};
use tokio::sync::Notify;

mod bootstrap;
mod channel;
mod engine;
mod fault;
mod follower;
pub(crate) mod frame;
mod freshness;
pub(crate) mod leader;
mod message;
mod observe;
mod raft;
mod secret;
mod sending;
mod status;
#[cfg(test)]
mod tests;

pub(crate) use bootstrap::Aside;
pub use bootstrap::{BootstrapProgress, clear_for_new_start, prepare};
pub(crate) use fault::Fault;
#[doc(hidden)]
pub use raft::simulation;
pub use raft::{prepare_member, removed_member};

use channel::{Credentials, Encryption};
pub(crate) use follower::Pauses;
use freshness::Freshness;
pub(crate) use leader::apart;
pub(crate) use raft::GroupNode;
use secret::Secret;
pub(crate) use sending::{SendingFolder, chunk, is_file_of_backup, names_of_backup};
pub(crate) use status::Following;
use status::{Followers, Leader};

use crate::options::Options;
use crate::server::Shared;

/// What a node knows of replication.
pub(crate) struct Replication {
    /// What it calls itself to others: the name of its slot.
    pub(crate) node: String,
    /// Tells it apart from another process of the same name.
    pub(crate) instance: u128,
    /// How often it says something.
    pub(crate) heartbeat: Duration,
    credentials: Option<Credentials>,
    pub(crate) followers: Followers,
    refused: AtomicU64,
    leader: Option<Mutex<Leader>>,
    freshness: Mutex<Freshness>,
    /// The part in a group.
    group: OnceLock<Arc<GroupNode>>,
    promoting: AtomicBool,
    promoted: Notify,
    ended: (Mutex<bool>, Condvar),
}

impl Replication {
    /// As the options say.
    ///
    /// # Errors
    /// A secret that is missing or cannot be read.
    pub(crate) fn new(options: &Options) -> Result<Replication> {
        options.check()?;
        let is_used = options.replication_listen.is_some()
            || options.follow.is_some()
            || options.node_id.is_some();
        let leader = options.follow.as_deref().map(|address| Mutex::new(Leader::at(address)));
        let credentials = match is_used {
            true => Some(credentials(options)?),
            false => None,
        };
        Ok(Replication {
            node: options.node_id.map_or_else(|| options.node_name(), raft::node::name_of),
            instance: rand::random(),
            heartbeat: Duration::from_millis(options.replication_heartbeat_ms.max(10)),
            credentials,
            followers: Followers::default(),
            refused: AtomicU64::new(0),
            ended: (Mutex::new(leader.is_none()), Condvar::new()),
            leader,
            freshness: Mutex::default(),
            group: OnceLock::new(),
            promoting: AtomicBool::new(false),
            promoted: Notify::new(),
        })
    }

    /// This node's part in a group, if it is a member of one.
    pub(crate) fn group(&self) -> Option<&Arc<GroupNode>> {
        self.group.get()
    }

    fn note_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Nodes that were not let in.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Where the leader is followed.
    fn address(&self) -> String {
        self.leader.as_ref().map(|leader| leader.lock().address.clone()).unwrap_or_default()
    }

    /// The leader that is followed, as it is known.
    pub(crate) fn leader(&self) -> Option<Leader> {
        self.leader.as_ref().map(|leader| leader.lock().clone())
    }

    fn change_leader(&self, change: impl FnOnce(&mut Leader)) {
        if let Some(leader) = &self.leader {
            change(&mut leader.lock());
        }
    }

    /// The leader had come so far when this node's clock had said so.
    fn told(&self, newest: u64, clock: u64) {
        self.freshness.lock().told(newest, clock);
    }

    /// Records up to this one can be read.
    fn note_applied(&self, applied: u64) {
        self.freshness.lock().applied(applied);
    }

    /// For how long at most the state has not been the leader's newest one; `None` where that is
    /// not known.
    pub(crate) fn staleness(&self) -> Option<Duration> {
        let fresh = self.freshness.lock().as_of()?;
        Some(Duration::from_micros(clock_us().saturating_sub(fresh)))
    }

    /// Ends when the node is to become a leader.
    async fn promotion(&self) {
        loop {
            let notified = self.promoted.notified();
            if self.promoting.load(Ordering::Acquire) {
                return;
            }
            notified.await;
        }
    }

    /// Waits until nothing of a leader is applied any more, once nothing is taken from it.
    pub(crate) fn rest(&self, database: &bourse::Database) {
        if self.leader.is_some()
            && let Err(error) = database.replication_position()
        {
            tracing::warn!("{error}");
        }
    }

    fn has_ended_following(&self) {
        *self.ended.0.lock() = true;
        self.ended.1.notify_all();
    }

    /// Makes the node a leader. Waits until nothing of the old one is applied any more, at most for
    /// `limit`.
    ///
    /// # Errors
    /// 55000 for a node that follows nobody, and when the time ran out; as the store's promotion.
    pub(crate) fn promote(&self, database: &bourse::Database, limit: Duration) -> Result<()> {
        self.promoting.store(true, Ordering::Release);
        self.promoted.notify_waiters();
        let deadline = sync::monotonic() + limit;
        let mut ended = self.ended.0.lock();
        while !*ended {
            let left = deadline.saturating_sub(sync::monotonic());
            if left.is_zero() {
                return Err(Error::invalid("the connection to the leader did not end in time")
                    .with_sqlstate("55000"));
            }
            self.ended.1.wait_for(&mut ended, left);
        }
        drop(ended);
        engine::promote(database) // R2
    }
}

/// What this node greets others by.
fn credentials(options: &Options) -> Result<Credentials> {
    let Some(path) = &options.cluster_secret_file else {
        return Err(Error::invalid(
            "replication needs a secret that all nodes know: name its file with \
             --cluster-secret-file; `head -c 32 /dev/urandom | base64` makes one",
        ));
    };
    Ok(Credentials {
        encryption: Encryption::new()?,
        secret: Secret::read(path)?,
        timeout: Duration::from_millis(options.replication_timeout_ms.max(100)),
    })
}

/// What this node's clock says, which no other node can read: microseconds, never 0.
fn clock_us() -> u64 {
    u64::try_from(sync::monotonic().as_micros()).unwrap_or(u64::MAX).max(1)
}

/// Takes part in a group, where the store is a member of one. Not to be called by a task.
///
/// # Errors
/// A store and options that do not go together.
pub(crate) fn begin_group(shared: &Arc<Shared>) -> Result<()> {
    let shown = shared.database.folder().display();
    let (member, id) = match (shared.database.member(), shared.options.node_id) {
        (None, None) => return Ok(()),
        (Some(_), None) => {
            return Err(Error::invalid(format!(
                "{shown} holds the store of a member of a group: give it --node-id and --peers"
            )));
        }
        (None, Some(_)) => {
            return Err(Error::invalid(format!(
                "{shown} holds a store that is no member of a group: say --create to begin a group \
                 with it; where a file GROUP is in the folder, remove it first"
            )));
        }
        (Some(member), Some(id)) => (member, id),
    };
    let node = raft::node::start(shared, member, &shared.replication, id)?;
    node.run(shared);
    let _ = shared.replication.group.set(node);
    Ok(())
}

/// Begins what the options ask for. Returns where replicas are let in.
///
/// # Errors
/// An address that cannot be listened at.
pub(crate) async fn begin(shared: &Arc<Shared>) -> Result<Option<std::net::SocketAddr>> {
    let replication = &shared.replication;
    let Some(credentials) = replication.credentials.clone() else { return Ok(None) };
    if replication.leader.is_some() {
        match shared.database.is_follower() {
            true => drop(tokio::spawn(follower::run(Arc::clone(shared), credentials))),
            false => {
                return Err(Error::invalid(format!(
                    "{} holds a store that is no replica: it has a history of its own, and cannot \
                     follow {}; serve it without --follow, or name an empty folder",
                    shared.database.folder().display(),
                    replication.address()
                )));
            }
        }
    }
    match shared.options.replication_address()? {
        Some(wanted) => {
            sending::sweep(shared.database.folder())?;
            Ok(Some(leader::listen(shared, wanted).await?))
        }
        None => Ok(None),
    }
}
