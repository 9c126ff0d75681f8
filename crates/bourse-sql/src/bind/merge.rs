//! MERGE.

use sqlparser::ast::{
    Merge as Tree, MergeAction as ActionTree, MergeClauseKind, MergeInsertKind, MergeUpdateKind,
    OutputClause,
};

use super::binder::Binder;
use super::change::Target;
use super::insert::is_default;
use super::scope::{Clause, Namespace, Visible};
use crate::algebra::{Expr, JoinKind, Merge, MergeAction, MergeClause, MergeMatch, Rel, Statement};
use crate::catalog::TableEntry;
use crate::error::{Result, SqlError};

impl Binder<'_> {
    pub(crate) fn merge(&mut self, tree: &Tree) -> Result<Statement> {
        if self.is_sqlite() {
            return Err(SqlError::new("42601", "near \"MERGE\": syntax error"));
        }
        let Target { table, alias, rel: scan, scope, key, .. } =
            self.change_target(&tree.table, "merge into")?;
        let source =
            sqlparser::ast::TableWithJoins { relation: tree.source.clone(), joins: Vec::new() };
        let (source, of_source) = self.joins(&source, &Namespace::default())?;
        let mut both = Namespace::of(scope.clone());
        both.join(of_source.clone());
        let on = self.within(both.clone(), Clause::JoinOn, |binder| {
            let bound = binder.expr(&tree.on)?;
            binder.condition(bound, "MERGE ON")
        })?;
        let source = Rel::Join {
            kind: JoinKind::Left,
            left: Box::new(source),
            right: Box::new(scan),
            on,
            lateral: false,
        };
        let mut clauses = Vec::new();
        for clause in &tree.clauses {
            let when = match clause.clause_kind {
                MergeClauseKind::Matched => MergeMatch::Matched,
                MergeClauseKind::NotMatched | MergeClauseKind::NotMatchedByTarget => {
                    MergeMatch::NotMatched
                }
                MergeClauseKind::NotMatchedBySource => {
                    return Err(self.unsupported("WHEN NOT MATCHED BY SOURCE is not supported"));
                }
            };
            let is_past = clauses
                .iter()
                .any(|before: &MergeClause| before.when == when && before.condition.is_none());
            if is_past {
                let message = "unreachable WHEN clause specified after unconditional WHEN clause";
                return Err(SqlError::new("42601", message));
            }
            let namespace =
                if when == MergeMatch::Matched { both.clone() } else { of_source.clone() };
            let unseen = match when {
                MergeMatch::Matched => Namespace::default(),
                MergeMatch::NotMatched => Namespace::of(scope.clone()),
            };
            let made = self.beside_of(&unseen, |binder| {
                binder.within(namespace, Clause::Merge, |binder| {
                    let condition = match &clause.predicate {
                        Some(tree) => {
                            let bound = binder.expr(tree)?;
                            Some(binder.condition(bound, "WHEN")?)
                        }
                        None => None,
                    };
                    let action = binder.merge_action(&clause.action, &table, &scope)?;
                    Ok(MergeClause { when, condition, action })
                })
            })?;
            clauses.push(made);
        }
        let returning = match &tree.output {
            Some(OutputClause::Returning { select_items, .. }) => {
                Some(self.returning(select_items, &table, &alias, of_source)?)
            }
            Some(OutputClause::Output { .. }) => {
                return Err(self.unsupported("OUTPUT is not supported"));
            }
            None => None,
        };
        Ok(Statement::Merge(Merge { table: table.table.clone(), source, key, clauses, returning }))
    }

    fn merge_action(
        &mut self,
        tree: &ActionTree,
        table: &TableEntry,
        scope: &super::scope::RelationScope,
    ) -> Result<MergeAction> {
        Ok(match tree {
            ActionTree::DoNothing { .. } => MergeAction::Nothing,
            ActionTree::Delete { .. } => MergeAction::Delete,
            ActionTree::Update(update) => match &update.kind {
                MergeUpdateKind::Set(assignments) => {
                    MergeAction::Update(self.assignments(assignments, table, scope)?)
                }
                MergeUpdateKind::Wildcard => {
                    return Err(self.unsupported("UPDATE * is not supported"));
                }
            },
            ActionTree::Insert(insert) => {
                let width = table.columns.len();
                let targets: Vec<usize> = if insert.columns.is_empty() {
                    (0..width).collect()
                } else {
                    let names = insert.columns.iter().map(|name| {
                        let (_, column) = self.object_name(name)?;
                        self.target(table, &column)
                    });
                    names.collect::<Result<_>>()?
                };
                let mut values: Vec<Option<Expr>> = vec![None; width];
                if let MergeInsertKind::Values(rows) = &insert.kind {
                    let row =
                        rows.rows.first().map(|row| row.content.as_slice()).unwrap_or_default();
                    if row.len() > targets.len() {
                        let message = "INSERT has more expressions than target columns";
                        return Err(SqlError::new("42601", message));
                    }
                    for (at, tree) in targets.iter().zip(row) {
                        if !is_default(tree) {
                            self.check_generated(&table.columns[*at])?;
                            let bound = self.value_expr(tree)?;
                            values[*at] = Some(self.stored(bound, &table.columns[*at])?);
                        }
                    }
                }
                for (at, entry) in table.columns.iter().enumerate() {
                    if values[at].is_none() && entry.note.default.is_some() {
                        values[at] = Some(self.default_value(table, at)?);
                    }
                }
                self.generate(&mut values, table)?;
                MergeAction::Insert(values)
            }
        })
    }

    /// Generated columns of a row that is inserted, computed of its other values.
    fn generate(&mut self, values: &mut [Option<Expr>], table: &TableEntry) -> Result<()> {
        if table.columns.iter().all(|entry| entry.note.generated.is_none()) {
            return Ok(());
        }
        let mut visible = Vec::with_capacity(values.len());
        for (at, entry) in table.columns.iter().enumerate() {
            let expr = match &values[at] {
                Some(value) => value.clone(),
                None => self.default_value(table, at)?,
            };
            visible.push(Visible { name: entry.name.clone(), expr, origin: None, declared: None });
        }
        for (at, value) in self.generated_columns(table, visible)? {
            values[at] = Some(value);
        }
        Ok(())
    }
}
