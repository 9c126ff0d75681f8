//! Views: aggregates that are kept right in the same commit as the rows below them.
//!
//! # The algebra
//!
//! A view's [`Aggregate`]s are taken apart into *cells*, the pieces of which the state of a group
//! is made: how many rows, how many values, their exact sum, the sum of their squares, the least
//! and the greatest. Aggregates share cells: `AVG(x)` and `SUM(x)` have both the sum and the count.
//! A [`Shape`] is what a view's aggregates need of a row and which cells they make of it; a
//! [`State`] is one group's cells.
//!
//! Cells are sums in the algebraic sense: a row is added or taken away in constant time, and the
//! states of two shards merge into that of both. All of them are exact, so the order of rows does
//! not matter and nothing drifts: a floating sum is the sum of the real numbers that the doubles
//! are, rounded once, when it is read.
//!
//! What cannot be taken away from in constant time (the least value, the distinct ones, the one in
//! the middle) stands upon a *multiset*: the values in order with a count each. Multisets are kept
//! in a tree beside the states; the algebra tells what changes in them and keeps of each only the
//! ends and the number of distinct values.
//!
//! # Invariants
//!
//! * **V1** Equal multisets of contributions have equal bytes of state, whatever was added and
//!   taken away before, and in whatever order.
//! * **V2** Nothing is rounded before it is read, and then once.
//! * **V3** What a row contributes depends on the row alone. So what may refuse it refuses before
//!   the commit ([`Shape::check`]); afterwards a change fails only if the state is damaged.

mod aggregate;
mod builder;
mod cell;
mod contribution;
mod decimal_sum;
mod definition;
mod encode;
mod exact_sum;
mod fed;
mod frozen;
mod gather;
mod info;
mod lookup;
mod natural;
mod ordered;
mod outcome;
mod pending;
mod quotient;
mod read;
mod rollup;
mod shape;
mod state;
mod states;
mod stored;
#[cfg(test)]
mod tests;
mod wide;

pub use aggregate::{Aggregate, AggregateFunction, Fraction};
pub use builder::ViewBuilder;
pub(crate) use contribution::{CONTRIBUTIONS, Contribution};
pub use definition::{
    AGGREGATES_MAX, GroupColumn, VIEW_INDEXES_MAX, VIEWS_MAX, ViewDefinition, ViewIndex,
};
pub use fed::GroupChange;
pub(crate) use fed::{FedGroup, fed_groups};
pub(crate) use frozen::split;
pub(crate) use gather::{Difference, Gathered, lacks_value, lost};
pub(crate) use info::{Touched, ViewInfo, parse_entry, write_entry};
pub(crate) use lookup::LookupInfo;
pub use lookup::{LOOKUPS_MAX, Lookup, LookupColumn};
pub use read::{Freshness, Group, Groups, View};
#[cfg(test)]
pub(crate) use shape::{ChangeMultiset, Multisets, Shape};
pub(crate) use shape::{End, LostEnd, MultisetChange};
pub(crate) use state::{Sign, State};
pub(crate) use stored::NumberedView;
