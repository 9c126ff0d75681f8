//! How a store comes to follow another one, and how it ends to.

use std::path::{Path, PathBuf};

use bourse_storage::id::Lsn;
use bourse_storage::sync::MutexGuard;
use bourse_storage::{Error, Result};

use super::Receiving;
use super::history::{Epoch, refused};
use super::receive::give_up_before;
use crate::backup::{self, BackupInfo, BackupProgress};
use crate::database::Database;
use crate::identity::{self, Identity, LOCK};
use crate::options::Options;

/// Makes a follower in `folder` of a backup of its leader, and of the incremental ones upon it: as
/// [`backup::restore`], but the store goes on with the leader's records, those behind
/// [`BackupInfo::ships_after`].
///
/// # Errors
/// As [`backup::restore`].
pub fn restore(
    from: &[PathBuf],
    folder: &Path,
    options: &Options,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<BackupInfo> {
    backup::restore_follower(from, folder, options, progress)
}

/// Makes the store in `folder`, which nobody has open, a follower: a leader that was put down, and
/// is to follow the one that was promoted instead. Whether it can, the first parcel decides: not if
/// it has records that the new leader never got.
///
/// # Errors
/// `Busy` when somebody has the store; `InvalidInput` when there is none.
pub fn follow(folder: &Path, options: &Options) -> Result<()> {
    let vfs = &*options.vfs;
    let _lock = vfs.lock(&folder.join(LOCK))?;
    let Some(mut identity) = identity::read(vfs, folder)? else {
        return Err(Error::invalid(format!("{} holds no store", folder.display())));
    };
    if identity.follows && !identity.is_member {
        return Ok(());
    }
    identity.follows = true;
    identity.is_member = false;
    identity::write(vfs, folder, &identity)
}

impl Database {
    /// Makes a follower a leader: from now on it takes writes, in a new epoch that begins behind
    /// the last record that it has. Returns the epoch. What the leader before wrote behind that
    /// record is lost to this history; it, and whoever has such records, is refused as a follower.
    ///
    /// See to it first that the old leader takes no writes any more: nothing here does.
    ///
    /// # Errors
    /// `InvalidInput` (55000) for a store that is no follower, or that has not yet received the
    /// records which its backup needs; the disk's, and the store follows on.
    pub fn promote(&self) -> Result<Epoch> {
        let core = self.core();
        core.check_running()?;
        let receiving = core.replication.receiving.lock();
        if core.group.is_some() {
            return Err(refused("this store is a member of a group, which chooses".to_owned()));
        }
        if !core.is_follower() {
            return Err(refused("this store follows no other: it takes writes".to_owned()));
        }
        self.take_over(receiving, |own, last| {
            own.follows = false;
            own.history = own.history.promoted(last, identity::new_store_id());
        })
    }

    /// Has a follower take writes from now on, in the epoch that `change` begins behind the last
    /// record that it has; what the leader before had begun goes on. Returns the epoch.
    ///
    /// # Errors
    /// As [`Database::promote`].
    pub(super) fn take_over(
        &self,
        mut receiving: MutexGuard<'_, Receiving>,
        change: impl FnOnce(&mut Identity, Lsn),
    ) -> Result<Epoch> {
        let core = self.core();
        if receiving.last < receiving.covered {
            return Err(refused(format!(
                "the store was made from a backup with LSN {}, and has received the records up to \
                 {} of those that go with it: let it receive the rest first",
                receiving.covered, receiving.last
            )));
        }
        let mut own = core.replication.identity.lock();
        let mut changed = own.clone();
        change(&mut changed, receiving.last);
        // R8.
        identity::write(&*core.options.vfs, &core.folder, &changed)?;
        let epoch = changed.history.newest();
        *own = changed;
        drop(own);
        give_up_before(core, &mut receiving, Lsn(u64::MAX));
        core.begin_term(epoch.term);
        core.end_following();
        drop(receiving);
        self.start_leading()?;
        Ok(epoch)
    }
}
