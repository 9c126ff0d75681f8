//! One member of a world: its disk, its store, whether it runs.

use std::path::PathBuf;
use std::time::Duration;

use bourse::replication::group::{self, Member};
use bourse::{Database, ErrorKind, Lsn, Order, Range, Result, Value, replication};
use bourse_server::replication::simulation::SimulatedMember;
use bourse_storage::vfs::sim::SimVfs;

use super::clients::is_over;
use super::world::World;
use super::{MEMBERS, Rows, TABLE, failed, options};
use crate::Violation;

/// Where a store lies.
pub(super) const FOLDER: &str = "/store";

/// How long a flush takes.
pub(super) const FLUSH: Duration = Duration::from_millis(8);

/// How long a machine is away that has crashed, and a server that opens its store anew.
const AWAY: Duration = Duration::from_millis(1500);
const OPENING: Duration = Duration::from_millis(200);

/// The pause before a member is tried to be made anew again.
const AGAIN: Duration = Duration::from_millis(100);

pub(super) struct Node {
    pub(super) disk: SimVfs,
    pub(super) folder: PathBuf,
    /// None while it is down, or being taken down.
    pub(super) running: Option<SimulatedMember>,
    /// Counts the times that it was started.
    pub(super) boot: u64,
    /// The next entry that is to be compared with what others have.
    pub(super) compared: u64,
}

/// Why a member is to be started again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Crash,
    Wish,
}

/// All rows, as they are read.
pub(super) fn rows(store: &Database) -> Result<Rows> {
    let cut = store.cut();
    let mut rows = Rows::new();
    for row in cut.scan(&store.table(TABLE)?, &Range::all(), Order::Ascending)? {
        let values = row?.values();
        if let (Value::Integer(key), Value::Integer(version)) = (&values[0], &values[2]) {
            rows.insert(*key, *version);
        }
    }
    Ok(rows)
}

/// A row as it is read, if the store is to be read.
pub(super) fn version(store: &Database, key: i64) -> Result<Option<i64>> {
    let row = store.get(&store.table(TABLE)?, &[key.into()])?;
    let version = row.map(|row| row.values()[2].clone());
    Ok(version.and_then(|version| match version {
        Value::Integer(version) => Some(version),
        _ => None,
    }))
}

impl World {
    /// What is asked of a member that runs; none where it does not.
    pub(super) fn with<T>(&self, id: u64, ask: impl FnOnce(&SimulatedMember) -> T) -> Option<T> {
        let state = self.state.lock();
        state.node(id).running.as_ref().map(ask)
    }

    /// Takes a member down: nobody else does so meanwhile.
    pub(super) fn take(&self, id: u64) -> Option<SimulatedMember> {
        self.state.lock().node_mut(id).running.take()
    }

    /// Ends a member that was taken down, and starts it again a while later.
    pub(super) async fn restart(&self, id: u64, member: SimulatedMember, cause: Cause) {
        let disk = self.state.lock().node(id).disk.clone();
        if cause == Cause::Crash {
            disk.crash();
        }
        self.simulation.end(member).await;
        let away = if cause == Cause::Crash { AWAY } else { OPENING };
        tokio::time::sleep(self.simulation.turns.time(away)).await;
        if cause == Cause::Crash {
            self.reboot(id, &disk);
        }
        self.start(id).await;
    }

    /// The disk after a power loss.
    fn reboot(&self, id: u64, disk: &SimVfs) {
        let after = disk.reboot(self.simulation.turns.draw());
        let mut state = self.state.lock();
        state.counts.crashes += 1;
        state.node_mut(id).disk = after;
    }

    /// Opens a member's store and starts it. Its power may be lost meanwhile, again and again.
    pub(super) async fn start(&self, id: u64) {
        loop {
            let (disk, folder) = {
                let state = self.state.lock();
                let node = state.node(id);
                (node.disk.clone(), node.folder.clone())
            };
            let started = match Database::open(&folder, options(&disk)) {
                Ok(store) => {
                    let with = (store, disk.clone(), FLUSH);
                    self.simulation.start(id, with, &MEMBERS).await
                }
                Err(error) => Err(error),
            };
            match started {
                Ok(member) => {
                    let mut state = self.state.lock();
                    let node = state.node_mut(id);
                    (node.running, node.boot, node.compared) = (Some(member), node.boot + 1, 0);
                    return;
                }
                Err(_) if disk.is_crashed() => {
                    self.simulation.end_tasks(id).await;
                    self.state.lock().counts.crashes_inside += 1;
                    self.reboot(id, &disk);
                }
                Err(error) => {
                    self.fail(failed(format!("member {id} is not started: {error:?}")));
                    return;
                }
            }
        }
    }

    /// Makes a member anew, whose disk is lost, of a backup of who leads. That one loses its power
    /// at once.
    pub(super) async fn make_anew(&self, id: u64, member: SimulatedMember) {
        self.simulation.end(member).await;
        while !self.try_to_make(id).await {
            if self.state.lock().is_ending() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
        self.start(id).await;
    }

    async fn try_to_make(&self, id: u64) -> bool {
        let Some((leader, boot, number)) = self.back_up(id) else { return false };
        let behind = number.1;
        let Some(asking) = self.with(leader, |leading| leading.base_of(id, behind)) else {
            return false;
        };
        let Ok(base) = asking.await else { return false };
        let Some((leading, disk)) = self.take_boot(leader, boot) else { return false };
        let copy = disk.reboot(self.simulation.turns.draw());
        let (backup, folder) = (backup_folder(number.0), format!("/made-{}", number.0));
        let folder = PathBuf::from(folder);
        let made = replication::restore(&[backup], &folder, &options(&copy), &mut |_| {})
            .and_then(|_| group::join(&folder, &options(&copy), base.0, &base.1));
        if let Err(error) = made {
            self.fail(failed(format!("member {id} is not made anew: {error}")));
            return false;
        }
        {
            let mut state = self.state.lock();
            state.counts.made_anew += 1;
            let node = state.node_mut(id);
            (node.disk, node.folder) = (copy, folder);
        }
        self.restart(leader, leading, Cause::Crash).await;
        true
    }

    /// As [`World::take`], if it was not started again meanwhile.
    fn take_boot(&self, id: u64, boot: u64) -> Option<(SimulatedMember, SimVfs)> {
        let mut state = self.state.lock();
        let node = state.node_mut(id);
        let member = if node.boot == boot { node.running.take() } else { None };
        member.map(|member| (member, node.disk.clone()))
    }

    /// Backs up somebody who says that he leads, for a member that is made anew. Returns who it
    /// was and which boot of him, the backup's number, and which records follow it.
    fn back_up(&self, id: u64) -> Option<(u64, u64, (u64, Lsn))> {
        let leads = |member: &SimulatedMember| member.leads_in().is_some();
        let leader = self.someone(leads).filter(|leader| *leader != id)?;
        let mut state = self.state.lock();
        let number = state.next_folder();
        let boot = state.node(leader).boot;
        let running = state.node(leader).running.as_ref()?;
        match running.database().backup(backup_folder(number), None, &mut |_| {}) {
            Ok(info) => Some((leader, boot, (number, info.ships_after))),
            Err(error) => {
                if error.kind() != ErrorKind::Busy && !is_over(&error) {
                    state.violation.get_or_insert(failed(format!("a backup: {error:?}")));
                }
                None
            }
        }
    }

    /// A promise was broken; the first one counts.
    pub(super) fn fail(&self, violation: Violation) {
        self.state.lock().violation.get_or_insert(violation);
    }
}

fn backup_folder(number: u64) -> PathBuf {
    PathBuf::from(format!("/backup-{number}"))
}

/// The last record that is in an entry of a member.
pub(super) fn last_entry(member: &Member) -> Option<u64> {
    member.last().map(|last| last.id.index)
}
