//! A follower's first state: a backup that is taken for it, and sent file by file.
//!
//! The slot comes first: from then on the log keeps what is committed after the backup. The backup
//! lies in a folder of the store while it is sent, and is removed whatever becomes of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bourse_storage::blocks::BlockReader;
use bourse_storage::sync::wall_clock_us;
use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result};

use super::channel::{Channel, Sender};
use super::engine;
use super::fault::{Fault, Reason};
use super::leader::apart;
use super::message::Message;
use super::status::Follower;
use crate::server::Shared;

/// The folder of backups that are being sent, in that of the store.
pub(crate) const SENDING: &str = "sending";

/// Bytes of a message of a file's.
const CHUNK_BYTES: usize = 1 << 20;

/// Removes what backups of a process that is gone have left.
///
/// # Errors
/// The disk's.
pub(crate) fn sweep(store: &Path) -> Result<()> {
    remove_folder(&store.join(SENDING))
}

/// The folder of a backup, until it is sent or given up.
pub(crate) struct SendingFolder(PathBuf);

impl SendingFolder {
    pub(crate) fn new(path: PathBuf) -> SendingFolder {
        SendingFolder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SendingFolder {
    fn drop(&mut self) {
        if let Err(error) = remove_folder(&self.0) {
            tracing::warn!("{error}");
        }
    }
}

/// Takes a backup and sends it.
pub(crate) async fn backup(
    shared: &Arc<Shared>,
    follower: &Arc<Follower>,
    channel: &mut Channel,
) -> std::result::Result<(), Fault> {
    let (database, slot) = (shared.database.clone(), follower.node.clone());
    apart(move || engine::keep(&database, &slot)).await??;
    let path = shared.database.folder().join(SENDING).join(follower.number.to_string());
    let folder = Arc::new(SendingFolder(path));
    // Where the connection ends meanwhile, the thread is the last to have the folder.
    let (database, of) = (shared.database.clone(), Arc::clone(&folder));
    let taken = apart(move || {
        remove_folder(&of.0)?;
        database.backup(&of.0, None, &mut |_| {})
    });
    let lsn = while_beating(shared, follower, channel, taken).await???.lsn.0;
    let names = names_of_backup(&folder.0)?;
    let files = u32::try_from(names.len()).unwrap_or(u32::MAX);
    for name in names {
        let path = folder.0.join(&name);
        send(shared, &mut channel.sender, name, path).await?;
    }
    say(shared, &mut channel.sender, &Message::BackupEnd { files, lsn }).await?;
    follower.progress.lock().sent = lsn;
    // The follower ends the connection, once it has all.
    match channel.receiver.next().await {
        Err(Fault::Lost(_)) => Ok(()),
        Err(fault) => Err(fault),
        Ok((other, _)) => Err(Fault::malformed(format!("{other:?} after a backup"))),
    }
}

/// Says that this node is still there until something is done.
async fn while_beating<T>(
    shared: &Arc<Shared>,
    follower: &Arc<Follower>,
    channel: &mut Channel,
    done: impl Future<Output = T>,
) -> std::result::Result<T, Fault> {
    let mut ticks = tokio::time::interval(shared.replication.heartbeat);
    tokio::pin!(done);
    loop {
        tokio::select! {
            done = &mut done => return Ok(done),
            _ = ticks.tick() => beat(shared, &mut channel.sender, 0).await?,
            () = follower.replaced.notified() => {
                return Err(Fault::lost("it has connected anew"));
            }
            () = shared.stopped() => {
                let text = "the leader is shutting down".to_owned();
                return Err(Fault::Refused(Reason::Busy, text));
            }
        }
    }
}

/// The files of a backup, the one that makes it a backup last.
///
/// # Errors
/// The disk's.
pub(crate) fn names_of_backup(folder: &Path) -> Result<Vec<String>> {
    let failed = |error| Error::io(format!("cannot read {}", folder.display()), error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if let Some(name) = name.to_str().filter(|name| is_file_of_backup(name)) {
            names.push(name.to_owned());
        }
    }
    names.sort_by_key(|name| (name == "BACKUP", name.clone()));
    Ok(names)
}

/// Whether a backup has a file of that name.
pub(crate) fn is_file_of_backup(name: &str) -> bool {
    let digits = name.strip_suffix(".pages").unwrap_or_default();
    name == "BACKUP" || (digits.len() >= 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Sends a file.
async fn send(
    shared: &Arc<Shared>,
    sender: &mut Sender,
    name: String,
    path: PathBuf,
) -> std::result::Result<(), Fault> {
    let open = move || {
        let vfs = bourse::Options::default().vfs;
        BlockReader::open(&*vfs, &path)
    };
    let mut file = apart(open).await??;
    let bytes = file.blocks() * bourse_storage::id::PAGE_SIZE as u64;
    say(shared, sender, &Message::File { name, bytes }).await?;
    loop {
        let read = apart(move || chunk(&mut file).map(|chunk| (file, chunk)));
        let (back, chunk) = read.await??;
        file = back;
        if chunk.is_empty() {
            break;
        }
        say(shared, sender, &Message::Data(chunk)).await?;
    }
    let checksum = file.read_so_far().checksum;
    say(shared, sender, &Message::FileEnd { checksum }).await
}

/// The next bytes of a file; none at its end.
pub(crate) fn chunk(file: &mut BlockReader) -> Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK_BYTES);
    while chunk.len() < CHUNK_BYTES {
        match file.next_block()? {
            Some(page) => chunk.extend_from_slice(&page.0),
            None => break,
        }
    }
    Ok(chunk)
}

/// Says how far this node is, and what the follower's clock had said before: what was committed
/// by then is in it.
pub(super) async fn beat(
    shared: &Arc<Shared>,
    sender: &mut Sender,
    echo: u64,
) -> std::result::Result<(), Fault> {
    let newest = engine::newest(&shared.database);
    say(shared, sender, &Message::Heartbeat { newest, echo, sent_us: wall_clock_us() }).await
}

/// Sends a message, and counts its bytes.
pub(super) async fn say(
    shared: &Arc<Shared>,
    sender: &mut Sender,
    message: &Message,
) -> std::result::Result<(), Fault> {
    let bytes = sender.send(message).await?;
    shared.replication.followers.bytes_sent.fetch_add(bytes as u64, Ordering::Relaxed);
    Ok(())
}
