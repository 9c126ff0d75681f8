//! ALTER TABLE.

use bourse::Alteration;
use sqlparser::ast::{
    AlterColumnOperation, AlterTable as Tree, AlterTableOperation as Operation, DropBehavior, Expr,
    ForeignKeyConstraint, Ident, ObjectName, PrimaryKeyConstraint, RenameTableNameKind,
    SequenceOptions, TableConstraint,
};

use super::column::{Declared, default};
use super::constraint::{self, free_name};
use super::index::seen_columns;
use super::object::exists;
use super::{
    AlterStep, Definition, Object, Part, Steps, generated, identity, index_on, materialized,
};
use crate::bind::{Binder, Clause};
use crate::catalog::{ColumnNote, SequenceNote, TableEntry, TableNote, store_name};
use crate::error::{Result, SqlError};
use crate::parse::Parsed;

const TAG: &str = "ALTER TABLE";

/// A column of which all rows get values: as it is declared, or those of an expression.
struct Fill {
    column: String,
    value: Option<String>,
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The statement that gives all rows the values of columns.
fn fill_text(binder: &Binder<'_>, table: &TableEntry, fills: &[Fill]) -> String {
    let full = match binder.is_sqlite() {
        true => quoted(&table.name),
        false => format!("{}.{}", quoted(&table.schema), quoted(&table.name)),
    };
    let set: Vec<String> = fills
        .iter()
        .map(|Fill { column, value }| match (binder.is_sqlite(), value) {
            // Generated columns are computed anew whatever is set.
            (true, _) => format!("{0} = {0}", quoted(other_column(table, column))),
            (false, Some(value)) => format!("{} = {value}", quoted(column)),
            (false, None) => format!("{} = DEFAULT", quoted(column)),
        })
        .collect();
    format!("UPDATE {full} SET {}", set.join(", "))
}

/// A column of a table that is computed of no others.
fn other_column<'t>(table: &'t TableEntry, column: &'t str) -> &'t str {
    let plain = table.columns.iter().find(|entry| entry.note.generated.is_none());
    plain.map_or(column, |entry| entry.name.as_str())
}

pub(super) fn alter(binder: &mut Binder<'_>, tree: &Tree, parsed: &Parsed) -> Result<Definition> {
    if let Some(renamed) = materialized::renamed(binder, tree)? {
        return Ok(renamed);
    }
    let found = binder.table_to_change(&tree.name, "alter");
    let table = match found {
        Err(error) if tree.if_exists && error.sqlstate() == "42P01" => {
            let notice = format!("{}, skipping", error.message());
            return Ok(Definition::Nothing { tag: "ALTER TABLE", notice: Some(notice) });
        }
        Err(error) if error.sqlstate() == "55000" && !binder.is_sqlite() => {
            return Err(of_view(binder, tree, error));
        }
        other => other?,
    };
    let mut altering = Altering {
        note: table.note.clone(),
        segments: vec![Segment::default()],
        taken: names_of(&table),
        sequences: Vec::new(),
        sequence_name: parsed.sequence_name.clone(),
        told: None,
    };
    for operation in &tree.operations {
        altering.take(binder, &table, operation)?;
    }
    Ok(altering.finish(binder, &table))
}

/// The error that a view is not altered as a table.
fn of_view(binder: &Binder<'_>, tree: &Tree, error: SqlError) -> SqlError {
    let action = match tree.operations.first() {
        Some(Operation::AddColumn { .. }) => "ADD COLUMN",
        Some(Operation::DropColumn { .. }) => "DROP COLUMN",
        Some(Operation::AddConstraint { .. }) => "ADD CONSTRAINT",
        Some(Operation::DropConstraint { .. }) => "DROP CONSTRAINT",
        _ => return error,
    };
    let Ok((_, name)) = binder.object_name(&tree.name) else { return error };
    let message = format!("ALTER action {action} cannot be performed on relation \"{name}\"");
    SqlError::new("42809", message).with_detail("This operation is not supported for views.")
}

/// Names of a table's indexes and constraints.
fn names_of(table: &TableEntry) -> Vec<String> {
    let definition = table.table.definition();
    let indexes = definition.indexes.iter().map(|index| index.name.clone());
    let checks = definition.checks.iter().map(|check| check.name.clone());
    let keys = definition.foreign_keys.iter().map(|key| key.name.clone());
    indexes.chain(checks).chain(keys).collect()
}

/// What is done at once.
#[derive(Default)]
pub(super) struct Segment {
    steps: Vec<AlterStep>,
    /// What all rows then get.
    fills: Vec<Fill>,
}

pub(super) struct Altering {
    pub(super) note: TableNote,
    segments: Vec<Segment>,
    pub(super) taken: Vec<String>,
    /// Sequences of columns that become identities.
    pub(super) sequences: Vec<(String, String, SequenceNote)>,
    /// What the statement calls the sequence.
    sequence_name: Option<ObjectName>,
    /// How an error is told that the store has for it.
    pub(super) told: Option<SqlError>,
}

impl Altering {
    pub(super) fn step(&mut self, step: AlterStep) {
        let is_filled = self.segments.last().is_some_and(|segment| !segment.fills.is_empty());
        if is_filled {
            self.segments.push(Segment::default());
        }
        if let Some(segment) = self.segments.last_mut() {
            segment.steps.push(step);
        }
    }

    pub(super) fn alter(&mut self, alteration: Alteration) {
        self.step(AlterStep::Alter(alteration));
    }

    /// What follows is done behind what was there before, which may be refused.
    pub(super) fn part(&mut self) {
        self.segments.push(Segment::default());
    }

    /// All rows get the values of a column that was added.
    pub(super) fn fill(&mut self, column: &str) {
        self.fill_with(column, None);
    }

    pub(super) fn fill_with(&mut self, column: &str, value: Option<String>) {
        if let Some(segment) = self.segments.last_mut() {
            segment.fills.push(Fill { column: column.to_owned(), value });
        }
    }

    fn finish(self, binder: &Binder<'_>, table: &TableEntry) -> Definition {
        let is_noted = self.note != table.note;
        let altered = |steps: Vec<AlterStep>| Definition::AlterTable {
            table: table.table.name().to_owned(),
            note_key: (table.schema.clone(), table.name.clone()),
            steps,
        };
        // The sequences of columns that become identities are there first.
        let sequence = |(schema, name, note): &(String, String, SequenceNote)| {
            Object::Sequence(schema.clone(), name.clone(), note.clone())
        };
        let made =
            self.sequences.iter().map(|made| Definition::Put(sequence(made), "CREATE SEQUENCE"));
        let made: Vec<Definition> = made.collect();
        let mut segments = self.segments;
        let is_plain = segments.len() == 1 && segments[0].fills.is_empty() && self.told.is_none();
        if is_plain {
            let mut steps = segments.pop().map(|segment| segment.steps).unwrap_or_default();
            if is_noted {
                steps.push(AlterStep::Note(self.note));
            }
            if made.is_empty() {
                return altered(steps);
            }
            return Definition::All(made.into_iter().chain([altered(steps)]).collect(), TAG);
        }
        let added: Vec<AlterStep> = segments
            .iter()
            .flat_map(|segment| &segment.steps)
            .filter_map(|step| match step {
                AlterStep::Alter(Alteration::AddColumn(column)) => {
                    Some(AlterStep::Alter(Alteration::DropColumnCascade(column.name.clone())))
                }
                _ => None,
            })
            .collect();
        let mut undo: Vec<Definition> = added.into_iter().map(|step| altered(vec![step])).collect();
        undo.push(altered(vec![AlterStep::Note(table.note.clone())]));
        let gone = self.sequences.iter().map(sequence);
        undo.push(Definition::Remove(gone.collect(), "DROP SEQUENCE"));
        let mut parts: Vec<Part> = made.into_iter().map(Part::Define).collect();
        for mut segment in segments {
            if is_noted {
                segment.steps.push(AlterStep::Note(self.note.clone()));
            }
            let definition = altered(segment.steps);
            parts.push(match &self.told {
                Some(told) => Part::Checked(definition, told.clone()),
                None => Part::Define(definition),
            });
            if !segment.fills.is_empty() {
                parts.push(Part::Run(fill_text(binder, table, &segment.fills)));
            }
        }
        Definition::Steps(Box::new(Steps { parts, undo, tag: TAG }))
    }

    /// What is kept about a column.
    pub(super) fn note(&mut self, column: &str) -> &mut ColumnNote {
        let columns = &mut self.note.columns;
        let at = columns.iter().position(|(name, _)| name.eq_ignore_ascii_case(column));
        let at = at.unwrap_or_else(|| {
            columns.push((column.to_owned(), ColumnNote::default()));
            columns.len() - 1
        });
        &mut columns[at].1
    }

    fn take(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        operation: &Operation,
    ) -> Result<()> {
        match operation {
            Operation::AddColumn { if_not_exists, column_def, .. } => {
                self.add_column(binder, table, column_def, *if_not_exists)
            }
            Operation::DropColumn { column_names, if_exists, drop_behavior, .. } => {
                let cascade = *drop_behavior == Some(DropBehavior::Cascade);
                self.drop_columns(binder, table, column_names, *if_exists, cascade)
            }
            Operation::RenameColumn { old_column_name, new_column_name } => {
                let (from, to) = (binder.fold(old_column_name), binder.fold(new_column_name));
                self.rename_column(binder, table, &from, to)
            }
            Operation::RenameTable {
                table_name: RenameTableNameKind::To(name) | RenameTableNameKind::As(name),
            } => self.rename_table(binder, table, name),
            Operation::AlterColumn { column_name, op } => {
                let name = binder.fold(column_name);
                let at = binder
                    .target(table, &name)
                    .map_err(|_| missing_column(binder, table, &name))?;
                self.alter_column(binder, table, at, op)
            }
            Operation::AddConstraint { constraint, .. } => {
                self.add_constraint(binder, table, constraint)
            }
            Operation::DropConstraint { name, if_exists, .. } => {
                self.drop_constraint(table, &binder.fold(name), *if_exists)
            }
            Operation::RenameConstraint { old_name, new_name } => {
                let (from, to) = (binder.fold(old_name), binder.fold(new_name));
                let definition = table.table.definition();
                let is_index = definition.index(&from).is_some();
                let has_key = super::table::has_primary_key(definition);
                let key_name = if has_key { table.key_name() } else { String::new() };
                if self.note.rename(&from, &to, &key_name) {
                    return Ok(());
                }
                self.alter(match is_index {
                    true => Alteration::RenameIndex { from, to },
                    false => Alteration::RenameConstraint { from, to },
                });
                Ok(())
            }
            // There are no owners, and all tables are logged.
            Operation::OwnerTo { .. }
            | Operation::SetLogged
            | Operation::ReplicaIdentity { .. }
            | Operation::ValidateConstraint { .. }
            | Operation::SetOptionsParens { .. } => Ok(()),
            other => {
                Err(SqlError::unsupported(format!("ALTER TABLE ... {other} is not supported")))
            }
        }
    }

    fn rename_table(
        &mut self,
        binder: &Binder<'_>,
        table: &TableEntry,
        name: &ObjectName,
    ) -> Result<()> {
        let (_, to) = binder.object_name(name)?;
        if binder.catalog.is_taken(&table.schema, &to) {
            if !binder.is_sqlite() {
                return Err(exists(&to));
            }
            let message = format!("there is already another table or index with this name: {to}");
            return Err(SqlError::new("42P07", message));
        }
        if let Some(view) = binder.catalog.materialized_over(table.table.name()) {
            let message =
                format!("cannot rename table {} because other objects name it", table.name);
            return Err(SqlError::new("2BP01", message)
                .with_detail(format!("materialized view {view} names it in its query")));
        }
        let store = store_name(&table.schema, &to);
        self.step(AlterStep::Renamed(store, table.schema.clone(), to));
        Ok(())
    }

    fn drop_columns(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        columns: &[Ident],
        if_exists: bool,
        cascade: bool,
    ) -> Result<()> {
        for column in columns {
            let name = binder.fold(column);
            let Ok(at) = binder.target(table, &name) else {
                if if_exists {
                    continue;
                }
                return Err(missing_column(binder, table, &name));
            };
            let name = table.columns[at].name.clone();
            if binder.is_sqlite() {
                let keys = table.table.definition().primary_key_positions();
                if keys.iter().any(|key| usize::from(*key) == at) {
                    let message = format!("cannot drop PRIMARY KEY column: \"{name}\"");
                    return Err(SqlError::unsupported(message));
                }
                self.drop_column(name, cascade);
                continue;
            }
            self.drop_readers(binder, table, &name, cascade)?;
            // Indexes and constraints of the table itself go with any of their columns.
            let goes = cascade || !is_read_elsewhere(binder, table, &name);
            self.drop_column(name, goes);
        }
        Ok(())
    }

    fn drop_column(&mut self, name: String, cascade: bool) {
        self.note.columns.retain(|(column, _)| !column.eq_ignore_ascii_case(&name));
        self.alter(match cascade {
            true => Alteration::DropColumnCascade(name),
            false => Alteration::DropColumn(name),
        });
    }

    /// Generated columns go with what they are computed of, or keep it.
    fn drop_readers(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        column: &str,
        cascade: bool,
    ) -> Result<()> {
        for reader in generated::readers(binder, table, column)? {
            // An operation before this one may have dropped it.
            if !self.note.columns.iter().any(|(name, _)| *name == reader) {
                continue;
            }
            if !cascade {
                let of = &table.name;
                let message = format!(
                    "cannot drop column {column} of table {of} because other objects depend on it"
                );
                let detail = format!(
                    "column {reader} of table {of} depends on column {column} of table {of}"
                );
                return Err(SqlError::new("2BP01", message)
                    .with_detail(detail)
                    .with_hint("Use DROP ... CASCADE to drop the dependent objects too."));
            }
            self.drop_column(reader, cascade);
        }
        Ok(())
    }

    fn rename_column(
        &mut self,
        binder: &Binder<'_>,
        table: &TableEntry,
        from: &str,
        to: String,
    ) -> Result<()> {
        let at = binder.target(table, from).map_err(|_| match binder.is_sqlite() {
            true => missing_column(binder, table, from),
            false => SqlError::new("42703", format!("column \"{from}\" does not exist")),
        })?;
        let from = table.columns[at].name.clone();
        if !binder.is_sqlite() && table.columns.iter().any(|column| column.name == to) {
            let message = format!("column \"{to}\" of relation \"{}\" already exists", table.name);
            return Err(SqlError::new("42701", message));
        }
        for (column, _) in &mut self.note.columns {
            if column.eq_ignore_ascii_case(&from) {
                column.clone_from(&to);
            }
        }
        for (_, note) in &mut self.note.columns {
            if let Some(text) = &mut note.generated {
                *text = generated::renamed(text, &from, &to, binder.dialect)?;
            }
        }
        self.alter(Alteration::RenameColumn { from, to });
        Ok(())
    }

    fn alter_column(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        at: usize,
        op: &AlterColumnOperation,
    ) -> Result<()> {
        let entry = &table.columns[at];
        let column = entry.name.clone();
        match op {
            AlterColumnOperation::SetNotNull => self.alter(Alteration::SetNotNull(column)),
            AlterColumnOperation::DropNotNull => self.alter(Alteration::DropNotNull(column)),
            AlterColumnOperation::DropDefault => {
                let note = self.note(&column);
                (note.default, note.written_default) = (None, None);
                self.alter(Alteration::DropDefault(column));
            }
            AlterColumnOperation::SetDefault { value } => {
                self.set_default(binder, table, at, value)?;
            }
            AlterColumnOperation::SetDataType { data_type, using, .. } => {
                self.set_data_type(binder, table, at, data_type, using.as_ref())?;
            }
            AlterColumnOperation::AddGenerated { generated_as, sequence_options } => {
                let kind = identity::kind(generated_as.as_ref());
                let options = sequence_options.as_deref().unwrap_or_default();
                self.become_identity(binder, table, at, kind, options)?;
            }
            AlterColumnOperation::GenericOptions { .. } => {
                return Err(SqlError::unsupported("options of columns are not supported"));
            }
        }
        Ok(())
    }

    fn become_identity(
        &mut self,
        binder: &Binder<'_>,
        table: &TableEntry,
        at: usize,
        kind: &str,
        options: &[SequenceOptions],
    ) -> Result<()> {
        let name = self.sequence_name.take();
        let made = identity::of_column(binder, table, at, options, name.as_ref(), &self.sequences)?;
        self.sequences.push(made.sequence);
        let note = self.note(&table.columns[at].name);
        note.default = Some(made.default);
        note.identity = Some(kind.to_owned());
        Ok(())
    }

    fn set_default(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        at: usize,
        value: &Expr,
    ) -> Result<()> {
        let entry = &table.columns[at];
        let mut declared = Declared {
            column: table.table.definition().columns[at].clone(),
            ty: entry.ty.clone(),
            note: entry.note.clone(),
            affinity: entry.affinity,
            is_integer: false,
            autoincrement: false,
            domain_checks: Vec::new(),
            sequence: None,
        };
        declared.column.default = None;
        declared.note.default = None;
        default(binder, &mut declared, value)?;
        let column = entry.name.clone();
        let note = self.note(&column);
        note.default.clone_from(&declared.note.default);
        note.written_default.clone_from(&declared.note.written_default);
        self.alter(match declared.column.default {
            Some(default) => Alteration::SetDefault { column, default },
            None => Alteration::DropDefault(column),
        });
        Ok(())
    }

    fn add_constraint(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        constraint: &TableConstraint,
    ) -> Result<()> {
        match constraint {
            TableConstraint::Check(check) => {
                let seen = seen_columns(table);
                let condition = constraint::condition(
                    binder,
                    &check.expr,
                    &table.name,
                    &seen,
                    Clause::Check,
                    "CHECK",
                )?;
                let name = match &check.name {
                    Some(name) => binder.fold(name),
                    None => constraint::check_name(&table.name, &condition, &self.taken),
                };
                if self.taken.contains(&name) && !binder.is_sqlite() {
                    let message = format!(
                        "constraint \"{name}\" for relation \"{}\" already exists",
                        table.name
                    );
                    return Err(SqlError::new("42710", message));
                }
                self.taken.push(name.clone());
                self.step(AlterStep::AddCheck(name, condition));
            }
            TableConstraint::Unique(unique) => {
                let columns = constraint::key_columns(binder, &unique.columns)?;
                check_key_columns(table, &columns)?;
                let (name, index) = constraint::unique(
                    binder,
                    &table.name,
                    unique.name.as_ref(),
                    &columns,
                    unique,
                    &self.taken,
                )?;
                self.note.note_unique(&name);
                if constraint::is_deferrable(unique.characteristics.as_ref()) {
                    self.note.deferrable.push(name.clone());
                }
                self.taken.push(name);
                self.step(AlterStep::AddIndex(index));
            }
            TableConstraint::ForeignKey(key) => self.add_foreign_key(binder, table, key)?,
            TableConstraint::PrimaryKey(key) => self.add_primary_key(binder, table, key)?,
            other => {
                return Err(SqlError::unsupported(format!(
                    "the constraint {other} is not supported"
                )));
            }
        }
        Ok(())
    }

    fn add_foreign_key(
        &mut self,
        binder: &mut Binder<'_>,
        table: &TableEntry,
        tree: &ForeignKeyConstraint,
    ) -> Result<()> {
        let columns: Vec<String> = tree.columns.iter().map(|column| binder.fold(column)).collect();
        let text =
            |(name, note): &(String, ColumnNote)| Some((name.clone(), note.generated.clone()?));
        let made: Vec<_> = self.note.columns.iter().filter_map(text).collect();
        let seen = seen_columns(table);
        generated::check_key(binder, (&table.name, &seen), &made, tree, &columns)?;
        let (name, key) = constraint::foreign_key(
            binder,
            &table.name,
            table.table.name(),
            tree,
            &columns,
            &self.taken,
        )?;
        self.step(AlterStep::AddForeignKey(key));
        let of = (name.as_str(), columns.as_slice());
        if let Some((check, condition)) =
            constraint::match_full(binder, &table.name, &seen, tree, of)?
        {
            self.step(AlterStep::AddCheck(check, condition));
        }
        self.taken.push(name);
        Ok(())
    }

    fn add_primary_key(
        &mut self,
        binder: &Binder<'_>,
        table: &TableEntry,
        key: &PrimaryKeyConstraint,
    ) -> Result<()> {
        constraint::check_key_timing(key.characteristics.as_ref())?;
        let columns = constraint::key_columns(binder, &key.columns)?;
        self.add_key(binder, table, key.name.as_ref(), columns)
    }

    pub(super) fn add_key(
        &mut self,
        binder: &Binder<'_>,
        table: &TableEntry,
        name: Option<&Ident>,
        columns: Vec<String>,
    ) -> Result<()> {
        let is_there = super::table::has_primary_key(table.table.definition());
        if is_there || self.note.primary_key.is_some() {
            let message =
                format!("multiple primary keys for table \"{}\" are not allowed", table.name);
            return Err(SqlError::new("42P16", message));
        }
        // Rows stay where they lie: the key is a unique index over columns without NULL.
        let name = match name {
            Some(name) => binder.fold(name),
            None => free_name(format!("{}_pkey", table.name), &self.taken),
        };
        check_key_columns(table, &columns)?;
        for column in &columns {
            self.alter(Alteration::SetNotNull(column.clone()));
        }
        self.step(AlterStep::AddIndex(index_on(&name, &columns).unique()));
        self.note.primary_key = Some(name.clone());
        self.taken.push(name);
        Ok(())
    }

    fn drop_constraint(&mut self, table: &TableEntry, name: &str, if_exists: bool) -> Result<()> {
        let definition = table.table.definition();
        let is = |other: &String| other.eq_ignore_ascii_case(name);
        let is_constraint = definition.checks.iter().any(|check| is(&check.name))
            || definition.foreign_keys.iter().any(|key| is(&key.name));
        if is_constraint {
            self.step(AlterStep::DropConstraint(name.to_owned()));
            let full = format!("{name}{}", constraint::MATCH_FULL);
            if definition.checks.iter().any(|check| check.name.eq_ignore_ascii_case(&full)) {
                self.step(AlterStep::DropConstraint(full));
            }
            return Ok(());
        }
        if definition.index(name).is_some_and(|index| index.unique) {
            if self.note.primary_key.as_deref().is_some_and(|key| key.eq_ignore_ascii_case(name)) {
                self.note.primary_key = None;
            }
            self.note.unique.retain(|known| !is(known));
            self.step(AlterStep::DropIndex(name.to_owned()));
            return Ok(());
        }
        if name.eq_ignore_ascii_case(&table.key_name()) && super::table::has_primary_key(definition)
        {
            return Err(SqlError::unsupported("the primary key of a table cannot be dropped"));
        }
        if if_exists {
            return Ok(());
        }
        let message =
            format!("constraint \"{name}\" of relation \"{}\" does not exist", table.name);
        Err(SqlError::new("42704", message))
    }
}

/// Whether a view, or a foreign key, may name a column of a table.
fn is_read_elsewhere(binder: &Binder<'_>, table: &TableEntry, column: &str) -> bool {
    let store_name = table.table.name();
    let refers = |key: &bourse::ForeignKey| {
        key.parent.eq_ignore_ascii_case(store_name)
            && key.parent_columns.iter().any(|name| name.eq_ignore_ascii_case(column))
    };
    let refers_to_it = |other: &&std::sync::Arc<TableEntry>| {
        other.table.definition().foreign_keys.iter().any(refers)
    };
    !binder.catalog.views_reading(store_name).is_empty()
        || binder.catalog.tables().iter().any(refers_to_it)
}

fn missing_column(binder: &Binder<'_>, table: &TableEntry, name: &str) -> SqlError {
    match binder.is_sqlite() {
        true => SqlError::new("42703", format!("no such column: \"{name}\"")),
        false => SqlError::new(
            "42703",
            format!("column \"{name}\" of relation \"{}\" does not exist", table.name),
        ),
    }
}

/// Refuses a key of columns that cannot be part of one.
fn check_key_columns(table: &TableEntry, key: &[String]) -> Result<()> {
    let mut columns = table.columns.iter().filter(|column| key.contains(&column.name));
    columns.try_for_each(|column| constraint::check_key(&column.ty, true))
}
