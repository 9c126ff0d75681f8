//! Bourse, an embedded trading store.
//!
//! [`Database`] is the way in: open one, make tables from structs ([`TypedTable`]) or from
//! [`TableDefinition`]s ([`struct@Table`]), read through it or through a [`Cut`], change through
//! it or through a [`Transaction`]. The README's example shows all of that in fifteen lines.
//!
//! - open, close: [`Database::open`], [`Database::close`]; [`Options`], [`Durability`];
//! - make and find tables: [`Database::create`], [`Database::typed`], or without types
//!   [`Database::create_table`], [`Database::table`], [`Database::create_index`];
//! - read a row of the newest state: [`TypedTable::get`], [`Database::get`], and `get_with` to see
//!   it in place; many by key, `multi_get`;
//! - read consistently, and ranges: [`Database::cut`], then [`TypedTable::at`] for
//!   [`TypedReader::scan`] and [`TypedReader::scan_index`], or [`Cut::scan`] and
//!   [`Cut::scan_index`] with a [`Range`];
//! - change one row: [`TypedTable::insert`], `upsert`, `update`, `replace`, `delete`, or those of
//!   [`Database`];
//! - change what one shard key has: [`Database::shard_transaction`]; anything, whole or not at
//!   all: [`Database::transaction`]; inside, [`TypedTable::within`] or [`Transaction`]'s own calls;
//! - statement by statement, with row locks, savepoints and waits for others in between:
//!   [`Database::begin`], [`InteractiveTransaction`];
//! - commit without a thread that waits: [`Database::submit`], [`TypedTable::submit`],
//!   [`Completion`];
//! - hold a row while thinking: [`Database::lock_row`];
//! - fill a new table: [`TypedTable::bulk_load`], [`Database::bulk_load`]; [`LoadOrder`];
//! - keep aggregates of its rows right in every commit: [`Database::create_view`], then
//!   [`Cut::group`], [`Cut::groups`], [`Cut::top_groups`]; see [`view`];
//! - be told of every change of a table, in order and exactly once: [`Database::create_feed`],
//!   [`Database::subscribe`], [`Transaction::advance_feed`]; see [`feed`];
//! - look after it: [`Database::statistics`], [`Database::check`], [`Database::checkpoint`],
//!   [`Database::flush`];
//! - hand work on, once: [`Database::create_queue`], [`Queue`];
//! - do things again and again: [`Database::create_job`], [`JobRunner`];
//! - keep for a while what has no room in memory: [`Database::temporary_file`];
//! - compute once what is asked often, and never show it stale: [`Database::cached`];
//! - have it twice: [`Database::ship`] on the leader, [`Database::receive`] on its followers; see
//!   [`replication`];
//! - keep it safe: [`Database::backup`], [`backup::verify`], [`backup::restore`].
//!
//! Typed and untyped calls do the same; rows without types are slices of [`Value`]s in the order
//! of the columns, and come back as [`OwnedRow`]s. Every call gives [`Error`]s of this crate, whose
//! [`ErrorKind`] says what to do: [`ErrorKind::Conflict`] may be tried again as it is.
//!
//! Values and what they are kept in: [`Value`] and [`Type`], [`Decimal`], [`Date`] and
//! [`Timestamp`]; [`row`] for the bytes of rows, [`key`] for the bytes of keys, [`schema`] for
//! definitions of tables, [`expression`] for conditions and computed keys, [`typed`] for structs as
//! rows.
//!
//! Everything but [`Database::submit`] is synchronous. Handles are `Clone + Send + Sync`; from
//! async code see [`Database`].

mod age;
pub mod backup;
mod bulk;
mod cache_size;
mod catalog;
mod check;
mod checkpoint;
mod commit;
mod compact;
mod companion;
mod completion;
mod core;
mod count;
mod cut;
mod database;
pub mod datetime;
mod ddl;
pub mod decimal;
mod defaults;
mod expiry;
pub mod expression;
pub mod feed;
mod fetch;
mod foreign_key;
mod identity;
mod index;
mod jobs;
mod kept;
pub mod key;
mod load;
mod lookup;
mod news;
mod open_files;
mod options;
mod pairs;
mod queue;
mod range;
mod read;
mod reading;
mod record;
mod recovery;
mod replay;
pub mod replication;
mod results;
pub mod row;
mod row_lock;
mod scan;
pub mod schema;
mod shard;
mod snapshot;
mod table;
mod temporary;
mod transaction;
pub mod typed;
pub mod value;
pub mod view;

// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

// The derive's code names this crate from outside.
#[cfg(test)]
extern crate self as bourse;

pub use bourse_derive::Table;
pub use bourse_storage::cache::CacheStatistics;
pub use bourse_storage::id::Lsn;
pub use bourse_storage::temporary::{Place, TemporaryBlock, TemporaryFile};
pub use bourse_storage::{Error, ErrorKind, Result, Violation};
pub use check::{CheckProgress, CheckReport, CheckedIndex, CheckedTable, CheckedView, Finding};
pub use completion::{Completion, Submitter};
pub use database::{Database, RecoveryProgress, Statistics};
pub use datetime::{Date, Interval, Time, Timestamp, TimestampTz};
pub use ddl::build::IndexBuildProgress;
pub use ddl::{Alteration, Truncate};
pub use decimal::Decimal;
pub use expression::Expression;
pub use feed::{
    Change, Changes, FeedDefinition, FeedInfo, Position, RowChange, Subscription,
    SubscriptionCancel,
};
pub use jobs::{
    JobDefinition, JobFunctions, JobOptions, JobOutcome, JobRun, JobRunner, JobState, JobWork,
    Schedule,
};
pub use load::{BulkLoad, LoadOrder};
pub use options::{Durability, KeepCuts, Options};
pub use queue::{
    DeadLetter, Enqueued, Leased, Message, Queue, QueueDefinition, QueueKeyType, QueueMetrics,
    QueueRates,
};
pub use range::Range;
pub use read::{Entries, IndexEntry, Rows};
pub use reading::Cut;
pub use replication::{LogHold, Parcel, ReplicationPosition, Shipping};
pub use results::{
    ResultBytes, ResultKey, ResultOptions, ResultPool, ResultPoolStatistics, ResultStatistics,
};
pub use row::Row;
pub use row_lock::RowLock;
pub use scan::Order;
pub use schema::{ForeignKey, IndexDefinition, TableDefinition};
pub use shard::statistics::ShardStatistics;
pub use table::{OwnedRow, Table};
pub use transaction::Transaction;
pub use transaction::interactive::{
    CancelHandle, InteractiveTransaction, Isolation, TransactionOptions,
};
pub use transaction::locks::LockMode;
pub use transaction::locks::session::in_session;
pub use transaction::locks::set::LockWait;
pub use transaction::locks::shown::RowLockStatus;
pub use transaction::session::LockedRow;
pub use typed::{TableRow, TypedIndex, TypedReader, TypedSubmitter, TypedTable, TypedWriter};
pub use value::{Collation, Json, Type, Uuid, Value, ValueRef};
pub use view::{View, ViewDefinition};
