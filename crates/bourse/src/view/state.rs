//! The state of one group: its cells.

/// Whether a row is added or taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sign {
    /// The row is now in the group.
    Add,
    /// The row is no longer in the group.
    Remove,
}

/// The state of one group: plain data, given its meaning by the view's [`super::Shape`]. May be
/// used again for another group (`Shape::clear`, `Shape::decode`), which saves its allocations.
#[derive(Clone, Debug)]
pub(crate) struct State {}
