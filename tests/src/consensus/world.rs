//! A world from its begin to its end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bourse::replication::group::EntryId;
use bourse_server::replication::simulation::{NOBODY, Simulation};
use bourse_storage::sync::{Mutex, MutexGuard};
use tokio::time::{Instant, sleep};

use super::clients::Written;
use super::image::Image;
use super::node::{FLUSH, Node};
use super::{CLIENTS, Counts, MEMBERS, PEACE, UNREST, failed, runtime};
use crate::Violation;

/// How long a message takes at most, when the network is well.
pub(super) const QUICK: Duration = Duration::from_millis(6);

/// See the module above. Clones are the same.
#[derive(Clone)]
pub(super) struct World {
    pub(super) simulation: Simulation,
    pub(super) state: Arc<Mutex<State>>,
}

pub(super) struct State {
    nodes: Vec<Node>,
    pub(super) counts: Counts,
    pub(super) violation: Option<Violation>,
    /// What clients wrote, by key.
    pub(super) written: BTreeMap<i64, Written>,
    /// Who has led, by term.
    pub(super) leaders: BTreeMap<u64, u64>,
    /// Entries that somebody knew to be agreed on, by index.
    pub(super) agreed: BTreeMap<u64, EntryId>,
    /// Nothing goes wrong any more.
    pub(super) is_peace: bool,
    /// Clients are to come to their end.
    pub(super) is_over: bool,
    folders: u64,
}

impl State {
    pub(super) fn node(&self, id: u64) -> &Node {
        &self.nodes[usize::try_from(id).unwrap_or(1) - 1]
    }

    pub(super) fn node_mut(&mut self, id: u64) -> &mut Node {
        &mut self.nodes[usize::try_from(id).unwrap_or(1) - 1]
    }

    /// A number that no folder has yet.
    pub(super) fn next_folder(&mut self) -> u64 {
        self.folders += 1;
        self.folders
    }

    /// Whether the world is to end now.
    pub(super) fn is_ending(&self) -> bool {
        self.is_over || self.violation.is_some()
    }
}

impl World {
    pub(super) fn new(seed: u64, disks: &[Image]) -> Result<World, Violation> {
        let simulation = Simulation::new(seed);
        let node = |(disk, folder): &Image| Node {
            disk: disk.reboot(simulation.turns.draw()),
            folder: folder.clone(),
            running: None,
            boot: 0,
            compared: 0,
        };
        let state = State {
            nodes: disks.iter().map(node).collect(),
            counts: Counts::default(),
            violation: None,
            written: super::clients::keys().map(|key| (key, Written::default())).collect(),
            leaders: BTreeMap::new(),
            agreed: BTreeMap::new(),
            is_peace: false,
            is_over: false,
            // Some were made before the world was.
            folders: MEMBERS.len() as u64,
        };
        Ok(World { simulation, state: Arc::new(Mutex::new(state)) })
    }

    /// Lives to the end. Returns the promise that was not kept.
    pub(super) fn live(&self) -> Option<Violation> {
        let world = self.clone();
        let ended = runtime().and_then(|runtime| {
            self.simulation.run(runtime, async move { world.all().await }).map_err(failed)
        });
        // Stores end before the world does.
        for id in MEMBERS {
            drop(self.take(id));
        }
        let mut state = self.state.lock();
        if let Err(violation) = ended {
            state.violation.get_or_insert(violation);
        }
        state.violation.clone()
    }

    pub(super) fn counts(&self) -> (Counts, u64) {
        let mut counts = self.state.lock().counts;
        let (turns, hash) = self.simulation.turns.trace();
        (counts.turns, counts.messages) = (turns, self.simulation.wires.carried());
        (counts, hash)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    async fn all(self) {
        self.simulation.wires.set_longest(QUICK);
        for id in MEMBERS {
            self.start(id).await;
        }
        let turns = &self.simulation.turns;
        turns.spawn(NOBODY, self.clone().observe());
        turns.spawn(NOBODY, self.clone().read());
        for client in 0..CLIENTS {
            turns.spawn(NOBODY, self.clone().write(client));
        }
        let faults = turns.spawn(NOBODY, self.clone().break_things());
        self.wait(UNREST, |_| false).await;
        self.lock().is_peace = true;
        if faults.await.is_err() {
            self.fail(failed("what breaks things has panicked"));
        }
        self.heal().await;
        self.come_together().await;
        self.lock().is_over = true;
        self.check_end();
    }

    /// Waits until something is so, or the world is to end. Returns whether it is so.
    pub(super) async fn wait(&self, limit: Duration, is_so: impl Fn(&World) -> bool) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < limit && !self.lock().is_ending() {
            if is_so(self) {
                return true;
            }
            sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// Whether nothing is to go wrong any more.
    pub(super) fn is_peaceful(&self) -> bool {
        let state = self.lock();
        state.is_peace || state.is_ending()
    }

    /// Ends all faults.
    async fn heal(&self) {
        for id in MEMBERS {
            for other in MEMBERS {
                self.simulation.wires.set_blocked(id, other, false);
            }
            self.simulation.turns.set_disk_wait(id, FLUSH);
            self.simulation.turns.go_on(id);
            let disk = self.lock().node(id).disk.clone();
            disk.forget_faults();
        }
        self.simulation.wires.set_longest(QUICK);
        sleep(Duration::from_millis(1)).await;
    }

    /// Waits until all have the same, and clients can write.
    async fn come_together(&self) {
        let before: Vec<u64> = self.acknowledged_by_client();
        let has_written = move |world: &World| {
            let now = world.acknowledged_by_client();
            now.iter().zip(&before).all(|(now, before)| now > before)
        };
        let has_written = self.wait(PEACE, has_written).await;
        self.lock().is_over = true;
        let is_together = |world: &World| world.is_together();
        let begun = Instant::now();
        while !is_together(self) && begun.elapsed() < PEACE && self.lock().violation.is_none() {
            sleep(Duration::from_millis(20)).await;
        }
        if !has_written || !is_together(self) {
            let what = if has_written { "members differ" } else { "clients cannot write" };
            let text = format!("{what} {PEACE:?} after all was healed: {}", self.standing());
            self.fail(Violation::new("the group goes on", text));
        }
    }
}
