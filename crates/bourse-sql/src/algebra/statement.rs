//! Statements that read and change rows. (What changes definitions and sessions does not pass the
//! planner; the binder gives it to `session` as it is.)

use bourse::Table;

use super::expression::Expr;
use super::relation::{Column, ColumnId, OutputColumn, Query, Rel};

/// A statement over rows.
#[derive(Clone, Debug)]
pub enum Statement {
    /// SELECT, VALUES, TABLE.
    Query(Query),
    /// INSERT, REPLACE.
    Insert(Insert),
    /// UPDATE.
    Update(Update),
    /// DELETE.
    Delete(Delete),
    /// MERGE.
    Merge(Merge),
}

/// INSERT.
#[derive(Clone, Debug)]
pub struct Insert {
    /// The table.
    pub table: Table,
    /// The rows.
    pub source: Query,
    /// For each column of the table the column of `source` (already cast as an assignment), or
    /// `None`: its default.
    pub columns: Vec<Option<ColumnId>>,
    /// What happens to a row that a unique key has already.
    pub conflict: Option<OnConflict>,
    /// RETURNING.
    pub returning: Option<Returning>,
}

/// ON CONFLICT, or SQLite's OR.
#[derive(Clone, Debug)]
pub struct OnConflict {
    /// Which keys' conflicts it is about.
    pub target: ConflictTarget,
    /// What is done then.
    pub action: ConflictAction,
    /// What is done about other keys' conflicts, the first that there is.
    pub others: Vec<OnConflict>,
}

/// Which keys' conflicts.
#[derive(Clone, Debug)]
pub enum ConflictTarget {
    /// Any.
    Any,
    /// The primary key's.
    PrimaryKey,
    /// A unique index's, by name.
    Index(String),
}

/// What is done with a row that is there.
#[derive(Clone, Debug)]
pub enum ConflictAction {
    /// The new row is left out.
    Nothing,
    /// The old row is changed.
    Update {
        /// The old row's columns, as assignments and condition name them.
        existing: Vec<(Column, super::relation::ScanColumn)>,
        /// The new row's columns (`excluded`), by position of the table's column.
        excluded: Vec<Column>,
        /// What is set.
        assignments: Vec<Assignment>,
        /// Only rows for which this is true.
        condition: Option<Expr>,
    },
    /// The old rows go (REPLACE).
    Replace,
    /// SQLite's OR IGNORE: also rows that NOT NULL or CHECK refuses are left out.
    Ignore,
    /// SQLite's OR FAIL: rows before the refused one stay.
    Fail,
    /// SQLite's OR ROLLBACK: the transaction ends.
    Rollback,
}

/// A column that is set.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Position of the table's column.
    pub column: usize,
    /// To what, cast as an assignment; `None`: its default.
    pub value: Option<Expr>,
}

/// UPDATE.
#[derive(Clone, Debug)]
pub struct Update {
    /// The table.
    pub table: Table,
    /// Rows to change, joined with FROM; has the table's [`ScanColumn::Key`](super::ScanColumn).
    pub source: Rel,
    /// Which column of `source` is the key.
    pub key: ColumnId,
    /// The condition over a row of the table alone: looked at again when another transaction has
    /// changed the row meanwhile.
    pub recheck: Option<Expr>,
    /// What is set, over columns of `source`.
    pub assignments: Vec<Assignment>,
    /// What happens to a row that a unique key has already (SQLite's OR).
    pub conflict: Option<OnConflict>,
    /// Keys of which a row may have another one's value until that is changed.
    pub deferrable: Vec<String>,
    /// RETURNING.
    pub returning: Option<Returning>,
}

/// DELETE.
#[derive(Clone, Debug)]
pub struct Delete {
    /// The table.
    pub table: Table,
    /// Rows to delete, joined with USING.
    pub source: Rel,
    /// Which column of `source` is the key.
    pub key: ColumnId,
    /// As for UPDATE.
    pub recheck: Option<Expr>,
    /// RETURNING.
    pub returning: Option<Returning>,
}

/// MERGE.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The table.
    pub table: Table,
    /// Source rows left-joined with the table's: the key is NULL where there is none.
    pub source: Rel,
    /// Which column of `source` is the key.
    pub key: ColumnId,
    /// WHEN clauses, in order.
    pub clauses: Vec<MergeClause>,
    /// RETURNING.
    pub returning: Option<Returning>,
}

/// A WHEN clause.
#[derive(Clone, Debug)]
pub struct MergeClause {
    /// For which rows.
    pub when: MergeMatch,
    /// And only if this is true.
    pub condition: Option<Expr>,
    /// What is done.
    pub action: MergeAction,
}

/// For which rows a WHEN clause is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MergeMatch {
    /// WHEN MATCHED
    Matched,
    /// WHEN NOT MATCHED
    NotMatched,
}

/// What a WHEN clause does.
#[derive(Clone, Debug)]
pub enum MergeAction {
    /// Nothing.
    Nothing,
    /// UPDATE SET.
    Update(Vec<Assignment>),
    /// DELETE.
    Delete,
    /// INSERT: a value for each column of the table, or its default.
    Insert(Vec<Option<Expr>>),
}

/// RETURNING: computed of the changed row (of a deleted one: as it was) and of the source's row.
#[derive(Clone, Debug)]
pub struct Returning {
    /// The changed row's columns, as `items` name them.
    pub row: Vec<(Column, super::relation::ScanColumn)>,
    /// What is computed.
    pub items: Vec<(Column, Expr)>,
    /// The result.
    pub columns: Vec<OutputColumn>,
}
