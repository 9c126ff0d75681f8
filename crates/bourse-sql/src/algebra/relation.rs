//! Operators that make rows.

use bourse::{Collation, Table, View};

use super::expression::Expr;
use crate::function::{AggregateFunction, SetFunction, WindowFunction};
use crate::types::SqlType;

/// A column of one operator of a statement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ColumnId(pub u32);

/// A common table expression of a statement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CteId(pub u32);

/// A column that an operator makes.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its id.
    pub id: ColumnId,
    /// Its name, for EXPLAIN.
    pub name: String,
    /// Its type.
    pub ty: SqlType,
    /// How its texts compare.
    pub collation: Collation,
}

/// A query: rows, and which of their columns are its result.
#[derive(Clone, Debug)]
pub struct Query {
    /// The rows.
    pub rel: Rel,
    /// The result's columns, in order; an id may occur twice.
    pub columns: Vec<OutputColumn>,
}

/// The column of a table or view that a value is read from as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnOrigin {
    /// The schema of the relation.
    pub schema: String,
    /// The relation.
    pub relation: String,
    /// The column.
    pub column: String,
    /// Its place among the relation's columns, from 1.
    pub number: u16,
}

impl ColumnOrigin {
    /// The column at a place, from 0.
    pub(crate) fn new(schema: &str, relation: &str, column: &str, at: usize) -> ColumnOrigin {
        ColumnOrigin {
            schema: schema.to_owned(),
            relation: relation.to_owned(),
            column: column.to_owned(),
            // A relation has at most 1,600 columns.
            number: u16::try_from(at + 1).unwrap_or(u16::MAX),
        }
    }
}

/// A column of a result.
#[derive(Clone, Debug)]
pub struct OutputColumn {
    /// What its users see.
    pub name: String,
    /// Which column of the rows.
    pub id: ColumnId,
    /// Its type.
    pub ty: SqlType,
    /// How its texts compare.
    pub collation: Collation,
    /// What the value is read from as it is.
    pub origin: Option<ColumnOrigin>,
    /// The type that the column of the table was declared with (for drivers of SQLite).
    pub declared: Option<String>,
}

/// An operator that makes rows.
#[derive(Clone, Debug)]
pub enum Rel {
    /// A table of the store.
    Scan(TableScan),
    /// Groups of an aggregate view of the store.
    Groups(GroupScan),
    /// Rows written out. One row without columns is SELECT without FROM.
    Values {
        /// Columns.
        columns: Vec<Column>,
        /// Rows of expressions.
        rows: Vec<Vec<Expr>>,
    },
    /// Functions in FROM, side by side (ROWS FROM), the shorter ones filled with NULLs.
    Functions {
        /// Which.
        calls: Vec<SetCall>,
        /// WITH ORDINALITY.
        ordinality: Option<Column>,
    },
    /// Set-returning functions in a select list: for each row below, their rows side by side.
    ProjectSet {
        /// Rows below; their columns are kept.
        input: Box<Rel>,
        /// Which.
        calls: Vec<SetCall>,
    },
    /// Rows for which a condition is true.
    Filter {
        /// Rows below.
        input: Box<Rel>,
        /// The condition.
        predicate: Expr,
    },
    /// Computed columns. The output has these alone; a column that is handed on keeps its id.
    Project {
        /// Rows below.
        input: Box<Rel>,
        /// Columns.
        items: Vec<(Column, Expr)>,
    },
    /// A join. The output has the columns of both sides (of the left alone: Semi, Anti).
    Join {
        /// Which rows are kept.
        kind: JoinKind,
        /// Left side.
        left: Box<Rel>,
        /// Right side.
        right: Box<Rel>,
        /// The condition.
        on: Expr,
        /// The right side uses columns of the left one.
        lateral: bool,
    },
    /// Groups. The output has the keys (NULL where a grouping set leaves them out), the GROUPING
    /// columns and the aggregates.
    Aggregate {
        /// Rows below.
        input: Box<Rel>,
        /// Keys: the column of the output, and what is computed of a row.
        keys: Vec<(Column, Expr)>,
        /// Positions of keys of each grouping set. One with all of them is plain GROUP BY; one with
        /// none and no keys is one row, also of no rows.
        sets: Vec<Vec<usize>>,
        /// GROUPING(keys): bit by bit whether the set leaves the key out.
        groupings: Vec<(Column, Vec<usize>)>,
        /// Aggregates.
        aggregates: Vec<Aggregation>,
    },
    /// Window functions over one partition and order. The output has the columns below too.
    Window {
        /// Rows below.
        input: Box<Rel>,
        /// PARTITION BY.
        partition: Vec<Expr>,
        /// ORDER BY.
        order: Vec<SortKey>,
        /// Calls, each with its frame.
        calls: Vec<WindowCall>,
    },
    /// Rows in an order; equal ones in any.
    Sort {
        /// Rows below.
        input: Box<Rel>,
        /// The order.
        keys: Vec<SortKey>,
    },
    /// Some of the rows.
    Limit {
        /// Rows below.
        input: Box<Rel>,
        /// How many; NULL is all. (Negative: an error, in SQLite's dialect all.)
        limit: Option<Expr>,
        /// After how many.
        offset: Option<Expr>,
        /// And those equal to the last one: the Sort's keys below.
        with_ties: bool,
    },
    /// Each combination of columns once.
    Distinct {
        /// Rows below.
        input: Box<Rel>,
        /// All columns of the result, or DISTINCT ON: the first row of each.
        on: Vec<Expr>,
    },
    /// Rows of two queries.
    SetOperation {
        /// Which.
        op: SetOperator,
        /// Each as often as it is there.
        all: bool,
        /// Left query.
        left: Box<Query>,
        /// Right query, with as many columns of the same types.
        right: Box<Query>,
        /// Columns of the output.
        columns: Vec<Column>,
    },
    /// Queries that are computed once, for `body` and for one another.
    With {
        /// In the order in which they may refer to one another.
        ctes: Vec<Cte>,
        /// What uses them.
        body: Box<Rel>,
    },
    /// Rows of a common table expression; within its own recursive part, of the last round.
    CteScan {
        /// Which.
        cte: CteId,
        /// A column for each of its columns.
        columns: Vec<Column>,
    },
    /// Rows that are locked as they pass: SELECT ... FOR UPDATE.
    Lock {
        /// Rows below.
        input: Box<Rel>,
        /// What is locked.
        clauses: Vec<RowLockClause>,
    },
}

/// A table in FROM.
#[derive(Clone, Debug)]
pub struct TableScan {
    /// The table.
    pub table: Table,
    /// The name that it goes by.
    pub alias: String,
    /// The columns that are used, and from where.
    pub columns: Vec<(Column, ScanColumn)>,
    /// INDEXED BY: the index that must be used; `Some(None)` is NOT INDEXED.
    pub indexed_by: Option<Option<String>>,
}

/// An aggregate view in FROM, or in the place of a query that it answers.
#[derive(Clone, Debug)]
pub struct GroupScan {
    /// The view.
    pub view: View,
    /// The table whose rows it groups.
    pub table: Table,
    /// The name that it goes by.
    pub alias: String,
    /// The columns that are used, and of which output of the view: those of the group come first.
    pub columns: Vec<(Column, usize)>,
}

impl GroupScan {
    /// Whether a column by which the view groups may be NULL.
    pub(crate) fn may_be_null(&self, output: usize) -> bool {
        let definition = self.view.definition();
        match definition.group.get(output).map(|column| &column.expression) {
            Some(bourse::Expression::Column(column)) if definition.base.is_none() => {
                let columns = &self.table.definition().columns;
                columns.get(usize::from(column.position)).is_none_or(|column| !column.not_null)
            }
            _ => true,
        }
    }
}

/// What a scan reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScanColumn {
    /// A column, by position.
    Column(usize),
    /// The row's primary key, hidden or not, as a record: what UPDATE, DELETE and locks go by.
    Key,
    /// The hidden row id.
    RowId,
}

/// A set-returning function with its output.
#[derive(Clone, Debug)]
pub struct SetCall {
    /// Which.
    pub function: &'static SetFunction,
    /// Arguments.
    pub arguments: Vec<Expr>,
    /// Columns of the output.
    pub columns: Vec<Column>,
}

/// Which rows a join keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JoinKind {
    /// Pairs.
    Inner,
    /// And rows of the left side without a pair.
    Left,
    /// And rows of the right side without a pair.
    Right,
    /// And both.
    Full,
    /// Rows of the left side that have a pair.
    Semi,
    /// Rows of the left side that have none.
    Anti,
}

/// An aggregate in an [`Rel::Aggregate`].
#[derive(Clone, Debug)]
pub struct Aggregation {
    /// Its column of the output.
    pub column: Column,
    /// What is computed.
    pub kind: AggregateKind,
    /// Rows that take part.
    pub filter: Option<Expr>,
}

/// What an aggregate computes.
#[derive(Clone, Debug)]
pub enum AggregateKind {
    /// A function of the arguments of each row.
    Function {
        /// Which.
        function: &'static AggregateFunction,
        /// Arguments of a row; of an ordered-set aggregate the direct ones and then the ordered.
        arguments: Vec<Expr>,
        /// Each combination of arguments once.
        distinct: bool,
        /// The order in which rows are taken (ORDER BY inside, WITHIN GROUP).
        order: Vec<SortKey>,
    },
    /// SQLite's bare column: of the row in which `of`, a MIN or MAX, was found, else of any.
    Bare {
        /// The column's value in a row.
        value: Expr,
        /// Position of the MIN or MAX among the aggregates.
        of: Option<usize>,
    },
}

/// A part of an order.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// What is compared.
    pub expr: Expr,
    /// Greatest first.
    pub descending: bool,
    /// Where NULLs go (the dialects differ; the binder decides).
    pub nulls_first: bool,
}

/// A call in a [`Rel::Window`].
#[derive(Clone, Debug)]
pub struct WindowCall {
    /// Its column of the output.
    pub column: Column,
    /// Which function.
    pub kind: WindowKind,
    /// Arguments.
    pub arguments: Vec<Expr>,
    /// Rows that take part (aggregates only).
    pub filter: Option<Expr>,
    /// Over which rows.
    pub frame: Frame,
}

/// A function over a window.
#[derive(Clone, Debug)]
pub enum WindowKind {
    /// One of the partition.
    Window(WindowFunction),
    /// An aggregate of the frame.
    Aggregate(&'static AggregateFunction),
}

/// Which rows around the current one.
#[derive(Clone, Debug)]
pub struct Frame {
    /// How distances are counted.
    pub units: FrameUnits,
    /// From.
    pub start: FrameBound,
    /// To.
    pub end: FrameBound,
    /// Which of them are left out.
    pub exclusion: FrameExclusion,
}

/// How a frame's distances are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FrameUnits {
    /// In rows.
    Rows,
    /// In the order's value.
    Range,
    /// In groups of equals.
    Groups,
}

/// An end of a frame.
#[derive(Clone, Debug)]
pub enum FrameBound {
    /// The partition's first row.
    UnboundedPreceding,
    /// So far before.
    Preceding(Expr),
    /// The current row (Range and Groups: its equals).
    CurrentRow,
    /// So far after.
    Following(Expr),
    /// The partition's last row.
    UnboundedFollowing,
}

/// What a frame leaves out.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum FrameExclusion {
    /// Nothing.
    #[default]
    NoOthers,
    /// The current row.
    CurrentRow,
    /// The current row and its equals.
    Group,
    /// Its equals.
    Ties,
}

/// UNION, INTERSECT, EXCEPT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetOperator {
    /// Of either.
    Union,
    /// Of both.
    Intersect,
    /// Of the left and not the right.
    Except,
}

/// The order and the limit of a recursive expression.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Which row is next; those that are equal come in the order in which they were made.
    pub order: Vec<QueueKey>,
    /// How many rows there are, at most.
    pub limit: Option<u64>,
    /// How many rows before them are left out.
    pub offset: u64,
}

/// A column by which the rows of a [`Queue`] are ordered.
#[derive(Clone, Debug)]
pub struct QueueKey {
    /// Its place among the columns.
    pub column: usize,
    /// How its texts compare.
    pub collation: Collation,
    /// The greatest first.
    pub descending: bool,
    /// NULL first.
    pub nulls_first: bool,
}

/// A common table expression.
#[derive(Clone, Debug)]
pub struct Cte {
    /// Its id.
    pub id: CteId,
    /// Its name.
    pub name: String,
    /// Its rows: of a recursive one, those of the first part.
    pub query: Query,
    /// The recursive part: run over the rows of the round before until there are none.
    pub step: Option<Query>,
    /// Whether rows that were there already are dropped (UNION).
    pub distinct: bool,
    /// SQLite's: rows are taken one by one, in an order of their own, until there are enough.
    pub queue: Option<Queue>,
    /// What changes rows (INSERT ... RETURNING and its like) is run once, used or not, and its
    /// rows are `query`'s place.
    pub change: Option<Box<super::statement::Statement>>,
    /// MATERIALIZED said so (`Some(false)`: NOT MATERIALIZED).
    pub materialized: Option<bool>,
}

/// Which rows a SELECT locks.
#[derive(Clone, Debug)]
pub struct RowLockClause {
    /// The table.
    pub table: Table,
    /// The column of its scan that is the row's [`ScanColumn::Key`].
    pub key: ColumnId,
    /// How.
    pub strength: LockStrength,
    /// What happens if another has it.
    pub wait: LockWait,
}

/// How strongly a row is locked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LockStrength {
    /// FOR KEY SHARE
    KeyShare,
    /// FOR SHARE
    Share,
    /// FOR NO KEY UPDATE
    NoKeyUpdate,
    /// FOR UPDATE
    Update,
}

/// What happens at a row that another has locked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LockWait {
    /// It is waited for.
    Block,
    /// 55P03.
    NoWait,
    /// The row is left out.
    SkipLocked,
}
