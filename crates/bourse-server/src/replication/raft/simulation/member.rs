//! A member in a simulation: its server, which is hardly one, and its store.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use bourse::Database;
use bourse::replication::group::{self, Member};
use bourse_storage::id::Lsn;
use bourse_storage::sync::Mutex;
use bourse_storage::vfs::sim::SimVfs;
use bourse_storage::{Error, Result};
use openraft::async_runtime::watch::WatchReceiver as _;
use tokio::runtime::{Handle, Runtime};

use super::super::host::Host;
use super::super::link::{Acquaintance, Way};
use super::super::node::{GroupNode, Parts};
use super::super::serving;
use super::super::storage::Store;
use super::super::types::{Answer, Saved};
use super::turns::{Turns, WORLD};
use super::wires::{Wire, Wires, address_of};

/// What a member's server has asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wish {
    /// The store is to be opened anew.
    OpenAnew,
    /// The store is to be made anew, of a backup of the leader.
    BeginAnew,
    /// It is no member any more.
    Leave,
}

/// What the member takes for its server.
pub(super) struct SimulatedServer {
    database: Database,
    group: OnceLock<Arc<GroupNode>>,
    wish: Mutex<Option<Wish>>,
}

impl Host for SimulatedServer {
    fn database(&self) -> &Database {
        &self.database
    }

    fn group(&self) -> Option<&Arc<GroupNode>> {
        self.group.get()
    }

    /// It is ended as it is.
    fn stopped(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    fn is_stopping(&self) -> bool {
        false
    }

    fn open_anew(self: &Arc<Self>, _: bool) {
        *self.wish.lock() = Some(Wish::OpenAnew);
    }

    fn begin_anew(&self) {
        *self.wish.lock() = Some(Wish::BeginAnew);
    }

    fn leave(&self) {
        *self.wish.lock() = Some(Wish::Leave);
    }

    fn settled(&self) {}

    fn told(&self, _: u64, _: u64) {}
}

/// A world's turns and network.
#[derive(Clone)]
pub struct Simulation {
    /// Who goes on.
    pub turns: Turns,
    /// What members say to each other goes over it.
    pub wires: Wires,
}

impl Simulation {
    /// Of a seed.
    pub fn new(seed: u64) -> Simulation {
        let turns = Turns::new(seed);
        let wires = Wires::new(turns.clone());
        Simulation { turns, wires }
    }

    /// Runs a future in it, to its end. The runtime is of one thread, and its time is paused.
    ///
    /// # Errors
    /// What it has panicked with.
    pub fn run<F>(&self, runtime: Runtime, future: F) -> std::result::Result<F::Output, String>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let ended = self.turns.run(runtime, future);
        self.wires.forget();
        ended
    }

    /// Starts a member with a store that was opened, as its server would. `members` are those that
    /// the options name.
    ///
    /// # Errors
    /// What the store remembers cannot be read; the disk's.
    pub async fn start(
        &self,
        id: u64,
        (database, disk, flush_takes): (Database, SimVfs, Duration),
        members: &[u64],
    ) -> Result<SimulatedMember> {
        self.turns.set_disk(id, disk, flush_takes);
        let server =
            Arc::new(SimulatedServer { database, group: OnceLock::new(), wish: Mutex::new(None) });
        let wire = Wire { wires: self.wires.clone(), from: id };
        let peers = members.iter().map(|id| (*id, address_of(*id))).collect();
        let begun = self.turns.spawn(id, begin(Arc::clone(&server), id, wire, peers));
        begun.await.map_err(|error| Error::invalid(error.to_string()))??;
        self.wires.listen(id, Some(Arc::clone(&server)));
        Ok(SimulatedMember { id, server, turns: self.turns.clone() })
    }

    /// Ends a member as it is, by a crash or not.
    pub async fn end(&self, member: SimulatedMember) {
        let id = member.id;
        drop(member);
        self.end_tasks(id).await;
    }

    /// As [`Simulation::end`] of one that may not have begun.
    pub async fn end_tasks(&self, id: u64) {
        self.wires.listen(id, None);
        self.turns.end_all(id).await;
    }
}

async fn begin(
    server: Arc<SimulatedServer>,
    id: u64,
    wire: Wire,
    peers: BTreeMap<u64, String>,
) -> Result<()> {
    let Some(member) = server.database.member() else {
        return Err(Error::invalid("the store is no member's"));
    };
    let lineage = member.lineage();
    let store = Store::new(member)?;
    let clients = (String::new(), 1);
    let own = Arc::new(Acquaintance::new((id, lineage), Way::Simulated(wire), clients));
    let parts = Parts { store, own, peers, shared: Weak::new() };
    let node = GroupNode::begin(parts, Handle::current()).await?;
    let _ = server.group.set(Arc::clone(&node));
    node.run(&server);
    Ok(())
}

/// A member that runs.
pub struct SimulatedMember {
    id: u64,
    server: Arc<SimulatedServer>,
    turns: Turns,
}

impl SimulatedMember {
    /// Its store, to be used without waiting for anything meanwhile: a member that is opened anew
    /// must be the only one who has it.
    pub fn database(&self) -> &Database {
        &self.server.database
    }

    /// The store's part in the group.
    ///
    /// # Panics
    /// Never: it is checked as the member starts.
    #[expect(clippy::expect_used, reason = "it is checked as the member starts")]
    pub fn member(&self) -> Member {
        self.server.database.member().expect("a member's store")
    }

    fn node(&self) -> Option<&Arc<GroupNode>> {
        self.server.group.get()
    }

    /// What its server has been asked for.
    pub fn wish(&self) -> Option<Wish> {
        *self.server.wish.lock()
    }

    /// The term in which it takes writes.
    pub fn leads_in(&self) -> Option<u64> {
        let node = self.node().filter(|node| node.leads_now())?;
        Some(node.leads_in.load(Ordering::Acquire))
    }

    /// Whether it takes no part in elections yet.
    pub fn is_quiet(&self) -> bool {
        self.node().is_none_or(|node| node.is_quiet())
    }

    /// Members with a vote, as all of the group know, or as far as this one does.
    pub fn voters(&self) -> Vec<u64> {
        let Some(node) = self.node() else { return Vec::new() };
        let metrics = node.raft.metrics();
        let now = metrics.borrow_watched();
        now.committed_membership_config.voter_ids().collect()
    }

    /// Up to which record the group has agreed: whatever was acknowledged before is among these.
    /// Waits as a session does.
    ///
    /// # Errors
    /// Why that is not known just now.
    pub fn newest_agreed(
        &self,
    ) -> impl Future<Output = std::result::Result<Lsn, String>> + Send + use<> {
        let node = self.node().map(Arc::downgrade);
        let asking = self.turns.spawn(self.id, async move {
            let Some(node) = node.and_then(|node| node.upgrade()) else {
                return Err("it has not begun".to_owned());
            };
            node.reads.ask_in_task(Lsn(0)).await
        });
        async move { asking.await.unwrap_or_else(|_| Err("it has ended".to_owned())) }
    }

    /// What a member with this number remembers, and begins with, that is made of a backup of this
    /// one.
    ///
    /// # Errors
    /// Why it is not to be made of this one.
    pub fn base_of(
        &self,
        id: u64,
        behind: Lsn,
    ) -> impl Future<Output = std::result::Result<Beginning, String>> + Send + use<> {
        let node = self.node().map(Arc::downgrade);
        let asking = self.turns.spawn(self.id, async move {
            let Some(node) = node.and_then(|node| node.upgrade()) else {
                return Err("it has not begun".to_owned());
            };
            match serving::base(&node, id, behind).await {
                Answer::Base(base) => {
                    let state = Saved::of_newcomer(id, &base).encode();
                    Ok((base.of_store(), state.map_err(|error| error.to_string())?))
                }
                Answer::No(why) => Err(why),
                other => Err(format!("{other:?}")),
            }
        });
        async move { asking.await.unwrap_or_else(|_| Err("it has ended".to_owned())) }
    }
}

/// Where a store begins that is made of a backup, and what it remembers.
pub type Beginning = (group::Base, Vec<u8>);

/// What the member remembers with which a group begins.
///
/// # Errors
/// None is known.
pub fn founder(id: u64) -> Result<Vec<u8>> {
    Saved::of_founder(id).encode()
}

/// The owner of what belongs to no member.
pub const NOBODY: u64 = WORLD;
