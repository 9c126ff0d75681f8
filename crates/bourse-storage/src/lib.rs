//! The bytes of a Bourse store: files, pages, trees, page cache and log.
//!
//! Everything here is synchronous and knows nothing of tables, SQL or sockets. It is the only
//! crate of the workspace with unsafe code, and each module that needs some says why.
//!
//! Way in: [`id`] names things, [`page`] is the 4 KiB page, [`store`] is what a tree needs of the
//! pages below it, [`tree`] is the copy-on-write tree, [`cache`] keeps pages in memory,
//! [`pager`] is one shard's file, [`log`] is the write-ahead log, [`blocks`] are the files of
//! backups, [`temporary`] are those of statements. [`vfs`] and [`sync`] are the two seams through
//! which every byte and every wait passes, so that the simulator can drive both.

pub mod blocks;
pub mod bug;
pub mod cache;
pub mod combine;
pub mod error;
pub mod id;
pub mod log;
#[cfg(all(test, loom))]
mod models;
pub mod page;
pub mod pager;
mod prefetch;
pub mod rest;
pub mod store;
#[cfg(not(loom))]
pub mod sync;
#[cfg(loom)]
#[path = "sync/model.rs"]
pub mod sync;
pub mod temporary;
pub mod tree;
pub mod vfs;

pub use error::{Error, ErrorKind, Result, Violation};
