//! What can be chosen when a store is opened. Everything else is measured or fixed.

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::cache::machine::Machine;
use bourse_storage::vfs::Vfs;
use bourse_storage::vfs::os::OsVfs;

/// The floor of the page cache's size, unless chosen.
const CACHE_BYTES_MIN: u64 = 64 << 20;

/// When a commit is acknowledged and published. A property of the store, not of a commit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// After its log record is on disk. No read shows what a power cut could take back.
    Sync,
    /// At once; the log follows within `max_delay`. A power cut may take back that much.
    Async {
        /// The longest time that an acknowledged commit may not be on disk.
        max_delay: Duration,
    },
}

/// Which past states a store keeps for [`crate::Database::cut_at`]. What is deleted or replaced
/// takes disk space as long as a kept state has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeepCuts {
    /// One state is kept in that time; none where nothing was written.
    pub every: Duration,
    /// A state is let go when it has not been the newest for longer than that.
    pub max_age: Duration,
    /// Most states kept, 1 to 256; the oldest is let go for a new one.
    pub at_most: usize,
}

/// How a store is opened. Plain data; `Options::default()` is right for most.
#[derive(Clone)]
pub struct Options {
    /// Most bytes of memory for pages and the tables that find them. The cache is smaller while the
    /// machine, or a cgroup of the process, has less to give. Default: half of the machine's
    /// memory, or of the smallest cgroup limit. Lower it when the service needs more than the rest.
    pub cache_bytes: u64,
    /// Least bytes of memory for pages, whatever the machine says; not more than `cache_bytes`.
    /// Default 64 MiB. Raise it when a store that slows down is worse than a machine that runs out
    /// of memory; with the same number as `cache_bytes` the size is fixed.
    pub cache_bytes_min: u64,
    /// Shards of a new store, 1 to 1,024; an existing store keeps its number. Default 16.
    pub shards: u16,
    /// When a commit is acknowledged. Default [`Durability::Sync`].
    pub durability: Durability,
    /// Bytes of one log file. Change only for tests. Default 16 MiB.
    pub log_segment_bytes: u64,
    /// Log written since a shard's checkpoint that starts its next one. Default 64 MiB.
    pub checkpoint_log_bytes: u64,
    /// Most bytes of log that are kept for what still needs them: checkpoints yet to come, bulk
    /// loads and large transactions under way. From half of it on commits help with checkpoints;
    /// beyond it they are refused (53400), and so are loads. Default 16 GiB; raise it for larger
    /// loads, lower it when the disk is small.
    pub log_bytes_max: u64,
    /// Most bytes of log that are kept for nothing but feeds whose subscribers have yet to read
    /// them. Beyond it the oldest are given up, and a subscriber that wanted them is told (72000);
    /// no commit is slowed or refused. Default 4 GiB.
    pub feed_log_bytes_max: u64,
    /// Most bytes of log that are kept for nothing but followers ([`crate::Database::hold_log`]).
    /// Beyond it the oldest are given up, and a follower that wanted them starts anew from a backup
    /// or an archive (72000); no commit is slowed or refused. Default 16 GiB.
    pub held_log_bytes_max: u64,
    /// Where the leader is, if this store follows one: told to those who want to write. See
    /// [`crate::Database::set_leader_address`].
    pub leader_address: Option<String>,
    /// How long a commit of a member of a group waits until enough others have it; then it fails
    /// (08007), and may be there or not. Default 10 s.
    pub agreement_timeout: Duration,
    /// Least bytes that the file of a shard gives back when it is far larger than what it holds.
    /// Change only for tests. Default 1 MiB.
    pub give_back_bytes_min: u64,
    /// Pages that one shard may ever have. Default 2^24, that is 64 GiB a shard.
    pub shard_pages_max: u32,
    /// Whether to make the store when the folder has none. Default true.
    pub create: bool,
    /// Whether checkpoints and, in an Async store, flushes run on threads of the store's own.
    /// Without them the owner calls [`crate::Database::checkpoint`]. Default true.
    pub background: bool,
    /// Most bytes of rows and index entries that one transaction may change: it is held in memory.
    /// Default 256 MiB.
    pub transaction_bytes_max: u64,
    /// Most bytes of memory, about, that building an index or a view of a table with rows may take,
    /// by all threads together. A shard that needs more than a thread's part is taken in chunks,
    /// which takes longer; with 0 all of them are. Default 256 MiB.
    pub build_bytes_max: u64,
    /// Which past states are kept to be read by their LSN. Default none.
    pub keep_cuts: Option<KeepCuts>,
    /// For how long a state can still be read after it was replaced by a newer one: a `Cut` or a
    /// transaction that reads an older one is refused (72000), and the disk space of what it saw
    /// is used again. Backups, checks and what `keep_cuts` keeps do not count. Default an hour;
    /// `None` sets no limit.
    pub cut_age_max: Option<Duration>,
    /// The file system. Default: the operating system's.
    pub vfs: Arc<dyn Vfs>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            cache_bytes: default_cache_bytes(),
            cache_bytes_min: CACHE_BYTES_MIN,
            shards: 16,
            durability: Durability::Sync,
            log_segment_bytes: 16 << 20,
            checkpoint_log_bytes: 64 << 20,
            log_bytes_max: 16 << 30,
            feed_log_bytes_max: 4 << 30,
            held_log_bytes_max: 16 << 30,
            leader_address: None,
            agreement_timeout: Duration::from_secs(10),
            give_back_bytes_min: 1 << 20,
            shard_pages_max: 1 << 24,
            create: true,
            background: true,
            transaction_bytes_max: 256 << 20,
            build_bytes_max: 256 << 20,
            keep_cuts: None,
            cut_age_max: Some(Duration::from_secs(3600)),
            vfs: Arc::new(OsVfs),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("cache_bytes", &self.cache_bytes)
            .field("cache_bytes_min", &self.cache_bytes_min)
            .field("shards", &self.shards)
            .field("durability", &self.durability)
            .finish_non_exhaustive()
    }
}

/// Half of what the machine, or the process's cgroups, allow for all together.
fn default_cache_bytes() -> u64 {
    let limit = Machine::find(&OsVfs)
        .and_then(|machine| machine.read(&OsVfs))
        .and_then(|reading| reading.limit());
    limit.map_or(256 << 20, |bytes| (bytes / 2).max(CACHE_BYTES_MIN))
}
