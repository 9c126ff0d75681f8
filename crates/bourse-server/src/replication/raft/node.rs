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
//! - **N2** At most [`ENTRIES_MAX`] entries are on their way: what is written meanwhile is in the
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
use openraft::impls::ProgressResponder;
use openraft::{BasicNode, Config, RaftMetrics, ReadPolicy, ServerState, SnapshotPolicy};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::Semaphore;

use super::super::Replication;
use super::super::status::Following;
use super::chores::{self, HOLD};
use super::handover;
use super::levels::{self, Rounds};
use super::link::{Acquaintance, host_for};
use super::network::Network;
use super::storage::{Logs, Machine, Store};
use super::types::{Answer, Raft, Records, Types};
use crate::server::Shared;

/// Entries on their way at most (N2).
const ENTRIES_MAX: usize = 8;

/// How often it is looked whether the store, or the consensus, has stopped.
const LOOK: Duration = Duration::from_millis(50);

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
    leads_in: AtomicU64,
    is_over: AtomicBool,
    /// It gives its leadership away by itself.
    is_handing_over: AtomicBool,
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
    let own = Arc::new(Acquaintance::new((id, lineage), credentials, names, clients));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("bourse-group")
        .enable_all()
        .build()
        .map_err(|error| Error::io("cannot start the threads of a group", error))?; // N4
    let config = config().validate().map_err(|error| failed("the group's settings", &error))?;
    let network = Network { own: Arc::clone(&own), member };
    let (logs, machine) = (Logs(Arc::clone(&store)), Machine::new(Arc::clone(&store)));
    let raft = runtime
        .block_on(Raft::new(id, Arc::new(config), network, logs, machine))
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
        shared: Arc::downgrade(shared),
        handle: runtime.handle().clone(),
        runtime: Mutex::new(Some(runtime)),
    });
    node.raft.runtime_config().elect(!node.is_quiet());
    node.found(saved.founds)?;
    Ok(node)
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
    /// Begins the group, if it is to begin with this member and has not.
    fn found(&self, founds: bool) -> Result<()> {
        let begun = self.handle.block_on(async {
            if !founds || self.raft.is_initialized().await.map_err(|error| error.to_string())? {
                return Ok(());
            }
            let address = self.address_of(self.own.id).unwrap_or_default();
            let alone = BTreeMap::from([(self.own.id, BasicNode::new(address))]);
            self.raft.initialize(alone).await.map_err(|error| error.to_string())
        });
        begun.map_err(|error| failed("the group cannot be begun", &error))
    }

    /// Runs what has to be done beside the consensus, until the server stops.
    pub(crate) fn run(self: &Arc<Self>, shared: &Arc<Shared>) {
        self.handle.spawn(watch(Arc::clone(self), Arc::clone(shared)));
        self.handle.spawn(chores::run(Arc::clone(self), Arc::clone(shared)));
        self.handle.spawn(levels::answer_reads(Arc::clone(self)));
        self.handle.spawn(levels::answer_commits(Arc::clone(self)));
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

    /// The store is of no use any more as it is (N1).
    fn give_up(&self, shared: &Arc<Shared>, reason: &str) {
        if self.is_over.swap(true, Ordering::AcqRel) || shared.is_stopping() {
            return;
        }
        tracing::warn!("the store is opened anew: {reason}");
        self.store.member.retire(reason);
        shared.gate.send_away();
        match self.is_handing_over.load(Ordering::Acquire) {
            true => drop(self.handle.spawn(handover::leave(Arc::clone(shared)))),
            false => shared.ask_to_open_anew(),
        }
    }

    /// It is no member any more.
    pub(crate) fn leave(&self, shared: &Shared) {
        let remember = || self.store.change_saved(|saved| saved.is_removed = true);
        if let Err(error) = tokio::task::block_in_place(remember) {
            tracing::warn!("that this member was removed is not remembered: {error}");
        }
        if self.is_over.swap(true, Ordering::AcqRel) || shared.is_stopping() {
            return;
        }
        tracing::error!("{}", removed_member(shared.database.folder()));
        self.raft.runtime_config().elect(false);
        self.store.member.retire("this member was removed from its group");
        shared.ask_to_leave();
    }
}

/// Follows who leads.
async fn watch(node: Arc<GroupNode>, shared: Arc<Shared>) {
    let mut metrics = node.raft.server_metrics();
    let mut was_settled = false;
    loop {
        let now = metrics.borrow_watched().clone();
        let leads = now.state == ServerState::Leader && now.vote.is_committed();
        let term = now.vote.leader_id().term;
        let led = node.leads_in.load(Ordering::Acquire);
        if led > 0 && (!leads || term != led) {
            return node.give_up(&shared, "this member leads its group no longer");
        }
        if led == 0 && leads && !lead(&node, &shared, term).await {
            return;
        }
        node.own.set_leader(now.current_leader);
        let leader = now.current_leader.filter(|leader| *leader != node.own.id);
        let clients = leader.and_then(|leader| node.own.clients_of(leader));
        shared.database.set_leader_address(clients);
        let running = node.raft.metrics().borrow_watched().running_state.clone();
        if let Err(fatal) = running {
            return node.give_up(&shared, &fatal.to_string());
        }
        if node.store.is_removed() {
            return node.leave(&shared);
        }
        if node.store.member.is_stopped() {
            return node.give_up(&shared, "it has stopped");
        }
        if !was_settled && node.store.member.is_settled() {
            was_settled = true;
            shared.roles_changed();
        }
        tokio::select! {
            () = shared.stopped() => return,
            changed = metrics.changed() => {
                if changed.is_err() && !shared.is_stopping() {
                    return node.give_up(&shared, "the consensus has ended");
                }
            }
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Has the store lead, and end entries. Returns whether it does.
async fn lead(node: &Arc<GroupNode>, shared: &Arc<Shared>, term: u64) -> bool {
    let database = shared.database.clone();
    let led = tokio::task::spawn_blocking(move || database.lead(term)).await;
    match led {
        Ok(Ok(())) => {
            node.leads_in.store(term, Ordering::Release);
            tracing::info!("this member leads its group, in term {term}");
            tokio::spawn(submit(Arc::clone(node), Arc::clone(shared)));
            true
        }
        Ok(Err(error)) => {
            node.give_up(shared, &format!("it cannot lead in term {term}: {error}"));
            false
        }
        Err(error) => {
            node.give_up(shared, &format!("it cannot lead in term {term}: {error}"));
            false
        }
    }
}

/// Has entries end behind what was written (N2).
async fn submit(node: Arc<GroupNode>, shared: Arc<Shared>) {
    let window = Arc::new(Semaphore::new(ENTRIES_MAX));
    let mut ended = node.store.ended();
    let member = &node.store.member;
    loop {
        let Ok(permit) = Arc::clone(&window).acquire_owned().await else { return };
        tokio::select! {
            () = member.unended() => {}
            () = shared.stopped() => {
                // What running statements write is agreed on still.
                member.unended().await;
            }
        }
        if member.is_stopped() || node.is_over.load(Ordering::Acquire) {
            return;
        }
        ended.mark_unchanged();
        let (responder, is_done) = ProgressResponder::complete_only();
        if node.raft.client_write_ff(Records, Some(responder)).await.is_err() {
            return;
        }
        let mut is_done = Box::pin(is_done);
        let is_early = tokio::select! {
            changed = ended.changed() => match changed {
                Ok(()) => false,
                Err(_) => return,
            },
            _ = &mut is_done => true,
        };
        // Where it was refused the one who watches sees why.
        if is_early {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        tokio::spawn(async move {
            let _ = is_done.await;
            drop(permit);
        });
    }
}

/// What log is kept under for a member that is away.
pub(crate) fn name_of(id: u64) -> String {
    format!("member-{id}")
}
