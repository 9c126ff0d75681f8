//! The legacy trading platform as benchmarks of SQL have it: its tables, its queries, and answers
//! that are decoded alike by everyone.

pub mod data;
pub mod queries;
pub mod rows;
