//! Plans of statements that change rows: where the rows come from, what is made of each, what is
//! looked at again when another transaction has changed it meanwhile.

use bourse::Table;

use super::Planner;
use super::access::Want;
use super::code::Code;
use super::compile::slot;
use super::ids::{Ids, made_by, used_by};
use super::node::{Node, Output};
use super::scan::output;
use super::{conditions_of, scanned};
use crate::algebra::{
    Assignment, ColumnId, ConflictAction, ConflictTarget, Delete, Insert, Merge, MergeAction,
    MergeMatch, OnConflict, OutputColumn, Rel, Returning, ScanColumn, Statement, Update,
};
use crate::error::Result;
use crate::types::SqlType;

/// A statement that changes rows.
#[derive(Debug)]
pub(crate) struct ChangePlan {
    pub(crate) table: Table,
    /// Its rows.
    pub(crate) source: Node,
    /// Slots of a source row that are used after all rows have been read.
    pub(crate) saved: Box<[usize]>,
    pub(crate) kind: ChangeKind,
    pub(crate) returning: Option<ReturningCode>,
    /// Where the returned rows go.
    pub(crate) cell: usize,
}

/// What is done with a source row.
#[derive(Debug)]
pub(crate) enum ChangeKind {
    /// For each column of the table the slot of its value, with its type; `None`: its default.
    Insert {
        columns: Box<[Option<(usize, SqlType)>]>,
        conflict: Option<ConflictCode>,
    },
    Update {
        row: RowCode,
        assignments: Box<[AssignmentCode]>,
        conflict: Option<ConflictCode>,
        deferrable: Vec<String>,
    },
    Delete {
        row: RowCode,
    },
    Merge {
        row: RowCode,
        clauses: Vec<MergeCode>,
    },
}

impl ChangeKind {
    /// The command that does it.
    pub(crate) fn command(&self) -> &'static str {
        match self {
            ChangeKind::Insert { .. } => "INSERT",
            ChangeKind::Update { .. } => "UPDATE",
            ChangeKind::Delete { .. } => "DELETE",
            ChangeKind::Merge { .. } => "MERGE",
        }
    }
}

/// How the row of a table is found again, and what must be true of it if it has changed.
#[derive(Debug)]
pub(crate) struct RowCode {
    /// The slot of its key.
    pub(crate) key: usize,
    /// Its columns that are used.
    pub(crate) outputs: Box<[Output]>,
    pub(crate) recheck: Box<[Code]>,
}

/// A column that is set; without code to its default.
#[derive(Debug)]
pub(crate) struct AssignmentCode {
    pub(crate) column: usize,
    pub(crate) value: Option<(Code, SqlType)>,
}

/// ON CONFLICT.
#[derive(Debug)]
pub(crate) struct ConflictCode {
    pub(crate) target: ConflictTarget,
    pub(crate) action: ConflictActionCode,
    pub(crate) others: Box<[ConflictCode]>,
}

impl ConflictCode {
    /// Whether rows after one that is refused are looked at all the same, as without ON CONFLICT.
    pub(crate) fn goes_on(&self) -> bool {
        use ConflictActionCode::{Nothing, Update};
        matches!(self.action, Nothing | Update { .. }) && self.others.is_empty()
    }
}

/// What is done about a row that is there.
#[derive(Debug)]
pub(crate) enum ConflictActionCode {
    Nothing,
    Update {
        existing: Box<[Output]>,
        /// Slots of the new row's columns, and what they are.
        excluded: Box<[(usize, SqlType)]>,
        assignments: Box<[AssignmentCode]>,
        condition: Option<Code>,
    },
    Replace,
    Ignore,
    Fail,
    Rollback,
}

/// A WHEN clause.
#[derive(Debug)]
pub(crate) struct MergeCode {
    pub(crate) when: MergeMatch,
    pub(crate) condition: Option<Code>,
    pub(crate) action: MergeActionCode,
}

/// What it does.
#[derive(Debug)]
pub(crate) enum MergeActionCode {
    Nothing,
    Update(Box<[AssignmentCode]>),
    Delete,
    Insert(Box<[Option<(Code, SqlType)>]>),
}

/// RETURNING.
#[derive(Debug)]
pub(crate) struct ReturningCode {
    pub(crate) row: Box<[Output]>,
    pub(crate) items: Box<[(usize, Code)]>,
    pub(crate) outputs: Box<[usize]>,
    pub(crate) columns: Vec<OutputColumn>,
}

impl ChangePlan {
    /// The result's columns.
    pub(crate) fn columns(&self) -> Vec<OutputColumn> {
        self.returning.as_ref().map(|returning| returning.columns.clone()).unwrap_or_default()
    }
}

/// Columns that a statement makes beside its relations.
pub(crate) fn columns_of(statement: &Statement) -> Vec<ColumnId> {
    let mut ids = Vec::new();
    let (conflict, returning) = match statement {
        Statement::Query(_) => (&None, &None),
        Statement::Insert(insert) => (&insert.conflict, &insert.returning),
        Statement::Update(update) => (&update.conflict, &update.returning),
        Statement::Delete(delete) => (&None, &delete.returning),
        Statement::Merge(merge) => (&None, &merge.returning),
    };
    let conflicts = conflict.iter().flat_map(|first| std::iter::once(first).chain(&first.others));
    for conflict in conflicts {
        if let ConflictAction::Update { existing, excluded, .. } = &conflict.action {
            ids.extend(existing.iter().map(|(column, _)| column.id));
            ids.extend(excluded.iter().map(|column| column.id));
        }
    }
    if let Some(returning) = returning {
        ids.extend(returning.row.iter().map(|(column, _)| column.id));
        ids.extend(returning.items.iter().map(|(column, _)| column.id));
    }
    ids
}

/// What is used of a source row when the row is changed.
fn used_of_assignments(assignments: &[Assignment], into: &mut Ids) {
    let values = assignments.iter().filter_map(|assignment| assignment.value.as_ref());
    values.for_each(|value| into.extend(&used_by(value)));
}

impl Planner<'_> {
    /// Plans a statement that changes rows. Returns its number.
    pub(crate) fn change(&mut self, statement: Statement, cell: usize) -> Result<usize> {
        let plan = match statement {
            Statement::Query(_) => {
                return Err(crate::error::SqlError::new("XX000", "a query changes no rows"));
            }
            Statement::Insert(insert) => self.insert(insert, cell)?,
            Statement::Update(update) => self.update(update, cell)?,
            Statement::Delete(delete) => self.delete(delete, cell)?,
            Statement::Merge(merge) => self.merge(merge, cell)?,
        };
        self.changes.push(plan);
        Ok(self.changes.len() - 1)
    }

    fn used_by_returning(&self, returning: Option<&Returning>, into: &mut Ids) {
        let items = returning.iter().flat_map(|returning| &returning.items);
        items.for_each(|(_, expr)| into.extend(&used_by(expr)));
    }

    fn insert(&mut self, insert: Insert, cell: usize) -> Result<ChangePlan> {
        let Insert { table, mut source, columns, conflict, returning } = insert;
        super::push::push_query(&mut source);
        let type_of = |id: ColumnId| {
            let found = source.columns.iter().find(|column| column.id == id);
            found.map_or(SqlType::Any, |column| column.ty.clone())
        };
        let columns: Box<[_]> =
            columns.iter().map(|id| id.map(|id| (slot(id), type_of(id)))).collect();
        let mut saved: Vec<usize> = columns.iter().flatten().map(|(slot, _)| *slot).collect();
        let mut used = Ids::default();
        self.used_by_returning(returning.as_ref(), &mut used);
        saved.extend(used.and(&made_by(&source.rel)).slots());
        saved.sort_unstable();
        saved.dedup();
        let built = self.query(source)?;
        let conflict = self.conflict(conflict, &table)?;
        let returning = self.returning(returning, &table)?;
        Ok(ChangePlan {
            table,
            source: built.node,
            saved: saved.into(),
            kind: ChangeKind::Insert { columns, conflict },
            returning,
            cell,
        })
    }

    /// The source of an UPDATE, DELETE or MERGE, with what is used of it later.
    fn source(
        &mut self,
        rel: Rel,
        key: ColumnId,
        mut used: Ids,
        rechecks: bool,
    ) -> Result<(Node, Box<[usize]>, RowCode)> {
        let rel = super::push::push(rel, Vec::new());
        let mut conditions = Vec::new();
        if rechecks {
            conditions_of(&rel, &mut conditions);
            conditions.iter().for_each(|condition| used.extend(&used_by(condition)));
        }
        used.insert(key);
        let saved = used.and(&made_by(&rel));
        let outputs = match scanned(&rel, key) {
            Some(scan) => {
                let columns = scan.columns.iter().filter(|(column, source)| {
                    saved.contains(column.id) && *source != ScanColumn::Key
                });
                let output = |(column, source): &(crate::algebra::Column, ScanColumn)| {
                    output(column, *source, &scan.table, self.dialect)
                };
                columns.map(output).collect()
            }
            None => Box::default(),
        };
        let recheck = self.codes(&conditions)?;
        let built = self.build(rel, &saved, &Want::default())?;
        let row = RowCode { key: slot(key), outputs, recheck };
        Ok((built.node, saved.slots().into(), row))
    }

    fn update(&mut self, update: Update, cell: usize) -> Result<ChangePlan> {
        let Update { table, source, key, assignments, conflict, deferrable, returning, .. } =
            update;
        let mut used = Ids::default();
        used_of_assignments(&assignments, &mut used);
        self.used_by_returning(returning.as_ref(), &mut used);
        let (source, saved, row) = self.source(source, key, used, true)?;
        let assignments = self.assignments(&assignments)?;
        let conflict = self.conflict(conflict, &table)?;
        let returning = self.returning(returning, &table)?;
        let kind = ChangeKind::Update { row, assignments, conflict, deferrable };
        Ok(ChangePlan { table, source, saved, kind, returning, cell })
    }

    fn delete(&mut self, delete: Delete, cell: usize) -> Result<ChangePlan> {
        let Delete { table, source, key, recheck: _, returning } = delete;
        let mut used = Ids::default();
        self.used_by_returning(returning.as_ref(), &mut used);
        let (source, saved, row) = self.source(source, key, used, true)?;
        let returning = self.returning(returning, &table)?;
        Ok(ChangePlan { table, source, saved, kind: ChangeKind::Delete { row }, returning, cell })
    }

    fn merge(&mut self, merge: Merge, cell: usize) -> Result<ChangePlan> {
        let Merge { table, source, key, clauses, returning } = merge;
        let mut used = Ids::default();
        for clause in &clauses {
            clause.condition.iter().for_each(|condition| used.extend(&used_by(condition)));
            match &clause.action {
                MergeAction::Nothing | MergeAction::Delete => {}
                MergeAction::Update(assignments) => used_of_assignments(assignments, &mut used),
                MergeAction::Insert(values) => {
                    values.iter().flatten().for_each(|value| used.extend(&used_by(value)));
                }
            }
        }
        self.used_by_returning(returning.as_ref(), &mut used);
        let (source, saved, row) = self.source(source, key, used, false)?;
        let mut codes = Vec::with_capacity(clauses.len());
        for clause in &clauses {
            let condition = clause.condition.as_ref();
            codes.push(MergeCode {
                when: clause.when,
                condition: condition.map(|condition| self.code(condition)).transpose()?,
                action: match &clause.action {
                    MergeAction::Nothing => MergeActionCode::Nothing,
                    MergeAction::Delete => MergeActionCode::Delete,
                    MergeAction::Update(assignments) => {
                        MergeActionCode::Update(self.assignments(assignments)?)
                    }
                    MergeAction::Insert(values) => {
                        let mut codes = Vec::with_capacity(values.len());
                        for value in values {
                            let code = value.as_ref().map(|value| {
                                Ok::<_, crate::error::SqlError>((
                                    self.code(value)?,
                                    value.ty.clone(),
                                ))
                            });
                            codes.push(code.transpose()?);
                        }
                        MergeActionCode::Insert(codes.into())
                    }
                },
            });
        }
        let returning = self.returning(returning, &table)?;
        let kind = ChangeKind::Merge { row, clauses: codes };
        Ok(ChangePlan { table, source, saved, kind, returning, cell })
    }

    fn assignments(&mut self, assignments: &[Assignment]) -> Result<Box<[AssignmentCode]>> {
        let mut codes = Vec::with_capacity(assignments.len());
        for assignment in assignments {
            let value = match &assignment.value {
                Some(expr) => Some((self.code(expr)?, expr.ty.clone())),
                None => None,
            };
            codes.push(AssignmentCode { column: assignment.column, value });
        }
        Ok(codes.into())
    }

    fn outputs_of(
        &self,
        columns: &[(crate::algebra::Column, ScanColumn)],
        table: &Table,
    ) -> Box<[Output]> {
        let output = |(column, source): &(crate::algebra::Column, ScanColumn)| {
            output(column, *source, table, self.dialect)
        };
        columns.iter().map(output).collect()
    }

    fn conflict(
        &mut self,
        conflict: Option<OnConflict>,
        table: &Table,
    ) -> Result<Option<ConflictCode>> {
        let Some(OnConflict { target, action, others }) = conflict else { return Ok(None) };
        let action = match action {
            ConflictAction::Nothing => ConflictActionCode::Nothing,
            ConflictAction::Replace => ConflictActionCode::Replace,
            ConflictAction::Ignore => ConflictActionCode::Ignore,
            ConflictAction::Fail => ConflictActionCode::Fail,
            ConflictAction::Rollback => ConflictActionCode::Rollback,
            ConflictAction::Update { existing, excluded, assignments, condition } => {
                ConflictActionCode::Update {
                    existing: self.outputs_of(&existing, table),
                    excluded: excluded
                        .into_iter()
                        .map(|column| (slot(column.id), column.ty))
                        .collect(),
                    assignments: self.assignments(&assignments)?,
                    condition: condition.as_ref().map(|expr| self.code(expr)).transpose()?,
                }
            }
        };
        let mut codes = Vec::with_capacity(others.len());
        for other in others {
            codes.extend(self.conflict(Some(other), table)?);
        }
        Ok(Some(ConflictCode { target, action, others: codes.into() }))
    }

    fn returning(
        &mut self,
        returning: Option<Returning>,
        table: &Table,
    ) -> Result<Option<ReturningCode>> {
        let Some(Returning { row, items, columns }) = returning else { return Ok(None) };
        let row = self.outputs_of(&row, table);
        let mut codes = Vec::with_capacity(items.len());
        for (column, expr) in &items {
            codes.push((slot(column.id), self.code(expr)?));
        }
        let outputs = columns.iter().map(|column| slot(column.id)).collect();
        Ok(Some(ReturningCode { row, items: codes.into(), outputs, columns }))
    }
}
