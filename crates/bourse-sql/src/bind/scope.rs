//! Which names an expression may use.

use std::sync::Arc;

use bourse::{Collation, Table};
use sqlparser::ast::{Expr as Ast, NamedWindowExpr};

use crate::algebra::{Aggregation, Column, ColumnId, ColumnOrigin, Expr, SetCall, WindowCall};
use crate::catalog::TableEntry;
use crate::types::SqlType;

use super::window::WindowOver;

/// A column that a name may mean.
#[derive(Clone, Debug)]
pub(crate) struct Visible {
    pub(crate) name: String,
    /// What it is: a column, or of a join's USING what is made of two.
    pub(crate) expr: Expr,
    /// What it is read from as it is.
    pub(crate) origin: Option<ColumnOrigin>,
    /// What the table's column was declared with.
    pub(crate) declared: Option<String>,
}

/// A relation in FROM.
#[derive(Clone, Default, Debug)]
pub(crate) struct RelationScope {
    /// The name that it goes by.
    pub(crate) name: String,
    /// The schema of a table without an alias.
    pub(crate) schema: Option<String>,
    pub(crate) columns: Vec<Visible>,
    /// Columns that only their names show: SQLite's row ids.
    pub(crate) hidden: Vec<Visible>,
    /// The table that it is, and the column that is the row's key.
    pub(crate) table: Option<(Arc<TableEntry>, Table, ColumnId)>,
    /// Whether its name is the value of its one column: it is a function that returns no rows of
    /// several.
    pub(crate) is_value: bool,
}

/// Relations in FROM, and the columns of which `*` and names without a relation speak.
#[derive(Clone, Default, Debug)]
pub(crate) struct Namespace {
    pub(crate) relations: Vec<RelationScope>,
    pub(crate) columns: Vec<Visible>,
}

impl Namespace {
    /// One relation.
    pub(crate) fn of(relation: RelationScope) -> Namespace {
        Namespace { columns: relation.columns.clone(), relations: vec![relation] }
    }

    /// Another one beside it.
    pub(crate) fn join(&mut self, other: Namespace) {
        self.relations.extend(other.relations);
        self.columns.extend(other.columns);
    }
}

/// Where an expression stands: what may be in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Clause {
    Select,
    Where,
    JoinOn,
    GroupBy,
    Having,
    OrderBy,
    DistinctOn,
    Limit,
    Offset,
    Values,
    Update,
    Returning,
    FunctionInFrom,
    LateralFrom,
    Check,
    Default,
    Index,
    Generated,
    Merge,
    Execute,
    Window,
}

impl Clause {
    pub(crate) fn takes_aggregates(self) -> bool {
        matches!(
            self,
            Clause::Select | Clause::Having | Clause::OrderBy | Clause::DistinctOn | Clause::Window
        )
    }

    pub(crate) fn takes_windows(self) -> bool {
        matches!(self, Clause::Select | Clause::OrderBy | Clause::DistinctOn)
    }

    pub(crate) fn takes_sets(self) -> bool {
        matches!(self, Clause::Select | Clause::OrderBy | Clause::DistinctOn)
    }

    /// How messages call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Clause::Select => "SELECT",
            Clause::Where => "WHERE",
            Clause::JoinOn => "JOIN conditions",
            Clause::GroupBy => "GROUP BY",
            Clause::Having => "HAVING",
            Clause::OrderBy => "ORDER BY",
            Clause::DistinctOn => "DISTINCT ON",
            Clause::Limit => "LIMIT",
            Clause::Offset => "OFFSET",
            Clause::Values => "VALUES",
            Clause::Update => "UPDATE",
            Clause::Returning => "RETURNING",
            Clause::FunctionInFrom => "functions in FROM",
            Clause::LateralFrom => "FROM clause of their own query level",
            Clause::Check => "check constraints",
            Clause::Default => "DEFAULT expressions",
            Clause::Index => "index expressions",
            Clause::Generated => "column generation expressions",
            Clause::Merge => "MERGE WHEN conditions",
            Clause::Execute => "EXECUTE parameters",
            Clause::Window => "window definitions",
        }
    }
}

/// A SELECT, or another place with columns of its own, while it is bound.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) namespace: Namespace,
    pub(crate) clause: Clause,
    /// Inside the arguments of an aggregate.
    pub(crate) in_aggregate: bool,
    /// Inside the arguments of a window function.
    pub(crate) in_window: bool,
    pub(crate) aggregates: Vec<Aggregation>,
    /// Arguments that aggregates with WITHIN GROUP take once, not of each row.
    pub(crate) direct: Vec<Expr>,
    /// GROUPING calls: their column and what they are about.
    pub(crate) groupings: Vec<(Column, Vec<Expr>)>,
    pub(crate) windows: Vec<(WindowOver, WindowCall)>,
    /// Set-returning functions, each with how many are inside of it.
    pub(crate) sets: Vec<(usize, SetCall)>,
    pub(crate) named_windows: Vec<(String, NamedWindowExpr)>,
    /// SQLite's: names of the select list, which WHERE and others may use.
    pub(crate) aliases: Vec<(String, Ast)>,
    /// Where `VALUE` means what a domain's CHECK is about, or CASE's operand.
    pub(crate) value: Option<Expr>,
}

impl Frame {
    pub(crate) fn new(namespace: Namespace, clause: Clause) -> Frame {
        Frame {
            namespace,
            clause,
            in_aggregate: false,
            in_window: false,
            aggregates: Vec::new(),
            direct: Vec::new(),
            groupings: Vec::new(),
            windows: Vec::new(),
            sets: Vec::new(),
            named_windows: Vec::new(),
            aliases: Vec::new(),
            value: None,
        }
    }
}

/// A column of an operator as an expression.
pub(crate) fn expr_of(column: &Column) -> Expr {
    Expr::column(column.id, column.ty.clone(), column.collation)
}

/// A column of an operator.
pub(crate) fn column(id: ColumnId, name: &str, ty: SqlType, collation: Collation) -> Column {
    Column { id, name: name.to_owned(), ty, collation }
}
