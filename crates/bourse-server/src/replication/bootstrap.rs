//! A follower's first state: a backup that its leader sends, and a store that is made of it.
//!
//! ```text
//! PATH                    DESCRIPTION
//! DIR                     the store, once STORE is in it
//! DIR/bootstrap           tells that what lies in DIR is a bootstrap's, unless STORE is there
//! DIR/bootstrap/backup    what the leader sends
//! DIR/bootstrap/store     the store while it is made of it
//! ```
//!
//! # Invariants
//! - **B1** Nothing in a folder is touched that is neither empty nor a bootstrap's own.
//! - **B2** The parts of the store move up one by one, STORE last: with it all of them are there.
//! - **B3** What was interrupted is removed and begins anew.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bourse::backup::BackupInfo;
use bourse_storage::blocks::BlockWriter;
use bourse_storage::id::PAGE_SIZE;
use bourse_storage::page::Page;
use bourse_storage::vfs::Vfs;
use bourse_storage::vfs::os::{OsVfs, remove_folder};
use bourse_storage::{Error, Result};

use super::channel::{self, Credentials};
use super::fault::{Fault, Reason};
use super::follower::Pauses;
use super::message::Message;
use super::sending::is_file_of_backup;
use crate::archive;
use crate::options::Options;

/// The file that makes a folder a store, and the one that whoever opens it locks.
pub(super) const STORE: &str = "STORE";
const LOCK: &str = "LOCK";
/// See the module's head.
pub(super) const BOOTSTRAP: &str = "bootstrap";

/// How long a leader may take to answer while it prepares a backup, beside its heartbeats.
const PATIENCE: Duration = Duration::from_secs(60);

/// How far a bootstrap has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BootstrapProgress {
    /// The leader cannot be reached, for this reason; it is tried again.
    Waiting(String),
    /// So many bytes of a backup have come.
    Receiving(u64),
    /// So many of so many pages of the store are made.
    Restoring(u64, u64),
    /// Records of an archive up to this one are there.
    Replaying(u64),
}

/// Sees to it that a folder holds the store of a replica: one that is there stays as it is, and an
/// empty folder, or one in which a bootstrap was interrupted, gets the state of the archive that
/// the options name, or of the leader where there is none, or none of use. Waits for that leader as
/// long as it takes.
///
/// # Errors
/// A folder that holds something else; a leader that does not let this node in; the disk's.
pub fn prepare(
    folder: &Path,
    options: &Options,
    progress: &mut dyn FnMut(BootstrapProgress),
) -> Result<()> {
    if folder.join(STORE).exists() {
        return remove_folder(&folder.join(BOOTSTRAP));
    }
    let Some(address) = &options.follow else {
        return Err(Error::invalid("name the leader to follow"));
    };
    let credentials = super::credentials(options)?;
    if let Some(url) = &options.bootstrap_archive {
        // What is wrong with the folder is told, not tried again.
        Aside::claim(folder)?;
        match archive::bootstrap(url, folder, progress) {
            Ok(()) => return Ok(()),
            Err(error) => progress(BootstrapProgress::Waiting(format!(
                "the archive is of no use ({error}); a backup comes from {address} instead"
            ))),
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::io("cannot start a thread for sockets", error))?;
    let mut pauses = Pauses::new();
    loop {
        let aside = Aside::claim(folder)?;
        let (backup, name) = (aside.backup(), options.node_name());
        match runtime.block_on(take(&backup, address, &credentials, &name, progress)) {
            Ok(()) => {
                drop(aside.make_store(progress)?);
                return aside.put_in_place();
            }
            Err(Fault::Store(error)) => return Err(error),
            Err(Fault::Refused(Reason::Unknown | Reason::Version, text)) => {
                return Err(Error::invalid(format!("{address} does not let this node in: {text}")));
            }
            Err(fault) => progress(BootstrapProgress::Waiting(fault.to_string())),
        }
        let pause = pauses.next();
        runtime.block_on(async { tokio::time::sleep(pause).await });
    }
}

/// Removes the store of a replica, so that [`prepare`] makes it anew. Nobody may have it open.
///
/// # Errors
/// The disk's.
pub fn clear_for_new_start(folder: &Path) -> Result<()> {
    let lock = OsVfs.lock(&folder.join(LOCK))?;
    OsVfs.create_folder(&folder.join(BOOTSTRAP))?;
    OsVfs.sync_folder(folder)?;
    // From here on the rest is a bootstrap's own (B1).
    OsVfs.remove(&folder.join(STORE))?;
    OsVfs.sync_folder(folder)?;
    drop(lock);
    Ok(())
}

/// A folder in which a store is made aside, and put in its place when it is whole.
pub(crate) struct Aside<'f> {
    folder: &'f Path,
}

impl<'f> Aside<'f> {
    /// Takes the folder, and removes what an interrupted one has left (B1, B3).
    ///
    /// # Errors
    /// A folder that holds something else; the disk's.
    pub(crate) fn claim(folder: &'f Path) -> Result<Aside<'f>> {
        let shown = folder.display();
        OsVfs.create_folder(folder)?;
        let names = OsVfs.list(folder)?;
        let own = folder.join(BOOTSTRAP);
        let is_store = folder.join(STORE).exists();
        if is_store || (!names.is_empty() && !own.exists()) {
            let what = match is_store {
                true => "a store already".to_owned(),
                false => format!("no store and is not empty (it holds {})", names[0].display()),
            };
            return Err(Error::invalid(format!(
                "{shown} holds {what}: name an empty or a new folder"
            )));
        }
        for name in names.iter().filter(|name| *name != Path::new(BOOTSTRAP)) {
            let path = folder.join(name);
            let removed = if path.is_dir() { remove_folder(&path) } else { OsVfs.remove(&path) };
            removed?;
        }
        remove_folder(&own)?;
        OsVfs.create_folder(&own)?;
        OsVfs.sync_folder(folder)?;
        Ok(Aside { folder })
    }

    /// Where the backup lies.
    pub(crate) fn backup(&self) -> PathBuf {
        self.folder.join(BOOTSTRAP).join("backup")
    }

    /// Where the store is made.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.join(BOOTSTRAP).join("store")
    }

    /// Makes the store of a follower of the backup. Returns what that says of itself.
    ///
    /// # Errors
    /// As [`bourse::replication::restore`].
    pub(crate) fn make_store(
        &self,
        progress: &mut dyn FnMut(BootstrapProgress),
    ) -> Result<BackupInfo> {
        let options = bourse::Options::default();
        let (from, to) = ([self.backup()], self.store());
        let info = bourse::replication::restore(&from, &to, &options, &mut |state| {
            progress(BootstrapProgress::Restoring(state.pages_done, state.pages_total));
        })?;
        remove_folder(&self.backup())?;
        Ok(info)
    }

    /// Puts the store, which nobody has open, in its place (B2).
    ///
    /// # Errors
    /// The disk's.
    pub(crate) fn put_in_place(self) -> Result<()> {
        let (folder, store) = (self.folder, self.store());
        let mut names = OsVfs.list(&store)?;
        names.sort_by_key(|name| name == Path::new(STORE));
        for name in names.iter().filter(|name| *name != Path::new(LOCK)) {
            if name == Path::new(STORE) {
                OsVfs.sync_folder(folder)?;
            }
            OsVfs.rename(&store.join(name), &folder.join(name))?;
        }
        OsVfs.sync_folder(folder)?;
        remove_folder(&folder.join(BOOTSTRAP))
    }
}

/// Takes a backup from the leader.
pub(super) async fn take(
    folder: &Path,
    address: &str,
    credentials: &Credentials,
    node: &str,
    progress: &mut dyn FnMut(BootstrapProgress),
) -> std::result::Result<(), Fault> {
    let credentials =
        Credentials { timeout: credentials.timeout.max(PATIENCE), ..credentials.clone() };
    let (mut channel, _) = channel::connect(address, &credentials, node, rand::random()).await?;
    channel.sender.send(&Message::Bootstrap).await?;
    OsVfs.create_folder(folder)?;
    let (mut files, mut received) = (0, 0);
    let mut open: Option<Incoming> = None;
    loop {
        let (message, bytes) = channel.receiver.next().await?;
        received += bytes as u64;
        progress(BootstrapProgress::Receiving(received));
        match (message, open.take()) {
            (Message::Heartbeat { .. }, None) => {}
            (Message::File { name, bytes }, None) => {
                open = Some(Incoming::create(folder, &name, bytes)?);
            }
            (Message::Data(bytes), Some(mut file)) => {
                file.take(&bytes)?;
                open = Some(file);
            }
            (Message::FileEnd { checksum }, Some(file)) => {
                file.finish(checksum)?;
                files += 1;
            }
            (Message::BackupEnd { files: expected, .. }, None) if expected == files => break,
            (other, _) => {
                let kind = format!("{other:?}").chars().take(40).collect::<String>();
                return Err(Fault::malformed(format!("{kind} in the midst of a backup")));
            }
        }
    }
    OsVfs.sync_folder(folder)?;
    channel.sender.finish().await;
    Ok(())
}

/// A file of the backup that comes.
struct Incoming {
    name: String,
    writer: BlockWriter,
    left: u64,
}

impl Incoming {
    fn create(folder: &Path, name: &str, bytes: u64) -> std::result::Result<Incoming, Fault> {
        // What a name says is the leader's; where it lies is not.
        if !is_file_of_backup(name) {
            return Err(Fault::malformed(format!("a file {name:?}, which no backup has")));
        }
        if !bytes.is_multiple_of(PAGE_SIZE as u64) {
            return Err(Fault::malformed(format!("file {name} of {bytes} bytes, not whole pages")));
        }
        let writer = BlockWriter::create(&OsVfs, &folder.join(name))?;
        Ok(Incoming { name: name.to_owned(), writer, left: bytes })
    }

    fn take(&mut self, bytes: &[u8]) -> std::result::Result<(), Fault> {
        let (pages, rest) = bytes.as_chunks::<PAGE_SIZE>();
        let length = bytes.len() as u64;
        if !rest.is_empty() || length > self.left {
            return Err(Fault::malformed(format!("more of file {} than it has", self.name)));
        }
        self.left -= length;
        let mut page = Page::zeroed();
        for bytes in pages {
            page.0.copy_from_slice(bytes);
            self.writer.push(&page)?;
        }
        Ok(())
    }

    fn finish(self, checksum: u32) -> std::result::Result<(), Fault> {
        let name = self.name;
        if self.left > 0 {
            return Err(Fault::malformed(format!("less of file {name} than it has")));
        }
        if self.writer.finish()?.checksum != checksum {
            return Err(Fault::malformed(format!("file {name} with another checksum")));
        }
        Ok(())
    }
}
