//! Benchmarks beside the peers.
//!
//! `engine` measures every contender's every step in a process of its own, in turns (A B A B ...);
//! `cow` measures pages beside LMDB in one process; `views` measures aggregates beside triggers,
//! `sql` SQL in process, `server` SQL over the wire. All tell medians of rounds, the spread,
//! latencies and what else the machine was doing. The peers are dependencies of this package alone.

pub mod cluster;
pub mod legacy;
pub mod lmdb;
pub mod measure;
pub mod report;
