//! Expressions as they are run: columns are slots of the frame, constants are folded, subqueries
//! are planned.

use bourse::Collation;

use super::node::Node;
use crate::algebra::{CompareOp, Quantifier, TruthTest};
use crate::datum::Datum;
use crate::function::ScalarFunction;
use crate::types::{Affinity, SqlType};

/// An expression, ready to run.
#[derive(Debug)]
pub(crate) enum Code {
    /// A constant.
    Constant(Datum),
    /// A parameter.
    Parameter(usize),
    /// A slot of the frame: a column of any operator around.
    Slot(usize),
    /// A function of its arguments.
    Call {
        /// Which.
        function: &'static ScalarFunction,
        /// Arguments.
        arguments: Box<[Code]>,
    },
    /// A conversion.
    Cast {
        /// Of what.
        operand: Box<Code>,
        /// Of this type.
        from: SqlType,
        /// To this one.
        to: SqlType,
        /// Whether the statement says so.
        explicit: bool,
    },
    /// SQLite's conversion.
    Affinity(Box<Code>, Affinity),
    /// A comparison.
    Compare(Box<Comparison>),
    /// Rows compared.
    CompareRows(Box<RowComparison>),
    /// A value and the elements of an array.
    CompareArray(Box<ArrayComparison>),
    /// Whether a value is one of these.
    InList(Box<Code>, Box<[Code]>, Collation),
    /// All.
    And(Box<[Code]>),
    /// Any.
    Or(Box<[Code]>),
    /// The opposite.
    Not(Box<Code>),
    /// IS NULL, or not.
    IsNull(Box<Code>, bool),
    /// IS TRUE and its like, or not.
    Is(Box<Code>, TruthTest, bool),
    /// CASE.
    Case(Box<Case>),
    /// The operand of the CASE around.
    CaseOperand,
    /// The first that is not NULL.
    Coalesce(Box<[Code]>),
    /// A row.
    Row(Box<[Code]>),
    /// A column of a row.
    Field(Box<Code>, usize),
    /// An array; whether its elements are arrays.
    Array(Box<[Code]>, bool),
    /// An element of an array.
    Subscript(Box<Code>, Box<[Code]>),
    /// A part of an array.
    Slice(Box<Code>, Box<[(Option<Code>, Option<Code>)]>),
    /// A query.
    Subquery(Box<Subplan>),
}

/// A comparison of two values.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) op: CompareOp,
    pub(crate) left: Code,
    pub(crate) right: Code,
    pub(crate) collation: Collation,
}

/// A comparison of two rows, column by column.
#[derive(Debug)]
pub(crate) struct RowComparison {
    pub(crate) op: CompareOp,
    pub(crate) left: Box<[Code]>,
    pub(crate) right: Box<[Code]>,
    pub(crate) collations: Box<[Collation]>,
}

/// `left op ANY/ALL (array)`.
#[derive(Debug)]
pub(crate) struct ArrayComparison {
    pub(crate) op: CompareOp,
    pub(crate) quantifier: Quantifier,
    pub(crate) left: Code,
    pub(crate) array: Code,
    pub(crate) collation: Collation,
}

/// CASE.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) operand: Option<Code>,
    pub(crate) branches: Box<[(Code, Code)]>,
    pub(crate) otherwise: Option<Code>,
}

/// A subquery of an expression.
#[derive(Debug)]
pub(crate) struct Subplan {
    pub(crate) kind: SubplanKind,
    /// Its rows.
    pub(crate) node: Node,
    /// The slots of its result's columns.
    pub(crate) outputs: Box<[usize]>,
    /// Slots of queries around that it reads: its answer is one for each combination of these.
    pub(crate) depends_on: Box<[usize]>,
    /// Its place among the frame's cells.
    pub(crate) cell: usize,
    /// Whether an answer may be used again.
    pub(crate) is_stable: bool,
}

/// What is made of a subquery's rows.
#[derive(Debug)]
pub(crate) enum SubplanKind {
    Scalar,
    Exists,
    Quantified {
        op: CompareOp,
        quantifier: Quantifier,
        operands: Box<[Code]>,
        collations: Box<[Collation]>,
    },
    Array,
}

impl Code {
    /// A condition that is always true.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Code::Constant(Datum::Boolean(true)))
            || matches!(self, Code::Constant(Datum::Integer(value)) if *value != 0)
    }
}
