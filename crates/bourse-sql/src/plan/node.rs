//! The physical plan: operators that push their rows upwards (see [`crate::execute`]).

use bourse::{Collation, Order, Table, Type, View};

use super::code::Code;
use super::measure::Measured;
use crate::algebra::{
    CompareOp, FrameExclusion, FrameUnits, JoinKind, LockStrength, LockWait, Queue, SetOperator,
};
use crate::function::{AggregateFunction, Resolved, ScalarFunction, SetFunction, WindowFunction};
use crate::types::SqlType;

/// An operator.
#[derive(Debug)]
pub(crate) enum Node {
    /// One row that has no columns.
    One,
    /// No row.
    Nothing,
    /// Rows written out.
    Values { slots: Box<[usize]>, rows: Vec<Box<[Code]>> },
    /// Rows of a table.
    Scan(Box<Scan>),
    /// Groups of an aggregate view.
    Groups(Box<Groups>),
    /// Rows of functions, side by side; with `input` for each of its rows.
    Functions { input: Option<Box<Node>>, calls: Vec<SetCode>, ordinality: Option<usize> },
    /// Rows for which all conditions are true.
    Filter { input: Box<Node>, predicates: Box<[Code]> },
    /// Computed columns.
    Project { input: Box<Node>, items: Box<[(usize, Code)]> },
    /// For each row of the left side the right side is run anew, with the left row in its slots.
    Loop(Box<Loop>),
    /// The right side is kept in a hash table, rows of the left side look there.
    Hash(Box<HashJoin>),
    /// How many rows a scan has: from the counts of the trees, where its keys are exact.
    Count { scan: Box<Scan>, slots: Box<[usize]> },
    /// Groups.
    Aggregate(Box<Aggregate>),
    /// Window functions.
    Window(Box<Window>),
    /// Rows in an order.
    Sort(Box<Sort>),
    /// Some of the rows.
    Limit(Box<Limit>),
    /// Each combination of values once.
    Distinct(Box<Distinct>),
    /// UNION and its like.
    SetOperation(Box<SetOperation>),
    /// Common table expressions.
    With { ctes: Vec<usize>, body: Box<Node> },
    /// Rows of one of them.
    CteScan { cte: usize, slots: Box<[usize]> },
    /// Rows kept, so that running it again does not compute them again.
    Keep { input: Box<Node>, slots: Box<[usize]>, cell: usize },
    /// Rows that were locked before the query ran (see [`LockPlan`]).
    Locked { cell: usize, slots: Box<[usize]> },
    /// An operator that EXPLAIN ANALYZE measures.
    Measured(Box<Measured>),
}

/// A column that a scan reads.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) slot: usize,
    pub(crate) source: Source,
    pub(crate) ty: SqlType,
}

/// Where it is read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// A column, by position.
    Column(usize),
    /// The primary key.
    Key,
    /// The hidden row id.
    RowId,
}

/// Rows of a table.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) table: Table,
    pub(crate) alias: String,
    pub(crate) path: Path,
    pub(crate) order: Order,
    /// Columns that the conditions need, read first.
    pub(crate) first: Box<[Output]>,
    /// The other ones.
    pub(crate) rest: Box<[Output]>,
    /// Columns of the index's entry that `entry_filter` needs.
    pub(crate) entry: Box<[Output]>,
    /// Conditions that an entry decides, before its row is read.
    pub(crate) entry_filter: Box<[Code]>,
    /// Conditions that the path's keys stand for: looked at only where a key is not exact.
    pub(crate) key_filter: Box<[Code]>,
    /// The other conditions.
    pub(crate) filter: Box<[Code]>,
    /// Most rows that are wanted, where no operator in between drops any: limit and offset.
    pub(crate) limit: Option<(Code, Option<Code>)>,
    /// Whether some more than those may be wanted: the last ones have equals.
    pub(crate) has_ties: bool,
    /// Estimates, for EXPLAIN.
    pub(crate) rows: f64,
    pub(crate) cost: f64,
}

/// Groups of an aggregate view.
#[derive(Debug)]
pub(crate) struct Groups {
    pub(crate) view: View,
    pub(crate) alias: String,
    pub(crate) path: GroupPath,
    /// Slot, place among the view's outputs, type.
    pub(crate) columns: Box<[(usize, usize, SqlType)]>,
    /// All conditions: those that the path's keys stand for too.
    pub(crate) filter: Box<[Code]>,
    /// Most groups that are wanted: limit and offset.
    pub(crate) limit: Option<(Code, Option<Code>)>,
    /// Estimates, for EXPLAIN.
    pub(crate) rows: f64,
    pub(crate) cost: f64,
}

/// How groups are found.
#[derive(Debug)]
pub(crate) enum GroupPath {
    /// Ranges of the columns by which the view groups, or the one group of all of them.
    Key(KeyRange, Order),
    /// The first ones in the order of an index of the view: by its column's name.
    First(String, Order),
}

/// How rows of a table are found.
#[derive(Debug)]
pub(crate) enum Path {
    /// By the whole primary key.
    Get(Box<[KeyCode]>),
    /// Ranges of the primary key.
    Table(KeyRange),
    /// Ranges of an index; `covering`: the rows are not read.
    Index { name: String, range: KeyRange, covering: bool },
}

/// Ranges of a key: first columns equal to values, or to one of some, the next between bounds.
#[derive(Debug, Default)]
pub(crate) struct KeyRange {
    pub(crate) equal: Box<[KeyPart]>,
    pub(crate) lower: Option<(KeyCode, bool)>,
    pub(crate) upper: Option<(KeyCode, bool)>,
}

/// What a column of a key is equal to.
#[derive(Debug)]
pub(crate) enum KeyPart {
    One(KeyCode),
    Any(Box<[KeyCode]>),
    /// One of an array's elements.
    Elements(KeyCode),
    /// One of a subquery's rows.
    Rows(KeyCode),
    /// NULL.
    Null,
}

/// A value of a key's column.
#[derive(Debug)]
pub(crate) struct KeyCode {
    pub(crate) code: Code,
    /// The expression's type.
    pub(crate) from: SqlType,
    /// The column's type.
    pub(crate) column: Type,
}

/// A set-returning function.
#[derive(Debug)]
pub(crate) struct SetCode {
    pub(crate) function: &'static SetFunction,
    pub(crate) arguments: Box<[Code]>,
    pub(crate) slots: Box<[usize]>,
}

/// A nested loop.
#[derive(Debug)]
pub(crate) struct Loop {
    pub(crate) kind: JoinKind,
    pub(crate) left: Node,
    pub(crate) right: Node,
    pub(crate) on: Box<[Code]>,
    /// Slots of the right side, for rows without a pair.
    pub(crate) right_slots: Box<[usize]>,
    /// Where the right side is one row by its key: slots of the left side that are kept, so that
    /// right rows are read together for many left ones.
    pub(crate) rounds: Option<Box<[usize]>>,
}

/// A hash join.
#[derive(Debug)]
pub(crate) struct HashJoin {
    pub(crate) kind: JoinKind,
    pub(crate) left: Node,
    pub(crate) right: Node,
    pub(crate) left_keys: Box<[Code]>,
    pub(crate) right_keys: Box<[Code]>,
    pub(crate) collations: Box<[Collation]>,
    /// Whether NULLs are equal (IS NOT DISTINCT FROM).
    pub(crate) nulls_equal: Box<[bool]>,
    pub(crate) on: Box<[Code]>,
    /// Slots of the right side that are kept.
    pub(crate) right_slots: Box<[usize]>,
    /// Slots of the left side, for a full join's rows without a pair.
    pub(crate) left_slots: Box<[usize]>,
    /// Slots of the left side that are kept, where rows of both sides go to disk.
    pub(crate) left_saved: Box<[usize]>,
    /// Whether the order of the left side's rows counts.
    pub(crate) ordered: bool,
    /// Whether the table may be used again when the join is run again, and where it is then.
    pub(crate) cell: usize,
    pub(crate) reuse: bool,
}

/// Each combination of values once.
#[derive(Debug)]
pub(crate) struct Distinct {
    pub(crate) input: Node,
    pub(crate) keys: Box<[(Code, Collation)]>,
    /// Slots that are kept, where rows go to disk.
    pub(crate) slots: Box<[usize]>,
    /// Whether the order of the rows counts.
    pub(crate) ordered: bool,
}

/// Groups.
#[derive(Debug)]
pub(crate) struct Aggregate {
    pub(crate) input: Node,
    pub(crate) keys: Box<[(usize, Code, Collation)]>,
    pub(crate) sets: Vec<Vec<usize>>,
    pub(crate) groupings: Vec<(usize, Vec<usize>)>,
    pub(crate) aggregates: Box<[AggregateCode]>,
    /// Slots that the aggregates read, where rows go to disk.
    pub(crate) slots: Box<[usize]>,
    /// Rows come group by group.
    pub(crate) sorted: bool,
}

/// An aggregate.
#[derive(Debug)]
pub(crate) struct AggregateCode {
    pub(crate) slot: usize,
    pub(crate) kind: AggregateCodeKind,
    pub(crate) filter: Option<Code>,
}

/// What it computes.
#[derive(Debug)]
pub(crate) enum AggregateCodeKind {
    Function {
        function: &'static AggregateFunction,
        arguments: Box<[Code]>,
        types: Box<[SqlType]>,
        collation: Collation,
        collations: Box<[Collation]>,
        distinct: bool,
        order: Box<[SortCode]>,
    },
    Bare {
        value: Code,
        of: Option<usize>,
    },
}

/// A part of an order.
#[derive(Debug)]
pub(crate) struct SortCode {
    pub(crate) code: Code,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
    pub(crate) collation: Collation,
}

/// A sort; with a limit only the first rows are kept.
#[derive(Debug)]
pub(crate) struct Sort {
    pub(crate) input: Node,
    pub(crate) keys: Box<[SortCode]>,
    pub(crate) slots: Box<[usize]>,
    pub(crate) limit: Option<(Code, Option<Code>)>,
    /// How many of the first keys the rows are sorted by already.
    pub(crate) sorted_prefix: usize,
}

/// Some of the rows.
#[derive(Debug)]
pub(crate) struct Limit {
    pub(crate) input: Node,
    pub(crate) limit: Option<Code>,
    pub(crate) offset: Option<Code>,
    /// WITH TIES: the order's keys.
    pub(crate) ties: Option<Box<[SortCode]>>,
}

/// A set operation.
#[derive(Debug)]
pub(crate) struct SetOperation {
    pub(crate) op: SetOperator,
    pub(crate) all: bool,
    pub(crate) left: Node,
    pub(crate) right: Node,
    pub(crate) left_slots: Box<[usize]>,
    pub(crate) right_slots: Box<[usize]>,
    pub(crate) slots: Box<[usize]>,
    pub(crate) collations: Box<[Collation]>,
}

/// A common table expression.
#[derive(Debug)]
pub(crate) struct CtePlan {
    /// How often it is read, but by itself.
    pub(crate) scans: usize,
    pub(crate) name: String,
    pub(crate) cell: usize,
    pub(crate) node: Node,
    pub(crate) slots: Box<[usize]>,
    pub(crate) collations: Box<[Collation]>,
    pub(crate) step: Option<(Node, Box<[usize]>)>,
    pub(crate) distinct: bool,
    /// In which order its rows are taken, and how many.
    pub(crate) queue: Option<Queue>,
    /// Cells of the recursive part: emptied each round.
    pub(crate) step_cells: std::ops::Range<usize>,
    /// A statement that changes rows.
    pub(crate) change: Option<usize>,
}

/// Rows that are locked before a query goes on with them.
#[derive(Debug)]
pub(crate) struct LockPlan {
    /// How many of the statement's changes come before.
    pub(crate) before: usize,
    pub(crate) input: Node,
    pub(crate) slots: Box<[usize]>,
    /// Where the rows are then.
    pub(crate) cell: usize,
    pub(crate) clauses: Vec<LockCode>,
    /// What must be true of a row that others have changed meanwhile.
    pub(crate) recheck: Box<[Code]>,
    /// Most rows that are wanted.
    pub(crate) limit: Option<(Code, Option<Code>)>,
}

/// Which rows are locked.
#[derive(Debug)]
pub(crate) struct LockCode {
    pub(crate) table: Table,
    pub(crate) key: usize,
    pub(crate) strength: LockStrength,
    pub(crate) wait: LockWait,
    /// What is read again of a row that others have changed meanwhile.
    pub(crate) outputs: Box<[Output]>,
}

/// Window functions over one partition and order.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) input: Node,
    pub(crate) slots: Box<[usize]>,
    pub(crate) partition: Box<[(Code, Collation)]>,
    pub(crate) order: Box<[SortCode]>,
    pub(crate) calls: Box<[WindowCode]>,
}

/// A call over a window.
#[derive(Debug)]
pub(crate) struct WindowCode {
    pub(crate) slot: usize,
    pub(crate) kind: WindowCodeKind,
    pub(crate) arguments: Box<[Code]>,
    pub(crate) filter: Option<Code>,
    pub(crate) units: FrameUnits,
    pub(crate) start: BoundCode,
    pub(crate) end: BoundCode,
    pub(crate) exclusion: FrameExclusion,
    /// How RANGE counts distances.
    pub(crate) distance: Option<Box<Distance>>,
}

/// How a distance is added to a value of the order, and taken from it.
#[derive(Debug)]
pub(crate) struct Distance {
    pub(crate) add: Resolved<ScalarFunction>,
    pub(crate) subtract: Resolved<ScalarFunction>,
    pub(crate) value: SqlType,
    pub(crate) by: SqlType,
}

/// A function over a window.
#[derive(Debug)]
pub(crate) enum WindowCodeKind {
    Window(WindowFunction),
    Aggregate { function: &'static AggregateFunction, types: Box<[SqlType]>, collation: Collation },
}

/// An end of a frame. Distances in values come with the comparison that they stand for.
#[derive(Debug)]
pub(crate) enum BoundCode {
    UnboundedPreceding,
    Preceding(Code),
    CurrentRow,
    Following(Code),
    UnboundedFollowing,
}

/// How an operator of comparison is written.
pub(crate) fn operator(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "<>",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
        CompareOp::Distinct => "IS DISTINCT FROM",
        CompareOp::NotDistinct => "IS NOT DISTINCT FROM",
    }
}
