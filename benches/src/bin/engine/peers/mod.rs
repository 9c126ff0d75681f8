//! The contenders, a file each: how it is opened for best results, and how it does what is asked.

mod batch;
mod bourse;
mod fjall;
mod libmdbx;
mod lmdb;
mod locks;
mod redb;
#[cfg(feature = "rocksdb")]
mod rocksdb;
mod sled;
mod sqlite;

use std::path::Path;

use crate::Outcome;
use crate::change::{Peer, Setting};

/// Opens a store in a folder, making it when there is none.
type Open = fn(&Path, Setting) -> Outcome<Box<dyn Peer>>;

/// A contender.
pub(crate) struct Contender {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// What it is called in tables.
    pub(crate) title: &'static str,
    /// Whether it is also measured behind a thread that groups commits, because it does not group
    /// the commits of several threads well itself.
    pub(crate) gains_by_groups: bool,
    /// Whether a thread can have many commits under way, and be told of each.
    pub(crate) has_completions: bool,
    /// Whether its durable commit waits for the disk, as `--syscalls` shows.
    pub(crate) syncs: bool,
    open: Open,
}

impl Contender {
    /// Opens its store.
    pub(crate) fn open(&self, folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
        std::fs::create_dir_all(folder)?;
        (self.open)(folder, setting)
    }
}

impl Contender {
    const fn new(name: &'static str, title: &'static str, open: Open) -> Contender {
        Contender { name, title, gains_by_groups: true, has_completions: false, syncs: true, open }
    }
}

/// All contenders of this build, Bourse first.
pub(crate) const ALL: &[Contender] = &[
    Contender {
        gains_by_groups: false,
        has_completions: true,
        ..Contender::new("bourse", "Bourse", bourse::open)
    },
    Contender::new("lmdb", "LMDB", lmdb::open),
    Contender::new("libmdbx", "libmdbx", libmdbx::open),
    Contender::new("redb", "redb", redb::open),
    Contender::new("fjall", "fjall", fjall::open),
    Contender { syncs: false, ..Contender::new("sled", "sled 0.34", sled::open) },
    Contender::new("sqlite", "SQLite", sqlite::open),
    #[cfg(feature = "rocksdb")]
    Contender::new("rocksdb", "RocksDB", rocksdb::open),
];

/// The contender of a name.
pub(crate) fn find(name: &str) -> Outcome<&'static Contender> {
    let found = ALL.iter().find(|contender| contender.name == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = ALL.iter().map(|contender| contender.name).collect();
        let hint = if cfg!(feature = "rocksdb") {
            ""
        } else {
            "; for rocksdb run `cargo xtask bench engine --all-peers`"
        };
        format!("there is no peer {name}; there are {}{hint}", names.join(", ")).into()
    })
}
