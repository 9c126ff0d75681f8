//! What goes wrong, drawn one after the other.

use std::time::Duration;

use bourse::ErrorKind;
use bourse_server::replication::simulation::{NOBODY, SimulatedMember};
use bourse_storage::vfs::sim::Fault;
use tokio::time::sleep;

use super::clients::is_over;
use super::node::{Cause, FLUSH};
use super::world::{QUICK, World};
use super::{MEMBERS, failed};

/// The pause between two faults, and how long one lasts that ends by itself, at most.
const BETWEEN: Duration = Duration::from_millis(500);
const LASTS: Duration = Duration::from_secs(2);

/// How long a slow disk takes for a flush, and a slow network for a message.
const SLOW_DISK: Duration = Duration::from_millis(300);
const SLOW_NETWORK: Duration = Duration::from_millis(150);

impl World {
    /// Breaks things until there is to be peace, and all that ends by itself has ended.
    pub(super) async fn break_things(self) {
        let turns = self.simulation.turns.clone();
        let mut lasting = Vec::new();
        loop {
            sleep(turns.time(BETWEEN)).await;
            if self.is_peaceful() {
                break;
            }
            let one = MEMBERS[usize::try_from(turns.below(3)).unwrap_or(0)];
            let world = self.clone();
            let fault = turns.below(24);
            lasting.push(turns.spawn(NOBODY, async move { world.break_one(fault, one).await }));
        }
        for fault in lasting {
            if fault.await.is_err() {
                self.fail(failed("a fault has panicked"));
            }
        }
    }

    async fn break_one(&self, fault: u64, one: u64) {
        let leader = self.someone(|member| member.leads_in().is_some()).unwrap_or(one);
        match fault {
            0 | 1 => self.crash(one).await,
            2 => self.crash(leader).await,
            3 => self.crash_all().await,
            4 | 5 => self.crash_inside(one),
            6 | 7 => self.separate(leader, true).await,
            8 => self.separate(one, true).await,
            9 | 10 => self.separate(one, false).await,
            11 => self.separate(leader, false).await,
            12 => self.break_connections(one),
            13 => self.stand_still(leader).await,
            14 => self.stand_still(one).await,
            15 | 16 => self.slow_disk(one).await,
            17 => self.slow_network().await,
            18 => self.lose_disk(one).await,
            19 => self.checkpoint(leader),
            _ => self.checkpoint(one),
        }
    }

    async fn crash(&self, id: u64) {
        if let Some(member) = self.take(id) {
            self.restart(id, member, Cause::Crash).await;
        }
    }

    async fn crash_all(&self) {
        let turns = &self.simulation.turns;
        let crash = |id| {
            let world = self.clone();
            turns.spawn(NOBODY, async move { world.crash(id).await })
        };
        for crash in MEMBERS.map(crash) {
            if crash.await.is_err() {
                self.fail(failed("a crash has panicked"));
            }
        }
    }

    /// Has the power go in the midst of an operation of a disk: who observes restarts the member.
    fn crash_inside(&self, id: u64) {
        let fault = [Fault::Crash, Fault::CrashInWrite];
        let fault = fault[usize::from(self.simulation.turns.one_in(2))];
        let disk = self.lock().node(id).disk.clone();
        disk.inject(fault, 1 + self.simulation.turns.below(12));
    }

    /// Blocks the ways between one and the others, or between it and one of them, in both
    /// directions or in one.
    async fn separate(&self, one: u64, fully: bool) {
        let turns = &self.simulation.turns;
        let wires = &self.simulation.wires;
        self.lock().counts.partitions += 1;
        let direction = turns.below(3);
        let others: Vec<u64> = MEMBERS
            .into_iter()
            .filter(|other| *other != one && (fully || turns.one_in(2)))
            .collect();
        let set = |is_blocked| {
            for other in &others {
                if fully || direction != 1 {
                    wires.set_blocked(one, *other, is_blocked);
                }
                if fully || direction != 0 {
                    wires.set_blocked(*other, one, is_blocked);
                }
            }
        };
        set(true);
        sleep(turns.time(LASTS)).await;
        set(false);
        if turns.one_in(2) {
            self.break_connections(one);
        }
    }

    fn break_connections(&self, one: u64) {
        for other in MEMBERS.into_iter().filter(|other| *other != one) {
            self.simulation.wires.break_all(one, other);
        }
    }

    /// A member gets no turn, past an election as a rule.
    async fn stand_still(&self, id: u64) {
        let turns = &self.simulation.turns;
        self.lock().counts.pauses += 1;
        turns.pause(id);
        sleep(turns.time(LASTS)).await;
        turns.go_on(id);
    }

    async fn slow_disk(&self, id: u64) {
        let turns = &self.simulation.turns;
        turns.set_disk_wait(id, SLOW_DISK);
        sleep(turns.time(LASTS)).await;
        turns.set_disk_wait(id, FLUSH);
    }

    async fn slow_network(&self) {
        self.simulation.wires.set_longest(SLOW_NETWORK);
        sleep(self.simulation.turns.time(LASTS)).await;
        self.simulation.wires.set_longest(QUICK);
    }

    /// A member is made anew, where all are there: the group bears one loss at a time.
    async fn lose_disk(&self, id: u64) {
        let is_well = |member: &SimulatedMember| member.wish().is_none() && !member.is_quiet();
        if !MEMBERS.into_iter().all(|other| self.with(other, is_well) == Some(true)) {
            return;
        }
        if self.with(id, |member| member.leads_in().is_none()) != Some(true) {
            return;
        }
        if let Some(member) = self.take(id) {
            self.make_anew(id, member).await;
        }
    }

    fn checkpoint(&self, id: u64) {
        let mut state = self.lock();
        let Some(member) = &state.node(id).running else { return };
        match member.database().checkpoint() {
            Ok(()) => state.counts.checkpoints += 1,
            Err(error) if error.kind() == ErrorKind::Busy || is_over(&error) => {}
            Err(error) => {
                let violation = failed(format!("a checkpoint: {error:?}"));
                state.violation.get_or_insert(violation);
            }
        }
    }
}
