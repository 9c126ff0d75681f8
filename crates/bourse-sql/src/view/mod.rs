//! Aggregate views of the store as SQL has them: materialized views that are kept right in every
//! commit, and queries that they answer.
//!
//! One way serves both. [`Grouping::of`] tells what the groups of a bound SELECT are in the store's
//! own terms, or why they are none. Of that a view is made ([`make`]); and of a view that has the
//! same groups the SELECT's can be read ([`answer`]): one that SQL has made answers its own query,
//! which is bound anew whenever the view is named, and any view answers others' ([`choose`]).
//! HAVING, the select list, ORDER BY and LIMIT stand above the groups and are computed when they
//! are read, by the executor, as those of any query.
//!
//! Invariants:
//! - **M1** What answers a query in the place of its table has the same rows, values and digits. So
//!   expressions are taken only if they mean the same to the store ([`meaning`]), and sums of
//!   floating numbers, which the store rounds once, only where it was said.
//! - **M2** A view that leaves groups out, keeps rows that are gone from its table (see
//!   `Database::expire_before`), or is still being built, answers no query but its own name.

mod answer;
mod choose;
mod grouping;
mod joined;
mod make;
mod meaning;

pub(crate) use choose::{Chosen, choose, read_through};
pub(crate) use make::{Made, make};
