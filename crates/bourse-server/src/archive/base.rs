//! Backups that go to an archive, from which its records go on.

use std::path::PathBuf;
use std::sync::Arc;

use bourse_storage::blocks::BlockReader;
use bourse_storage::vfs::os::{OsVfs, remove_folder};
use bourse_storage::{Error, Result};
use object_store::path::Path;
use object_store::{ObjectStoreExt as _, WriteMultipart};

use super::HOLD;
use super::claim::Claim;
use super::names::Base;
use super::place::Archive;
use super::writing::apart;
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
pub(super) async fn write(shared: Arc<Shared>, claim: Claim, kept: Kept) -> Result<Base> {
    // What was held is not given up for an archive that is gone.
    claim.check_is_there().await?;
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
    let base = Base::of(&info);
    let root = base.path(&claim.root());
    send_all(&claim, &root, &folder, &names).await?;
    shared.archived.note_base();
    tracing::info!("a backup with LSN {} is in the archive", info.lsn);
    Ok(base)
}

/// Sends the files of a backup, the one that makes it a backup last, to the archive that was
/// claimed, or leaves nothing of it.
pub(super) async fn send_all(
    claim: &Claim,
    root: &Path,
    folder: &SendingFolder,
    names: &[String],
) -> Result<()> {
    let sent = async {
        for name in names {
            // It goes where a name leads, which may be another folder meanwhile (A4).
            claim.check_is_there().await?;
            let path = root.clone().join(name.as_str());
            send(&claim.archive, &path, folder.path().join(name)).await?;
        }
        claim.check_is_there().await
    };
    let sent = sent.await;
    if sent.is_err() {
        // It would only take room, and where the archive is gone, that of another folder.
        for name in names {
            let _ = claim.archive.store.delete(&root.clone().join(name.as_str())).await;
        }
    }
    sent
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
