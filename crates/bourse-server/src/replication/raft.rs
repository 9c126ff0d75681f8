//! A group: servers that agree on each commit, by the crate `openraft`. All that knows it is here.
//!
//! The store's log is the consensus's log: see [`bourse::replication::group`]. A commit on the
//! leader is acknowledged once a majority has it durably; where the leader is gone the others
//! choose another one, and nothing that was acknowledged is lost.
//!
//! ```text
//! leader                                              another member
//! commits --> log --submit--> end of an entry
//!                  consensus --header--> network ===parcel===> serving --> consensus
//!                     ^                                                       |
//!                     |<------------- durable there <--- flush <--- log <-----+
//!                     +--> publish here, then there
//! ```
//!
//! - `types`: entries, what a member remembers, what members say to each other;
//! - `storage`: the store's log and publication, as the consensus wants them;
//! - `link`, `network`, `serving`: connections, the side that asks, the side that answers;
//! - `node`: a member that runs; `leading`: who leads, entries, when a store is opened anew;
//!   `chores`: log that is kept;
//! - `host`: what a member wants of its server; `runtime`: what its tasks run on;
//! - `members`, `handover`: what an operator asks for: members, and who leads;
//! - `newcomer`: how a store becomes a member's;
//! - [`simulation`]: members that run in a world by seed, with all of this.

mod chores;
mod handover;
mod host;
mod leading;
mod levels;
mod link;
mod members;
mod network;
mod newcomer;
pub(crate) mod node;
mod runtime;
pub(crate) mod serving;
#[doc(hidden)]
pub mod simulation;
mod storage;
#[cfg(test)]
mod tests;
mod types;

pub use newcomer::prepare_member;
pub(crate) use node::GroupNode;
pub use node::removed_member;
