//! Ways through a statement: every expression and operator in it, those of subqueries too.

use super::expression::{Expr, ExprKind, SubqueryKind};
use super::relation::{AggregateKind, FrameBound, OutputColumn, Query, Rel, SortKey, WindowCall};
use super::statement::{Assignment, ConflictAction, MergeAction, OnConflict, Returning, Statement};

/// Whether what is inside is looked at too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Go {
    /// It is.
    Inside,
    /// It is not.
    Past,
}

macro_rules! ways {
    ($visitor:ident, $what:literal, $expr:ident, $parts:ident, $rel:ident, $query:ident,
     $statement:ident, $iter:ident, $as_deref:ident $(, $mutable:tt)?) => {
        #[doc = $what]
        pub trait $visitor {
            /// An expression, before those inside of it.
            fn expr(&mut self, _expr: &$($mutable)? Expr) -> Go {
                Go::Inside
            }
            /// An operator, before its expressions and inputs.
            fn rel(&mut self, _rel: &$($mutable)? Rel) {}
            /// Columns of a query's result.
            fn output(&mut self, _columns: &$($mutable)? [OutputColumn]) {}
        }

        impl Expr {
            /// This expression, and all inside of it.
            pub fn $expr(&$($mutable)? self, visitor: &mut dyn $visitor) {
                if visitor.expr(self) == Go::Past {
                    return;
                }
                self.$parts(&mut |part| part.$expr(visitor));
                if let ExprKind::Subquery(subquery) = &$($mutable)? self.kind {
                    subquery.query.$query(visitor);
                }
            }

            /// The expressions directly inside; of a subquery its operands.
            pub fn $parts<'e>(
                &'e $($mutable)? self,
                visit: &mut dyn FnMut(&'e $($mutable)? Expr),
            ) {
                match &$($mutable)? self.kind {
                    ExprKind::Literal(_)
                    | ExprKind::Parameter(_)
                    | ExprKind::Column(_)
                    | ExprKind::CaseOperand => {}
                    ExprKind::Call { arguments: parts, .. }
                    | ExprKind::And(parts)
                    | ExprKind::Or(parts)
                    | ExprKind::Coalesce(parts)
                    | ExprKind::Row(parts)
                    | ExprKind::Array(parts) => parts.$iter().for_each(visit),
                    ExprKind::Cast { operand, .. }
                    | ExprKind::Affinity { operand, .. }
                    | ExprKind::IsNull { operand, .. }
                    | ExprKind::Is { operand, .. }
                    | ExprKind::Field { operand, .. }
                    | ExprKind::Not(operand) => visit(operand),
                    ExprKind::Compare { left, right, .. }
                    | ExprKind::CompareArray { left, array: right, .. } => {
                        visit(left);
                        visit(right);
                    }
                    ExprKind::CompareRows { left, right, .. } => {
                        left.$iter().for_each(&mut *visit);
                        right.$iter().for_each(visit);
                    }
                    ExprKind::InList { operand, list }
                    | ExprKind::Subscript { operand, indices: list } => {
                        visit(operand);
                        list.$iter().for_each(visit);
                    }
                    ExprKind::Case { operand, branches, otherwise } => {
                        operand.$as_deref().into_iter().for_each(&mut *visit);
                        for (condition, result) in branches {
                            visit(condition);
                            visit(result);
                        }
                        otherwise.$as_deref().into_iter().for_each(visit);
                    }
                    ExprKind::Slice { operand, bounds } => {
                        visit(operand);
                        for (low, high) in bounds {
                            low.$iter().for_each(&mut *visit);
                            high.$iter().for_each(&mut *visit);
                        }
                    }
                    ExprKind::Subquery(subquery) => {
                        if let SubqueryKind::Quantified { operands, .. } =
                            &$($mutable)? subquery.kind
                        {
                            operands.$iter().for_each(visit);
                        }
                    }
                }
            }
        }

        impl Query {
            /// Its operators and expressions.
            pub fn $query(&$($mutable)? self, visitor: &mut dyn $visitor) {
                visitor.output(&$($mutable)? self.columns);
                self.rel.$rel(visitor);
            }
        }

        impl SortKey {
            fn $rel(&$($mutable)? self, visitor: &mut dyn $visitor) {
                self.expr.$expr(visitor);
            }
        }

        impl WindowCall {
            fn $rel(&$($mutable)? self, visitor: &mut dyn $visitor) {
                self.arguments.$iter().for_each(|e| e.$expr(visitor));
                self.filter.$iter().for_each(|e| e.$expr(visitor));
                for bound in [&$($mutable)? self.frame.start, &$($mutable)? self.frame.end] {
                    if let FrameBound::Preceding(e) | FrameBound::Following(e) = bound {
                        e.$expr(visitor);
                    }
                }
            }
        }

        impl AggregateKind {
            fn $rel(&$($mutable)? self, visitor: &mut dyn $visitor) {
                match self {
                    AggregateKind::Function { arguments, order, .. } => {
                        arguments.$iter().for_each(|e| e.$expr(visitor));
                        order.$iter().for_each(|key| key.$rel(visitor));
                    }
                    AggregateKind::Bare { value, .. } => value.$expr(visitor),
                }
            }
        }

        impl Rel {
            /// This operator with its expressions, and all below.
            pub fn $rel(&$($mutable)? self, visitor: &mut dyn $visitor) {
                visitor.rel(self);
                match self {
                    Rel::Scan(_) | Rel::Groups(_) | Rel::CteScan { .. } => {}
                    Rel::Values { rows, .. } => {
                        rows.$iter().flatten().for_each(|e| e.$expr(visitor));
                    }
                    Rel::Functions { calls, .. } => {
                        let arguments = calls.$iter().flat_map(|call| call.arguments.$iter());
                        arguments.for_each(|e| e.$expr(visitor));
                    }
                    Rel::ProjectSet { input, calls } => {
                        let arguments = calls.$iter().flat_map(|call| call.arguments.$iter());
                        arguments.for_each(|e| e.$expr(visitor));
                        input.$rel(visitor);
                    }
                    Rel::Filter { input, predicate } => {
                        predicate.$expr(visitor);
                        input.$rel(visitor);
                    }
                    Rel::Project { input, items } => {
                        items.$iter().for_each(|(_, e)| e.$expr(visitor));
                        input.$rel(visitor);
                    }
                    Rel::Join { left, right, on, .. } => {
                        on.$expr(visitor);
                        left.$rel(visitor);
                        right.$rel(visitor);
                    }
                    Rel::Aggregate { input, keys, aggregates, .. } => {
                        keys.$iter().for_each(|(_, e)| e.$expr(visitor));
                        for aggregate in aggregates {
                            aggregate.filter.$iter().for_each(|e| e.$expr(visitor));
                            aggregate.kind.$rel(visitor);
                        }
                        input.$rel(visitor);
                    }
                    Rel::Window { input, partition, order, calls } => {
                        partition.$iter().for_each(|e| e.$expr(visitor));
                        order.$iter().for_each(|key| key.$rel(visitor));
                        calls.$iter().for_each(|call| call.$rel(visitor));
                        input.$rel(visitor);
                    }
                    Rel::Sort { input, keys } => {
                        keys.$iter().for_each(|key| key.$rel(visitor));
                        input.$rel(visitor);
                    }
                    Rel::Limit { input, limit, offset, .. } => {
                        limit.$iter().for_each(|e| e.$expr(visitor));
                        offset.$iter().for_each(|e| e.$expr(visitor));
                        input.$rel(visitor);
                    }
                    Rel::Distinct { input, on } => {
                        on.$iter().for_each(|e| e.$expr(visitor));
                        input.$rel(visitor);
                    }
                    Rel::SetOperation { left, right, .. } => {
                        left.$query(visitor);
                        right.$query(visitor);
                    }
                    Rel::With { ctes, body } => {
                        for cte in ctes {
                            cte.query.$query(visitor);
                            cte.step.$iter().for_each(|step| step.$query(visitor));
                            cte.change.$as_deref().into_iter().for_each(|c| c.$statement(visitor));
                        }
                        body.$rel(visitor);
                    }
                    Rel::Lock { input, .. } => input.$rel(visitor),
                }
            }
        }

        impl Returning {
            fn $rel(&$($mutable)? self, visitor: &mut dyn $visitor) {
                visitor.output(&$($mutable)? self.columns);
                self.items.$iter().for_each(|(_, e)| e.$expr(visitor));
            }
        }

        impl Assignment {
            fn $rel(&$($mutable)? self, visitor: &mut dyn $visitor) {
                self.value.$iter().for_each(|e| e.$expr(visitor));
            }
        }

        impl OnConflict {
            fn $rel(&$($mutable)? self, visitor: &mut dyn $visitor) {
                if let ConflictAction::Update { assignments, condition, .. } =
                    &$($mutable)? self.action
                {
                    assignments.$iter().for_each(|a| a.$rel(visitor));
                    condition.$iter().for_each(|e| e.$expr(visitor));
                }
                self.others.$iter().for_each(|other| other.$rel(visitor));
            }
        }

        impl Statement {
            /// All operators and expressions of the statement.
            pub fn $statement(&$($mutable)? self, visitor: &mut dyn $visitor) {
                match self {
                    Statement::Query(query) => query.$query(visitor),
                    Statement::Insert(insert) => {
                        insert.source.$query(visitor);
                        insert.conflict.$iter().for_each(|c| c.$rel(visitor));
                        insert.returning.$iter().for_each(|r| r.$rel(visitor));
                    }
                    Statement::Update(update) => {
                        update.source.$rel(visitor);
                        update.recheck.$iter().for_each(|e| e.$expr(visitor));
                        update.assignments.$iter().for_each(|a| a.$rel(visitor));
                        update.conflict.$iter().for_each(|c| c.$rel(visitor));
                        update.returning.$iter().for_each(|r| r.$rel(visitor));
                    }
                    Statement::Delete(delete) => {
                        delete.source.$rel(visitor);
                        delete.recheck.$iter().for_each(|e| e.$expr(visitor));
                        delete.returning.$iter().for_each(|r| r.$rel(visitor));
                    }
                    Statement::Merge(merge) => {
                        merge.source.$rel(visitor);
                        for clause in &$($mutable)? merge.clauses {
                            clause.condition.$iter().for_each(|e| e.$expr(visitor));
                            match &$($mutable)? clause.action {
                                MergeAction::Nothing | MergeAction::Delete => {}
                                MergeAction::Update(assignments) => {
                                    assignments.$iter().for_each(|a| a.$rel(visitor));
                                }
                                MergeAction::Insert(values) => {
                                    values.$iter().flatten().for_each(|e| e.$expr(visitor));
                                }
                            }
                        }
                        merge.returning.$iter().for_each(|r| r.$rel(visitor));
                    }
                }
            }
        }
    };
}

ways!(
    Visit,
    "Looks at what a statement is made of.",
    visit,
    for_each_part,
    visit_rel,
    visit_query,
    visit_statement,
    iter,
    as_deref
);
ways!(
    Rewrite,
    "Changes what a statement is made of.",
    rewrite,
    for_each_part_mut,
    rewrite_rel,
    rewrite_query,
    rewrite_statement,
    iter_mut,
    as_deref_mut,
    mut
);
