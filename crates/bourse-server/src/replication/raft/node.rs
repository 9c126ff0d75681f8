//! A member at work: who leads, entries for what was written, and when the store is to be opened
//! anew.
//!
//! ```text
//!            +---- the consensus has chosen this one ----+
//!            |                                           v
//! opened, follows                                 leads: ends entries
//!            ^                                           |
//!            +-- opened anew <-- stopped <-- leads no longer, or an entry was taken back
//! ```
//!
//! # Invariants
//! - **N1** A store that leads does so in one term: once that is over it takes no write any more,
//!   and is opened anew.
//! - **N2** At most `ENTRIES_MAX` entries are on their way: what is written meanwhile is in the
//!   next one.
//! - **N3** A member that was made of a backup is quiet, in elections, until it has all that the
//!   leader had then (A1 of `serving`).
//! - **N4** Nothing of the consensus runs on the threads for clients' sockets.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use bourse::replication::group::Member;
use bourse_sql::activity::LeaderActivity;
use bourse_storage::id::Lsn;
use bourse_storage::sync::Mutex;
use bourse_storage::{Error, Result};
use openraft::async_runtime::watch::WatchReceiver as _;
use openraft::{BasicNode, Config, RaftMetrics, ReadPolicy, SnapshotPolicy};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::Semaphore;

use super::super::Replication;
use super::super::status::Following;
use super::chores::{self, HOLD};
use super::host::Host;
use super::leading;
use super::levels::{self, Rounds};
use super::link::{Acquaintance, Way, host_for};
use super::network::Network;
use super::runtime::{self, in_place};
use super::storage::{Logs, Machine, Store};
use super::types::{Answer, Raft, Types};
use crate::server::Shared;

/// What the consensus tells of itself.
pub(super) type Metrics = RaftMetrics<Types>;

/// A member that runs.
pub(crate) struct GroupNode {
    pub(crate) raft: Raft,
    pub(crate) store: Arc<Store>,
    pub(crate) own: Arc<Acquaintance>,
    /// Where members are, as the options have it: see [`GroupNode::addresses`].
    peers: BTreeMap<u64, String>,
    joining: Arc<Semaphore>,
    /// The term in which the store leads; 0 where it does not.
    pub(super) leads_in: AtomicU64,
    pub(super) is_over: AtomicBool,
    /// It gives its leadership away by itself.
    pub(super) is_handing_over: AtomicBool,
    /// Sessions that ask how far the group is, and whether another member shows their commits.
    pub(super) reads: Rounds,
    pub(super) commits: Rounds,
    /// The server whose it is.
    pub(super) shared: Weak<Shared>,
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
}

fn config() -> Config {
    Config {
        cluster_name: "bourse".to_owned(),
        heartbeat_interval: 50,
        election_timeout_min: 200,
        election_timeout_max: 400,
        enable_pre_vote: Some(true),
        enable_leader_restore: Some(false),
        snapshot_policy: SnapshotPolicy::Never,
        max_in_snapshot_log_to_keep: u64::MAX,
        max_payload_entries: 64,
        backoff: "20ms 50ms ..200ms".into(),
        ..Config::default()
    }
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> Error {
    Error::invalid(format!("{what}: {error}")).with_sqlstate("58000")
}

/// Starts the member's part in its group.
///
/// # Errors
/// Options that do not go with what the store remembers; the disk's.
pub(crate) fn start(
    shared: &Arc<Shared>,
    member: Member,
    replication: &Replication,
    id: u64,
) -> Result<Arc<GroupNode>> {
    let Some(credentials) = replication.credentials.clone() else {
        return Err(Error::invalid("a member of a group needs --cluster-secret-file"));
    };
    let lineage = member.lineage();
    let store = Store::new(member.clone())?;
    let saved = store.saved();
    if saved.id != id {
        store.end();
        return Err(Error::invalid(format!(
            "{} holds the store of member {}: start it with --node-id {}",
            shared.database.folder().display(),
            saved.id,
            saved.id
        )));
    }
    if saved.is_removed {
        store.end();
        return Err(removed_member(shared.database.folder()));
    }
    let peers = shared.options.peers()?;
    let listen = shared.address();
    let clients = (host_for(listen, peers_are_near(&peers)), listen.port());
    let names = (replication.node.clone(), replication.instance);
    let (node, instance) = names;
    let way = Way::Cluster { credentials, node, instance };
    let own = Arc::new(Acquaintance::new((id, lineage), way, clients));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("bourse-group")
        .enable_all()
        .build()
        .map_err(|error| Error::io("cannot start the threads of a group", error))?; // N4
    let parts = Parts { store, own, peers, shared: Arc::downgrade(shared) };
    let handle = runtime.handle().clone();
    let node = runtime.block_on(GroupNode::begin(parts, handle))?;
    *node.runtime.lock() = Some(runtime);
    Ok(node)
}

/// What a member is made of.
pub(super) struct Parts {
    pub(super) store: Arc<Store>,
    pub(super) own: Arc<Acquaintance>,
    pub(super) peers: BTreeMap<u64, String>,
    pub(super) shared: Weak<Shared>,
}

/// Whether all members are on this machine: then it is of use to them where clients connect here.
fn peers_are_near(peers: &BTreeMap<u64, String>) -> bool {
    peers.values().all(|address| {
        let host = address.rsplit_once(':').map_or(&**address, |(host, _)| host);
        host == "localhost" || host.starts_with("127.") || host == "[::1]"
    })
}

/// What is said where the store, in this folder, is of a member that was removed from its group.
pub fn removed_member(folder: &Path) -> Error {
    let folder = folder.display();
    Error::invalid(format!(
        "this member was removed from its group, and has no part in it any more; to have it join \
         again, empty {folder}, start it, and add it by `bourse cluster add`"
    ))
}

impl GroupNode {
    /// Begins to take part, on the threads that run the caller (N4).
    pub(super) async fn begin(parts: Parts, handle: Handle) -> Result<Arc<GroupNode>> {
        let Parts { store, own, peers, shared } = parts;
        let config = config().validate().map_err(|error| failed("the group's settings", &error))?;
        let network = Network { own: Arc::clone(&own), member: store.member.clone() };
        let (logs, machine) = (Logs(Arc::clone(&store)), Machine::new(Arc::clone(&store)));
        let raft = Raft::new(own.id, Arc::new(config), network, logs, machine)
            .await
            .map_err(|error| failed("the group cannot be taken part in", &error))?;
        let node = Arc::new(GroupNode {
            raft,
            store,
            own,
            peers,
            joining: Arc::new(Semaphore::new(1)),
            leads_in: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
            is_handing_over: AtomicBool::new(false),
            reads: Rounds::new(),
            commits: Rounds::new(),
            shared,
            handle,
            runtime: Mutex::new(None),
        });
        node.raft.runtime_config().elect(!node.is_quiet());
        let found = node.found();
        found.await.map_err(|error| failed("the group cannot be begun", &error))?;
        Ok(node)
    }

    /// Begins the group, if it is to begin with this member and has not.
    async fn found(&self) -> std::result::Result<(), String> {
        let founds = self.store.saved().founds;
        if !founds || self.raft.is_initialized().await.map_err(|error| error.to_string())? {
            return Ok(());
        }
        let address = self.address_of(self.own.id).unwrap_or_default();
        let alone = BTreeMap::from([(self.own.id, BasicNode::new(address))]);
        self.raft.initialize(alone).await.map_err(|error| error.to_string())
    }

    /// Runs what has to be done beside the consensus, until the server stops.
    pub(crate) fn run(self: &Arc<Self>, host: &Arc<impl Host>) {
        runtime::spawn_on(&self.handle, leading::watch(Arc::clone(self), Arc::clone(host)));
        runtime::spawn_on(&self.handle, chores::run(Arc::clone(self), Arc::clone(host)));
        runtime::spawn_on(&self.handle, levels::answer_reads(Arc::clone(self)));
        runtime::spawn_on(&self.handle, levels::answer_commits(Arc::clone(self)));
    }

    /// What runs what others of the group, and replicas, ask of this node.
    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// What the consensus tells of itself.
    pub(crate) fn metrics(&self) -> Metrics {
        self.raft.metrics().borrow_watched().clone()
    }

    /// Where the other members are that the group has.
    pub(super) fn others_at(&self) -> BTreeMap<u64, String> {
        let now = self.metrics();
        let others = now.membership_config.nodes().filter(|(id, _)| **id != self.own.id);
        others.map(|(id, node)| (*id, node.addr.clone())).collect()
    }

    /// Where members are: as the group has it, and for those whom it does not know, the options.
    pub(crate) fn addresses(&self) -> BTreeMap<u64, String> {
        let now = self.metrics();
        let known = now.membership_config.nodes().map(|(id, node)| (*id, node.addr.clone()));
        let mut addresses = self.peers.clone();
        addresses.extend(known);
        addresses
    }

    /// Where a member is.
    pub(crate) fn address_of(&self, id: u64) -> Option<String> {
        self.addresses().remove(&id)
    }

    /// Where this node says that it is, to others.
    pub(crate) fn own_address(&self) -> String {
        self.peers.get(&self.own.id).cloned().unwrap_or_default()
    }

    /// Whether a node may have a vote without an operator's word: the options name it, and it was
    /// never removed.
    pub(crate) fn may_join(&self, id: u64, address: &str) -> bool {
        let is_named = self.peers.get(&id).is_some_and(|named| named == address);
        is_named && !self.store.saved().removed.contains(&id)
    }

    /// Whether it is no part of the group, as far as it knows: it waits to be added.
    pub(crate) fn is_waiting(&self) -> bool {
        let metrics = self.raft.metrics();
        let now = metrics.borrow_watched();
        now.membership_config.get_node(&self.own.id).is_none()
    }

    /// Whether it takes no part in elections yet (N3).
    pub(crate) fn is_quiet(&self) -> bool {
        let last = self.store.member.last().map(|last| last.id.index);
        self.store.saved().quiet_until.is_some_and(|until| last < Some(until))
    }

    /// A turn at taking a newcomer in: one at a time.
    pub(crate) fn begin_joining(&self) -> Option<tokio::sync::OwnedSemaphorePermit> {
        Arc::clone(&self.joining).try_acquire_owned().ok()
    }

    /// Whether the store takes writes as the leader of a term that is not over as far as is known.
    pub(crate) fn leads_now(&self) -> bool {
        self.leads_in.load(Ordering::Acquire) > 0 && !self.is_over.load(Ordering::Acquire)
    }

    /// The newest term that it has heard of.
    pub(crate) fn term(&self) -> u64 {
        self.raft.server_metrics().borrow_watched().vote.leader_id().term
    }

    /// Up to which record the group has agreed, asked of the group for one of its members.
    pub(crate) async fn newest(&self, member: u64) -> Answer {
        let asked = self.raft.get_read_log_id(ReadPolicy::ReadIndex).await;
        let index = match asked {
            Ok((read, _)) => openraft::LogIdOptionExt::index(&Some(read.log_id())),
            Err(error) => return Answer::No(error.to_string()),
        };
        let now = self.metrics();
        let configs = [&now.membership_config, &now.committed_membership_config];
        if configs.iter().all(|config| config.get_node(&member).is_none()) {
            // It leads, by the word of a majority: it knows of all that was agreed on.
            return Answer::Removed;
        }
        let member = &self.store.member;
        // One that was let go of is published.
        let newest = index.and_then(|index| self.end_of(index)).unwrap_or_else(|| member.agreed());
        Answer::Newest { newest: newest.0, needed: self.needed().map_or(0, |needed| needed.0) }
    }

    /// The last record of an entry, if the log has it, or has let go of what comes up to it.
    pub(crate) fn end_of(&self, index: u64) -> Option<Lsn> {
        let entries = self.store.member.entries(index..index.saturating_add(1));
        let base = || self.store.member.base().filter(|base| base.id.index == index);
        entries.into_iter().next().or_else(base).map(|entry| entry.end)
    }

    /// How far each other member is, as the leader knows it: its last record, if the log has what
    /// comes behind it.
    pub(crate) fn others(&self) -> BTreeMap<u64, Option<Lsn>> {
        let now = self.metrics();
        let replicated = now.replication.unwrap_or_default().into_iter();
        let others = replicated.filter(|(id, _)| *id != self.own.id);
        others.map(|(id, at)| (id, at.and_then(|at| self.end_of(at.index)))).collect()
    }

    /// The last record that all others have, but for those that lack what the log has no more:
    /// these begin anew, and log that is kept is of no use to them.
    pub(crate) fn needed(&self) -> Option<Lsn> {
        self.others().into_values().flatten().min()
    }

    /// The leader that this member follows, as the catalog shows it.
    pub(crate) fn leader_activity(&self) -> Option<LeaderActivity> {
        let leader = self.raft.server_metrics().borrow_watched().current_leader?;
        let (member, address) = (&self.store.member, self.address_of(leader));
        (leader != self.own.id).then(|| LeaderActivity {
            address: address.unwrap_or_default(),
            clients: self.own.clients_of(leader),
            state: Following::Streaming.name(),
            slot: HOLD.to_owned(),
            began_after: Lsn(0),
            received: member.last().map_or(Lsn(0), |last| last.end),
            newest: member.agreed(),
            sent_us: 0,
            received_us: 0,
        })
    }

    /// Ends its part in the group. Another one leads then, if this one did and there is one.
    pub(crate) fn end(&self) {
        self.reads.end();
        self.commits.end();
        let Some(runtime) = self.runtime.lock().take() else { return };
        let was_over = self.is_over.swap(true, Ordering::AcqRel);
        runtime.block_on(async {
            if !was_over && self.leads_in.load(Ordering::Acquire) > 0 {
                self.hand_over().await;
            }
            if let Err(error) = self.raft.shutdown().await {
                tracing::warn!("the consensus has ended badly: {error}");
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
        self.store.end();
    }

    /// What becomes of its leadership is its own will.
    pub(super) fn begin_handing_over(&self) {
        self.is_handing_over.store(true, Ordering::Release);
    }

    /// It is no member any more.
    pub(super) fn leave(&self, host: &impl Host) {
        let remember = || self.store.change_saved(|saved| saved.is_removed = true);
        if let Err(error) = in_place(remember) {
            tracing::warn!("that this member was removed is not remembered: {error}");
        }
        if self.is_over.swap(true, Ordering::AcqRel) || host.is_stopping() {
            return;
        }
        tracing::error!("{}", removed_member(host.database().folder()));
        self.raft.runtime_config().elect(false);
        self.store.member.retire("this member was removed from its group");
        host.leave();
    }
}

/// What log is kept under for a member that is away.
pub(crate) fn name_of(id: u64) -> String {
    format!("member-{id}")
}
