//! Backups that go to an archive, from which its records go on.

use std::path::PathBuf;
use std::sync::Arc;

use bourse_storage::blocks::BlockReader;
use bourse_storage::vfs::os::{OsVfs, remove_folder};
use bourse_storage::{Error, Result};
use object_store::path::Path;
use object_store::{ObjectStoreExt as _, WriteMultipart};

use super::names::Base;
use super::place::Archive;
use super::writing::apart;
use super::{Archived, HOLD};
use crate::replication::{SendingFolder, chunk, names_of_backup};
use crate::server::Shared;

/// The folder of backups while they are sent, in that of the store.
pub(super) const FOLDER: &str = "archiving";

/// Parts of an object that are on the way at once.
const PARTS_MAX: usize = 4;

/// Which of the log the backup has to go with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// What is held already.
    AsItIs,
    /// What the backup needs, from now on: what was held before is given up.
    Anew,
}

/// Takes a backup and writes it. Returns which it is.
///
/// # Errors
/// The store's, the network's and the disk's; then nothing of it counts.
pub(super) async fn write(shared: Arc<Shared>, archive: Archive, kept: Kept) -> Result<Base> {
    let store = shared.database.folder();
    let number = rand::random::<u32>();
    let folder = Arc::new(SendingFolder::new(store.join(FOLDER).join(number.to_string())));
    let (database, of) = (shared.database.clone(), Arc::clone(&folder));
    let taken = apart(move || {
        remove_folder(of.path())?;
        if kept == Kept::Anew {
            database.release_log(HOLD)?;
            database.hold_log_for_backup(HOLD)?;
        }
        let info = database.backup(of.path(), None, &mut |_| {})?;
        Ok((info, names_of_backup(of.path())?))
    });
    let (info, names) = taken.await?;
    let base = Base {
        lsn: info.lsn.0,
        after: info.ships_after.0,
        term: info.history.newest().term,
        taken_us: info.taken_us.unsigned_abs(),
        id: info.id,
    };
    let root = base.path(&archive.root(info.history.lineage()));
    let mut sent = Vec::new();
    for name in names {
        let path = root.clone().join(name.as_str());
        sent.push(path.clone());
        if let Err(error) = send(&archive, &path, folder.path().join(&name)).await {
            // It is no backup without its last file, and would only take room.
            for path in sent {
                let _ = archive.store.delete(&path).await;
            }
            return Err(error);
        }
    }
    let archived: &Archived = &shared.archived;
    archived.note_base();
    tracing::info!("a backup with LSN {} is in the archive", info.lsn);
    Ok(base)
}

/// Sends a file. Names have an id that no other backup has, so nothing is written over (A1).
async fn send(archive: &Archive, path: &Path, from: PathBuf) -> Result<()> {
    let told = |error| archive.unwritten(path, error);
    let file = apart(move || BlockReader::open(&OsVfs, &from)).await?;
    let upload = archive.store.put_multipart(path).await.map_err(told)?;
    let mut upload = WriteMultipart::new(upload);
    match fill(&mut upload, file, told).await {
        Ok(()) => upload.finish().await.map(drop).map_err(told),
        Err(error) => {
            let _ = upload.abort().await;
            Err(error)
        }
    }
}

async fn fill(
    upload: &mut WriteMultipart,
    mut file: BlockReader,
    told: impl Fn(object_store::Error) -> Error,
) -> Result<()> {
    loop {
        let (back, chunk) = apart(move || chunk(&mut file).map(|chunk| (file, chunk))).await?;
        if chunk.is_empty() {
            return Ok(());
        }
        file = back;
        upload.wait_for_capacity(PARTS_MAX).await.map_err(&told)?;
        upload.write(&chunk);
    }
}
