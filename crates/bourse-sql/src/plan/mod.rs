//! From the algebra to a plan: conditions move down ([`push`]), tables get a way to be read
//! ([`access`]), joins an order ([`join`]), operators and expressions their compiled form
//! ([`build`], [`compile`]).
//!
//! Estimates stand on the exact number of rows that each table has, and on statistics of its values
//! ([`statistics`]) where it is not small: a plan is made once for a text and kept, with parameters
//! that are not known yet.

use std::collections::HashMap;

use crate::Dialect;
use crate::algebra::{ColumnId, CteId, OutputColumn, Rel, RowLockClause, Statement};
use crate::error::{Result, SqlError};
use crate::execute::reader::Reader;
use crate::function::{Context, Volatility};

pub(crate) mod access;
pub(crate) mod build;
pub(crate) mod change;
pub(crate) mod code;
pub(crate) mod compile;
pub(crate) mod explain;
pub(crate) mod extreme;
pub(crate) mod groups;
pub(crate) mod ids;
pub(crate) mod join;
pub(crate) mod measure;
pub(crate) mod node;
pub(crate) mod push;
pub(crate) mod scan;
pub(crate) mod single;
pub(crate) mod statistics;
#[cfg(test)]
mod tests;

use change::ChangePlan;
use ids::{Ids, made_by, used_by};
use node::{CtePlan, LockCode, LockPlan, Node, Path};

/// A statement, ready to run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) kind: PlanKind,
    /// Slots of a frame.
    pub(crate) slots: usize,
    /// Cells of a frame.
    pub(crate) cells: usize,
    /// Statements inside that change rows, in their order.
    pub(crate) changes: Vec<ChangePlan>,
    /// Common table expressions, by number.
    pub(crate) ctes: Vec<CtePlan>,
    /// Rows that are locked before others are changed or read, in their order.
    pub(crate) locks: Vec<LockPlan>,
    /// The result's columns.
    pub(crate) columns: Vec<OutputColumn>,
    /// Whether it reads the store once, by a key: then the newest state need not be held.
    pub(crate) reads_once: bool,
    /// Whether it changes one row that its key tells (see [`single`]).
    pub(crate) changes_one: bool,
    /// Estimates, for EXPLAIN.
    pub(crate) rows: f64,
    pub(crate) cost: f64,
}

/// What a statement does.
#[derive(Debug)]
pub(crate) enum PlanKind {
    /// It gives rows: their operator, and the slots of the result's columns.
    Query { node: Node, outputs: Box<[usize]> },
    /// It changes rows: which of the plan's changes it is.
    Change(usize),
}

impl Plan {
    /// Whether it changes or locks rows.
    pub(crate) fn writes(&self) -> bool {
        !self.locks.is_empty() || !self.changes.is_empty()
    }

    /// What locks the rows of a cell.
    pub(crate) fn lock_of(&self, cell: usize) -> Option<&LockPlan> {
        self.locks.iter().find(|lock| lock.cell == cell)
    }
}

/// What is known of a common table expression.
pub(crate) struct KnownCte {
    pub(crate) number: usize,
    pub(crate) rows: f64,
}

/// Makes a plan.
pub(crate) struct Planner<'p> {
    pub(crate) dialect: Dialect,
    pub(crate) reader: &'p dyn Reader,
    pub(crate) context: &'p dyn Context,
    pub(crate) slots: usize,
    pub(crate) cells: usize,
    pub(crate) counts: HashMap<u32, f64>,
    pub(crate) ctes: HashMap<CteId, KnownCte>,
    pub(crate) cte_plans: Vec<CtePlan>,
    /// Recursive expressions whose recursive part is being planned.
    pub(crate) recursive: Vec<CteId>,
    /// Columns that are in the frame before what is being planned runs.
    pub(crate) known: Ids,
    pub(crate) changes: Vec<ChangePlan>,
    pub(crate) locks: Vec<LockPlan>,
}

/// Makes a plan of a statement.
pub(crate) fn plan(
    statement: Statement,
    dialect: Dialect,
    reader: &dyn Reader,
    context: &dyn Context,
) -> Result<Plan> {
    let slots = slots_of(&statement);
    let mut planner = Planner {
        dialect,
        reader,
        context,
        slots,
        cells: 0,
        counts: HashMap::new(),
        ctes: HashMap::new(),
        cte_plans: Vec::new(),
        recursive: Vec::new(),
        known: Ids::default(),
        changes: Vec::new(),
        locks: Vec::new(),
    };
    let (kind, columns, rows, cost) = match statement {
        Statement::Query(mut query) => {
            push::push_query(&mut query);
            let columns = query.columns.clone();
            let outputs = columns.iter().map(|column| compile::slot(column.id)).collect();
            let built = planner.query(query)?;
            (PlanKind::Query { node: built.node, outputs }, columns, built.rows, built.cost)
        }
        change => {
            let cell = planner.cell();
            let number = planner.change(change, cell)?;
            let columns = planner.changes[number].columns();
            (PlanKind::Change(number), columns, 0.0, 0.0)
        }
    };
    let reads_once = match &kind {
        PlanKind::Query { node, .. } => reads_once(node),
        PlanKind::Change(_) => false,
    };
    let changes_one = match (&kind, &planner.changes[..]) {
        (PlanKind::Change(0), [change]) => {
            planner.cte_plans.is_empty() && planner.locks.is_empty() && change.is_single()
        }
        _ => false,
    };
    Ok(Plan {
        kind,
        slots: planner.slots,
        cells: planner.cells,
        changes: planner.changes,
        ctes: planner.cte_plans,
        locks: planner.locks,
        columns,
        reads_once,
        changes_one,
        rows,
        cost,
    })
}

/// Whether all that is read is one row by its key.
fn reads_once(node: &Node) -> bool {
    match node {
        Node::Scan(scan) => {
            let mut codes = scan.filter.iter();
            matches!(scan.path, Path::Get(_)) && !codes.any(has_subplan)
        }
        Node::Project { input, items } => {
            reads_once(input) && !items.iter().any(|(_, code)| has_subplan(code))
        }
        Node::Limit(limit) => reads_once(&limit.input),
        _ => false,
    }
}

/// Whether code may read the store: only plain code is told apart.
fn has_subplan(code: &code::Code) -> bool {
    use code::Code;
    match code {
        Code::Constant(_) | Code::Parameter(_) | Code::Slot(_) => false,
        Code::Compare(comparison) => {
            has_subplan(&comparison.left) || has_subplan(&comparison.right)
        }
        Code::Affinity(operand, _) | Code::Cast { operand, .. } => has_subplan(operand),
        // What a program does in a function of its own is not known, and one that changes
        // something, as nextval does, may wait for a transaction of its own.
        Code::Call { function, arguments } => {
            function.is_user
                || function.volatility == Volatility::Volatile
                || arguments.iter().any(has_subplan)
        }
        Code::And(parts) | Code::Or(parts) | Code::Coalesce(parts) | Code::Row(parts) => {
            parts.iter().any(has_subplan)
        }
        Code::Not(operand) | Code::IsNull(operand, _) | Code::Is(operand, _, _) => {
            has_subplan(operand)
        }
        Code::InList(operand, list, _) => has_subplan(operand) || list.iter().any(has_subplan),
        Code::CaseOperand => false,
        Code::Case(case) => {
            let branches = case.branches.iter().flat_map(|(when, then)| [when, then]);
            case.operand.iter().chain(&case.otherwise).chain(branches).any(has_subplan)
        }
        _ => true,
    }
}

/// How many slots a frame needs.
pub(crate) fn slots_of(statement: &Statement) -> usize {
    struct Most(u32);
    impl crate::algebra::Visit for Most {
        fn expr(&mut self, expr: &crate::algebra::Expr) -> crate::algebra::Go {
            if let crate::algebra::ExprKind::Column(id) = expr.kind {
                self.0 = self.0.max(id.0 + 1);
            }
            crate::algebra::Go::Inside
        }

        fn rel(&mut self, rel: &Rel) {
            // The columns of a relation's operators, used or not.
            let made = made_by(rel);
            if let Some(last) = made.slots().last() {
                self.0 = self.0.max(u32::try_from(*last).unwrap_or(u32::MAX - 1) + 1);
            }
        }

        fn output(&mut self, columns: &[OutputColumn]) {
            columns.iter().for_each(|column| self.0 = self.0.max(column.id.0 + 1));
        }
    }
    let mut most = Most(0);
    statement.visit_statement(&mut most);
    let extra = change::columns_of(statement).into_iter().map(|id: ColumnId| id.0 + 1).max();
    most.0.max(extra.unwrap_or(0)) as usize
}

impl Planner<'_> {
    /// A new cell of the frame.
    pub(crate) fn cell(&mut self) -> usize {
        self.cells += 1;
        self.cells - 1
    }

    /// Rows that are locked before the statement goes on with them.
    pub(crate) fn lock(
        &mut self,
        input: Rel,
        clauses: Vec<RowLockClause>,
        needed: &Ids,
    ) -> Result<build::Built> {
        // They are locked once, before what is around them runs.
        if !ids::free_in(&input).slots().is_empty() || !self.recursive.is_empty() {
            return Err(SqlError::unsupported(
                "FOR UPDATE is not supported in a query that depends on rows of another one",
            ));
        }
        let mut conditions = Vec::new();
        conditions_of(&input, &mut conditions);
        let mut kept = needed.clone();
        conditions.iter().for_each(|condition| kept.extend(&used_by(condition)));
        clauses.iter().for_each(|clause| kept.insert(clause.key));
        let kept = kept.and(&made_by(&input));
        let mut codes = Vec::with_capacity(clauses.len());
        for clause in clauses {
            let outputs = scanned(&input, clause.key)
                .map(|scan| {
                    let columns =
                        scan.columns.iter().filter(|(column, _)| kept.contains(column.id));
                    let output = |(column, source): &(crate::algebra::Column, _)| {
                        scan::output(column, *source, &scan.table, self.dialect)
                    };
                    columns.map(output).collect()
                })
                .unwrap_or_default();
            codes.push(LockCode {
                table: clause.table,
                key: compile::slot(clause.key),
                strength: clause.strength,
                wait: clause.wait,
                outputs,
            });
        }
        let outer = std::mem::take(&mut self.known);
        let recheck = self.codes(&conditions)?;
        let built = self.build(input, &kept, &access::Want::default())?;
        self.known = outer;
        let (cell, slots) = (self.cell(), kept.slots());
        self.locks.push(LockPlan {
            before: self.changes.len(),
            input: built.node,
            slots: slots.clone().into(),
            cell,
            clauses: codes,
            recheck,
            limit: None,
        });
        let node = Node::Locked { cell, slots: slots.into() };
        Ok(build::Built { node, rows: built.rows, cost: built.cost, order: built.order })
    }
}

/// The conditions that each row of a relation meets.
fn conditions_of(rel: &Rel, into: &mut Vec<crate::algebra::Expr>) {
    match rel {
        Rel::Filter { input, predicate } => {
            push::split(predicate.clone(), into);
            conditions_of(input, into);
        }
        Rel::Join { kind: crate::algebra::JoinKind::Inner, left, right, on, .. } => {
            push::split(on.clone(), into);
            conditions_of(left, into);
            conditions_of(right, into);
        }
        Rel::Sort { input, .. } | Rel::Project { input, .. } => conditions_of(input, into),
        _ => {}
    }
}

/// The scan that makes a column.
pub(crate) fn scanned(rel: &Rel, id: ColumnId) -> Option<&crate::algebra::TableScan> {
    match rel {
        Rel::Scan(scan) => scan.columns.iter().any(|(column, _)| column.id == id).then_some(scan),
        Rel::Filter { input, .. }
        | Rel::Project { input, .. }
        | Rel::Sort { input, .. }
        | Rel::Limit { input, .. }
        | Rel::Distinct { input, .. }
        | Rel::Window { input, .. }
        | Rel::ProjectSet { input, .. }
        | Rel::Lock { input, .. } => scanned(input, id),
        Rel::Join { left, right, .. } => scanned(left, id).or_else(|| scanned(right, id)),
        Rel::With { body, .. } => scanned(body, id),
        _ => None,
    }
}
