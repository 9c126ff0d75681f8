//! Who carries parcels from the leader to the follower, and looks at both meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bourse::{Database, ErrorKind, Lsn, Parcel, Result, Shipping};
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::sim::SimVfs;

use super::{Boot, HOLD, clients, compare};

/// Parcels that are kept to come again.
const KEPT: usize = 4;

pub(super) struct Carrier {
    boot: Boot,
    leader: Database,
    follower: Database,
    disk: SimVfs,
    random: Random,
    stop: Arc<AtomicBool>,
    kept: Vec<Vec<u8>>,
    is_full: bool,
}

/// Ships all that there is.
pub(super) fn catch_up(leader: &Database, follower: &Database) -> Result<()> {
    leader.flush()?;
    let mut shipping = leader.ship_to(&follower.replication_position()?)?;
    while let Some(parcel) = shipping.try_next(usize::MAX)? {
        follower.receive(&parcel)?;
    }
    follower.receive(&shipping.heartbeat()).map(drop)
}

impl Carrier {
    pub(super) fn new(
        boot: &Boot,
        leader: &Database,
        follower: &Database,
        random: &mut Random,
    ) -> Carrier {
        Carrier {
            boot: boot.clone(),
            leader: leader.clone(),
            follower: follower.clone(),
            disk: boot.disks[1 - boot.leader].clone(),
            random: Random::new(random.next_u64()),
            stop: Arc::default(),
            kept: Vec::new(),
            is_full: false,
        }
    }

    /// What ends it.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Carries until it is stopped, or a store stops.
    pub(super) fn run(mut self) {
        let mut shipping = None;
        while !self.stop.load(Ordering::Relaxed) && !self.boot.notes.is_violated() {
            match self.step(&mut shipping) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Full && self.is_full => shipping = None,
                Err(error) if self.boot.excuses(&error) => return,
                Err(error) => {
                    let invariant = "recovery succeeds, no needless error";
                    self.boot.notes.violate(invariant, format!("carrier: {error:?}"));
                    return;
                }
            }
            if self.is_full && self.random.one_in(4) {
                self.is_full = false;
                self.disk.set_capacity(u64::MAX);
            }
        }
        self.disk.set_capacity(u64::MAX);
    }

    fn step(&mut self, open: &mut Option<Shipping>) -> Result<()> {
        if self.random.one_in(12) {
            *open = None;
        }
        let shipping = match open {
            Some(shipping) => shipping,
            None => open.insert(self.leader.ship_to(&self.follower.replication_position()?)?),
        };
        let bytes = [1, 3_000, 60_000, usize::MAX][self.random.index(4)];
        let limit = Duration::from_micros(self.random.below(3_000));
        let behind = self.leader.cut();
        let Some(parcel) = shipping.next(bytes, limit)? else {
            let parcel = shipping.heartbeat();
            return self.take(&parcel).map(drop);
        };
        let readable = self.leader.cut().lsn();
        if parcel.last() > readable {
            let detail = format!("{} was shipped, and {readable} can be read", parcel.last());
            self.boot.notes.violate("only published is shipped", detail);
        }
        self.damage(&parcel);
        if self.random.one_in(10) {
            // This one is lost: the next one leaves a gap.
            *open = None;
            return Ok(());
        }
        let bytes = parcel.as_bytes().to_vec();
        let parcel = Parcel::decode(&bytes)?;
        let last = self.take(&parcel)?;
        self.look(&behind, last)?;
        self.keep(bytes);
        if self.random.one_in(5) {
            self.leader.hold_log(HOLD, last)?;
        }
        if self.random.one_in(12) {
            self.follower.checkpoint()?;
        }
        if self.random.one_in(25) && !self.is_full {
            self.is_full = true;
            self.disk.set_capacity(self.disk.used_bytes() + self.random.below(1 << 17));
        }
        Ok(())
    }

    fn take(&mut self, parcel: &Parcel) -> Result<Lsn> {
        let last = self.follower.receive(parcel)?;
        self.boot.notes.with(|promised| {
            promised.received = promised.received.max(last);
            promised.counts.parcels += 1;
        });
        Ok(last)
    }

    /// A parcel with a flipped bit, and one that lies behind a gap, are refused.
    fn damage(&mut self, parcel: &Parcel) {
        if !self.random.one_in(6) {
            return;
        }
        let mut bytes = parcel.as_bytes().to_vec();
        let at = self.random.index(bytes.len());
        bytes[at] ^= 1 << self.random.below(8);
        if Parcel::decode(&bytes).is_ok() {
            let detail = format!("byte {at} of {}", bytes.len());
            self.boot.notes.violate("a damaged parcel is refused", detail);
        }
        self.boot.notes.with(|promised| promised.counts.refused += 1);
    }

    /// Parcels that come again.
    fn keep(&mut self, bytes: Vec<u8>) {
        if let Some(old) = self.kept.first()
            && self.random.one_in(4)
            && let Ok(parcel) = Parcel::decode(old)
        {
            // Whatever it says: the next step meets the same.
            drop(self.follower.receive(&parcel));
        }
        self.kept.push(bytes);
        if self.kept.len() > KEPT {
            self.kept.remove(0);
        }
    }

    /// The follower's newest Cut is what the leader's of that LSN was.
    fn look(&mut self, behind: &bourse::Cut, last: Lsn) -> Result<()> {
        let cut = self.follower.cut();
        self.boot.notes.with(|promised| promised.read = promised.read.max(cut.lsn()));
        if cut.lsn() < last {
            let detail = format!("{last} was received, and {} can be read", cut.lsn());
            self.boot.notes.violate("follower equals leader", detail);
        }
        if let Some(sum) = clients::wrong_sum(&cut)? {
            self.boot.notes.violate("sum is conserved", format!("{sum} at {}", cut.lsn()));
        }
        for theirs in [behind, &self.leader.cut()] {
            if theirs.lsn() != cut.lsn() {
                continue;
            }
            if let Some(detail) = compare::small_difference(theirs, &cut)? {
                self.boot.notes.violate("follower equals leader", detail);
            }
            self.boot.notes.with(|promised| promised.counts.compared += 1);
        }
        Ok(())
    }
}
