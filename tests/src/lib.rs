//! The simulator: the whole engine in small worlds that crash, each decided by one seed.
//!
//! # The idea
//!
//! [`seed::run`] takes a store through several *boots* on one simulated disk. In each boot a few
//! clients work on it, on the seeded scheduler, until a fault ends the boot: a crash in any
//! operation of the disk or right after a client got an answer, a crash during recovery, EIO, a
//! full disk, a superblock that decays. Every transaction writes into each row who wrote it and the
//! row's next version, and notes in the [`history`] what it read and wrote. So when the store is
//! open again, its rows tell which transactions are there, and all that was promised is checked:
//!
//! | invariant | what is compared |
//! |---|---|
//! | acknowledged is recovered | acknowledged transactions with the rows (a Sync store) |
//! | whole or not at all | rows with what the recovered transactions wrote |
//! | prefix of the commit order | versions of a row have no gap; nothing newer without the older |
//! | returned is recovered | versions that reads returned with those that are there |
//! | strictly serializable | reads, writes and real time of a boot form no cycle |
//! | no lost update | no version of a row was written twice, so no generated id either |
//! | index equals table | entries of every index with its table's rows |
//! | view equals table | groups of every view with what its table's rows make them, expired ones
//! too |
//! | sum is conserved | balances, in every Cut that sums them and after each open |
//! | snapshot is constant | a Cut read again much later |
//! | locked row is constant | a row under its lock, read twice |
//! | feed tells every change once | copies that subscribers keep with their tables |
//! | check finds nothing | `Database::check`, after each open |
//! | recovery succeeds | open, with no fault but those that it must survive |
//! | full disk loses nothing | a store without space goes on once there is some |
//!
//! A third of the worlds are small, with tiny files of the log and many short boots: there the
//! files are used again for the same LSNs, and what a crash left in them must not be taken for new.
//! The others hold more rows than the cache, and half of those have large transactions and loads. A
//! quarter of the worlds have feeds.
//!
//! The same seed is the same run. A failure names its seed and invariant;
//! `cargo xtask simulate --seed N` runs it again. To prove that these checks find what they are
//! for, `--bug NAME` switches on a bug of [`bourse_storage::bug`] in the engine itself.

mod aged;
pub mod compat;
pub mod consensus;
pub mod differential;
mod feeds;
pub mod followers;
pub mod forgetful;
pub mod grouped;
pub mod groups;
pub mod history;
pub mod killed;
pub mod lists;
pub mod messages;
pub mod mirror;
pub mod report;
pub mod rows;
pub mod scripts;
pub mod seed;
mod serial;
pub mod served;
pub mod soak;
mod tracked;
mod verify;
mod views;
pub mod wire;
mod workload;
pub mod worlds;

/// What was promised and did not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Which promise.
    pub invariant: &'static str,
    /// What was found.
    pub detail: String,
}

impl Violation {
    /// A violation of `invariant`.
    pub fn new(invariant: &'static str, detail: impl Into<String>) -> Violation {
        Violation { invariant, detail: detail.into() }
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.invariant, self.detail)
    }
}
