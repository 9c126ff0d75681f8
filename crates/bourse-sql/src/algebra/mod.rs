//! Statements after binding: names are resolved to tables, columns and functions, types are known,
//! and every cast that happens is written down. How a statement is run is not decided here.
//!
//! Columns are told apart by [`ColumnId`]s, unique in a statement, that the operator which makes
//! the column gives it; they never change on the way up, so that operators can be moved without
//! renumbering. A subquery refers to columns of the query around it by the same ids: what is used
//! in a relation and not made in it is a correlation.
//!
//! Invariants, which the binder keeps and rewrites must too:
//! - **A1** A column id is made by one operator of a statement.
//! - **A2** Each side of a [`ExprKind::Compare`] has the same type (but for SQLite's `Any`).
//! - **A3** Aggregates, window functions and set-returning functions occur in their operators only,
//!   never inside an [`Expr`].

mod check;
mod expression;
mod relation;
mod statement;
mod walk;

pub use check::check;
pub use expression::{CompareOp, Expr, ExprKind, Quantifier, Subquery, SubqueryKind, TruthTest};
pub use relation::{
    AggregateKind, Aggregation, Column, ColumnId, ColumnOrigin, Cte, CteId, Frame, FrameBound,
    FrameExclusion, FrameUnits, GroupScan, JoinKind, LockStrength, LockWait, OutputColumn, Query,
    Queue, QueueKey, Rel, RowLockClause, ScanColumn, SetCall, SetOperator, SortKey, TableScan,
    WindowCall, WindowKind,
};
pub use statement::{
    Assignment, ConflictAction, ConflictTarget, Delete, Insert, Merge, MergeAction, MergeClause,
    MergeMatch, OnConflict, Returning, Statement, Update,
};
pub use walk::{Go, Rewrite, Visit};
