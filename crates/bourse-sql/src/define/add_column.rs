//! ALTER TABLE ... ADD COLUMN. Values that the store does not know as constants all rows get by an
//! UPDATE behind it: those of sequences, of generated columns, and of other DEFAULTs.

use bourse::schema::{Column, Default as StoreDefault};
use bourse::{Alteration, Type, Value};
use sqlparser::ast::{
    ColumnDef, ColumnOption, Expr, GeneratedExpressionMode, UnaryOperator, Value as Literal,
};

use super::alter::Altering;
use super::column::{Declared, declare};
use super::index::seen_columns;
use super::{AlterStep, constraint, generated};
use crate::bind::{Binder, Clause};
use crate::catalog::{ColumnNote, TableEntry};
use crate::error::{Result, SqlError};
use crate::execute::strict;

impl Altering {
    pub(super) fn add_column(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        tree: &ColumnDef,
        if_not_exists: bool,
    ) -> Result<()> {
        let strict = self.note.strict.then_some(&*table.name);
        let declared = declare(binder, tree, strict)?;
        let name = declared.column.name.clone();
        if table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(&name)) {
            if if_not_exists {
                return Ok(());
            }
            return Err(match binder.is_sqlite() {
                true => SqlError::new("42701", format!("duplicate column name: {name}")),
                false => SqlError::new(
                    "42701",
                    format!("column \"{name}\" of relation \"{}\" already exists", table.name),
                ),
            });
        }
        let Declared { column, mut note, ty, affinity, sequence, domain_checks, .. } = declared;
        if binder.is_sqlite() {
            self.refuse_as_sqlite(table, tree, &column, &note)?;
        }
        if let Some(options) = sequence {
            let names = (&*table.schema, &*table.name, table.table.name());
            let data_type = ty.to_string();
            let (made, default) = super::sequence::of_column(
                binder,
                names,
                &name,
                &data_type,
                &options,
                &self.sequences,
            )?;
            self.sequences.push(made);
            note.default = Some(default);
        }
        if note.generated.is_some() {
            self.check_generated(binder, table, &name, &note)?;
        }
        let collation = column.collation;
        self.put(&name, column, note, binder.is_sqlite());
        // Constraints on the column see it beside the others.
        let mut seen = seen_columns(table);
        seen.push(constraint::Seen { name: name.clone(), ty, affinity, collation });
        let at = seen.len() - 1;
        for condition in super::domain::checks_of(binder, &table.name, &seen, at, &domain_checks)? {
            let name = constraint::check_name(&table.name, &condition, &self.taken);
            self.taken.push(name.clone());
            self.step(AlterStep::AddCheck(name, condition));
        }
        self.column_constraints(binder, table, tree, &name, &seen)
    }

    /// Adds the column, and what gives its rows their values.
    fn put(&mut self, name: &str, mut column: Column, note: ColumnNote, is_sqlite: bool) {
        // SQLite computes no DEFAULT for rows: there must be none, as for NOT NULL without one.
        if is_sqlite && note.default.is_some() {
            let is_required = std::mem::replace(&mut column.not_null, true);
            *self.note(name) = note;
            self.alter(Alteration::AddColumn(column));
            if !is_required {
                self.part();
                self.alter(Alteration::DropNotNull(name.to_owned()));
            }
            return;
        }
        let is_computed = note.default.is_some() || note.generated.is_some();
        // Rows have some value until they have theirs.
        let some = match column.data_type {
            Type::SmallInt | Type::Integer | Type::BigInt => Some(Value::Integer(0)),
            _ => None,
        };
        let is_required = is_computed && column.not_null;
        let with_some = is_required && some.is_some();
        match some {
            Some(some) if is_required => column.default = Some(StoreDefault::Constant(some)),
            _ if is_required => column.not_null = false,
            _ => {}
        }
        *self.note(name) = note;
        self.alter(Alteration::AddColumn(column));
        if is_computed {
            self.fill(name);
        }
        if with_some {
            self.alter(Alteration::DropDefault(name.to_owned()));
        } else if is_required {
            self.alter(Alteration::SetNotNull(name.to_owned()));
        }
    }

    /// What SQLite takes no column with.
    fn refuse_as_sqlite(
        &mut self,
        table: &TableEntry,
        tree: &ColumnDef,
        column: &Column,
        note: &ColumnNote,
    ) -> Result<()> {
        let mut constant = None;
        for option in &tree.options {
            let what = match &option.option {
                ColumnOption::PrimaryKey(_) => "Cannot add a PRIMARY KEY column",
                ColumnOption::Unique(_) => "Cannot add a UNIQUE column",
                ColumnOption::Generated {
                    generation_expr_mode: Some(GeneratedExpressionMode::Stored),
                    ..
                } => "cannot add a STORED column",
                ColumnOption::Default(value) => {
                    constant = literal_kind(value);
                    continue;
                }
                _ => continue,
            };
            return Err(SqlError::new("0A000", what));
        }
        let message = match &note.default {
            Some(_) => "Cannot add a column with non-constant default",
            None => "Cannot add a NOT NULL column with default value NULL",
        };
        let is_told = column.not_null && column.default.is_none() && note.generated.is_none();
        if is_told || note.default.is_some() {
            self.told = Some(match (&note.default, constant) {
                (Some(_), Some(kind)) => {
                    let holds = column.data_type.to_string();
                    strict::refused(kind, &holds, &table.name, &column.name)
                }
                _ => SqlError::new("23502", message),
            });
        }
        Ok(())
    }

    /// Refuses what the rows' values of a generated column cannot be computed of.
    fn check_generated(
        &self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        name: &str,
        note: &ColumnNote,
    ) -> Result<()> {
        if binder.is_sqlite() {
            return Ok(());
        }
        let text =
            |(name, note): (&str, &ColumnNote)| Some((name.to_owned(), note.generated.clone()?));
        let own = [(name, note)].into_iter().filter_map(text);
        let others = table.columns.iter().map(|entry| (entry.name.as_str(), &entry.note));
        let all: Vec<(String, String)> = own.chain(others.filter_map(text)).collect();
        generated::check(binder, &table.name, &seen_columns(table), &all)
    }

    /// Constraints that stand behind a column.
    fn column_constraints(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        tree: &ColumnDef,
        name: &String,
        seen: &[constraint::Seen],
    ) -> Result<()> {
        for option in &tree.options {
            if let ColumnOption::Unique(_) | ColumnOption::PrimaryKey(_) = &option.option
                && let Some(column) = seen.last()
            {
                constraint::check_key(&column.ty, true)?;
            }
            match &option.option {
                ColumnOption::Check(check) => {
                    let condition = constraint::condition(
                        binder,
                        &check.expr,
                        &table.name,
                        seen,
                        Clause::Check,
                        "CHECK",
                    )?;
                    let name = match option.name.as_ref().or(check.name.as_ref()) {
                        Some(name) => binder.fold(name),
                        None => constraint::check_name(&table.name, &condition, &self.taken),
                    };
                    self.taken.push(name.clone());
                    self.step(AlterStep::AddCheck(name, condition));
                }
                ColumnOption::Unique(unique) => {
                    let (index_name, index) = constraint::unique(
                        binder,
                        &table.name,
                        option.name.as_ref().or(unique.name.as_ref()),
                        std::slice::from_ref(name),
                        unique,
                        &self.taken,
                    )?;
                    self.taken.push(index_name);
                    self.step(AlterStep::AddIndex(index));
                }
                ColumnOption::ForeignKey(key) => {
                    let (key_name, key) = constraint::foreign_key(
                        binder,
                        &table.name,
                        table.table.name(),
                        key,
                        std::slice::from_ref(name),
                        &self.taken,
                    )?;
                    self.taken.push(key_name);
                    self.step(AlterStep::AddForeignKey(key));
                }
                ColumnOption::PrimaryKey(key) => {
                    let said = option.name.as_ref().or(key.name.as_ref());
                    self.add_key(binder, table, said, vec![name.clone()])?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The kind of a constant as it is written, in SQLite's words.
fn literal_kind(value: &Expr) -> Option<&'static str> {
    match value {
        Expr::Nested(value) => literal_kind(value),
        Expr::UnaryOp { op: UnaryOperator::Plus | UnaryOperator::Minus, expr } => {
            literal_kind(expr)
        }
        Expr::Value(value) => match &value.value {
            Literal::Number(digits, _) => {
                Some(if digits.parse::<i64>().is_ok() { "INT" } else { "REAL" })
            }
            Literal::HexStringLiteral(_) => Some("BLOB"),
            Literal::SingleQuotedString(_) | Literal::DoubleQuotedString(_) => Some("TEXT"),
            _ => None,
        },
        _ => None,
    }
}
