//! Benchmarks beside the peers.
//!
//! Each binary measures its contenders in turns (A B A B ...) in one process and on the same data,
//! and tells medians of rounds, the spread, latencies and what else the machine was doing. The
//! peers are dependencies of this package alone.

pub mod lmdb;
pub mod measure;
pub mod trades;
