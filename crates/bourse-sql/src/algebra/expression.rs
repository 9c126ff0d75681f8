//! Expressions over columns.

use bourse::Collation;

use super::relation::{ColumnId, Query};
use crate::datum::Datum;
use crate::function::ScalarFunction;
use crate::types::{Affinity, SqlType};

/// An expression: what it computes, and of which type.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: SqlType,
    /// How its texts compare, where it is compared.
    pub collation: Collation,
}

/// What an expression computes.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant.
    Literal(Datum),
    /// A parameter of the statement, from 0.
    Parameter(usize),
    /// A column of an operator below, or of a query around.
    Column(ColumnId),
    /// A function or operator, after its arguments' casts.
    Call {
        /// Which.
        function: &'static ScalarFunction,
        /// Arguments.
        arguments: Vec<Expr>,
    },
    /// A conversion to the expression's type.
    Cast {
        /// What is converted.
        operand: Box<Expr>,
        /// Whether the statement says so (CAST): then too long texts are cut off.
        explicit: bool,
    },
    /// SQLite's conversion of a value that is compared with, or put into, a column of an affinity.
    Affinity {
        /// What is converted, if its class is another.
        operand: Box<Expr>,
        /// To what.
        affinity: Affinity,
    },
    /// A comparison under `collation` (of `left` if that names one, decided by the binder and put
    /// into both operands).
    Compare {
        /// How.
        op: CompareOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// Rows of equal length compared column by column.
    CompareRows {
        /// How.
        op: CompareOp,
        /// Left row.
        left: Vec<Expr>,
        /// Right row.
        right: Vec<Expr>,
    },
    /// `left op ANY/ALL (array)`
    CompareArray {
        /// How.
        op: CompareOp,
        /// ANY or ALL.
        quantifier: Quantifier,
        /// Left operand.
        left: Box<Expr>,
        /// An array whose elements are of `left`'s type.
        array: Box<Expr>,
    },
    /// Whether `operand` equals one of `list`: NULL if unknown. NOT IN is [`ExprKind::Not`] of it.
    InList {
        /// What is looked for.
        operand: Box<Expr>,
        /// Among these, cast to its type.
        list: Vec<Expr>,
    },
    /// All are true (false if one is, else unknown if one is).
    And(Vec<Expr>),
    /// One is true.
    Or(Vec<Expr>),
    /// NOT.
    Not(Box<Expr>),
    /// IS [NOT] NULL; of a row: all of its columns.
    IsNull {
        /// What is looked at.
        operand: Box<Expr>,
        /// IS NOT NULL.
        negated: bool,
    },
    /// IS [NOT] TRUE, FALSE, UNKNOWN.
    Is {
        /// A boolean.
        operand: Box<Expr>,
        /// Which test.
        test: TruthTest,
        /// IS NOT.
        negated: bool,
    },
    /// CASE: the result of the first branch whose condition is true.
    Case {
        /// Computed once; conditions see it as [`ExprKind::CaseOperand`].
        operand: Option<Box<Expr>>,
        /// Condition and result.
        branches: Vec<(Expr, Expr)>,
        /// Without a true one; NULL if there is none.
        otherwise: Option<Box<Expr>>,
    },
    /// The operand of the nearest CASE around.
    CaseOperand,
    /// The first that is not NULL.
    Coalesce(Vec<Expr>),
    /// A row of values.
    Row(Vec<Expr>),
    /// A column of a row, by position.
    Field {
        /// The row.
        operand: Box<Expr>,
        /// Position.
        index: usize,
    },
    /// ARRAY[...]: one more dimension if the elements are arrays.
    Array(Vec<Expr>),
    /// `array[i][j]`; NULL outside.
    Subscript {
        /// The array.
        operand: Box<Expr>,
        /// An integer for each dimension.
        indices: Vec<Expr>,
    },
    /// `array[low:high]`
    Slice {
        /// The array.
        operand: Box<Expr>,
        /// Bounds of each dimension.
        bounds: Vec<(Option<Expr>, Option<Expr>)>,
    },
    /// A query inside an expression.
    Subquery(Box<Subquery>),
}

/// How two values are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// IS DISTINCT FROM; SQLite's IS NOT.
    Distinct,
    /// IS NOT DISTINCT FROM; SQLite's IS.
    NotDistinct,
}

/// Of how many elements a comparison must be true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantifier {
    /// One.
    Any,
    /// Each.
    All,
}

/// What IS asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TruthTest {
    /// IS TRUE.
    True,
    /// IS FALSE.
    False,
    /// IS UNKNOWN.
    Unknown,
}

/// A query inside an expression.
#[derive(Clone, Debug)]
pub struct Subquery {
    /// What is made of its rows.
    pub kind: SubqueryKind,
    /// The query.
    pub query: Query,
}

/// What is made of a subquery's rows.
#[derive(Clone, Debug)]
pub enum SubqueryKind {
    /// The one column of its one row; NULL without a row, 21000 if there are more.
    Scalar,
    /// Whether there is a row.
    Exists,
    /// `operands op ANY/ALL (query)`: a comparison with its columns, one for each operand.
    Quantified {
        /// How.
        op: CompareOp,
        /// ANY (IN is `= ANY`) or ALL (NOT IN is NOT of `= ANY`).
        quantifier: Quantifier,
        /// Cast, as the query's columns are, to common types.
        operands: Vec<Expr>,
    },
    /// ARRAY(query).
    Array,
}

impl Expr {
    /// A constant.
    pub fn literal(value: Datum, ty: SqlType) -> Expr {
        Expr { kind: ExprKind::Literal(value), ty, collation: Collation::Binary }
    }

    /// A column.
    pub fn column(id: ColumnId, ty: SqlType, collation: Collation) -> Expr {
        Expr { kind: ExprKind::Column(id), ty, collation }
    }

    /// A condition of parts that must all be true.
    pub fn all(mut parts: Vec<Expr>) -> Expr {
        match parts.len() {
            0 => Expr::literal(Datum::Boolean(true), SqlType::Boolean),
            1 => parts.remove(0),
            _ => Expr {
                kind: ExprKind::And(parts),
                ty: SqlType::Boolean,
                collation: Collation::Binary,
            },
        }
    }
}
