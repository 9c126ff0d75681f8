//! ALTER VIEW, and what ALTER TABLE does to identities and generated columns.

use bourse::Alteration;
use bourse::schema::Default as StoreDefault;
use sqlparser::ast::Ident;

use super::object::taken;
use super::sequence::AlteredSequence;
use super::{AlterStep, Definition, Object, domain};
use crate::bind::Binder;
use crate::catalog::{Relation, SequenceEntry, TableEntry, ViewEntry};
use crate::error::{Result, SqlError};
use crate::parse::{ColumnChange, Own, OwnChange, ViewChange};

pub(crate) fn own(binder: &mut Binder<'_>, own: &Own) -> Result<Definition> {
    match &own.change {
        OwnChange::View(change) => view(binder, own, change),
        OwnChange::Domain(change) => domain::alter(binder, &own.name, change),
        OwnChange::Column(column, change) => {
            let table = match binder.table_to_change(&own.name, "alter") {
                Err(error) if own.if_exists && error.sqlstate() == "42P01" => {
                    let notice = format!("{}, skipping", error.message());
                    return Ok(Definition::Nothing { tag: "ALTER TABLE", notice: Some(notice) });
                }
                other => other?,
            };
            alter_column(binder, &table, column, change)
        }
    }
}

fn view(binder: &mut Binder<'_>, own: &Own, change: &ViewChange) -> Result<Definition> {
    const TAG: &str = "ALTER VIEW";
    let (schema, name) = binder.object_name(&own.name)?;
    let view = match binder.catalog.relation(schema.as_deref(), &name, binder.settings) {
        Some(Relation::View(view)) if view.note.materialized.is_none() => view,
        Some(_) => return Err(SqlError::new("42809", format!("\"{name}\" is not a view"))),
        None if own.if_exists => {
            let notice = format!("relation \"{name}\" does not exist, skipping");
            return Ok(Definition::Nothing { tag: TAG, notice: Some(notice) });
        }
        None => return Err(binder.no_relation(&own.name, schema.as_deref(), &name)),
    };
    let ViewEntry { schema, name, note } = &*view;
    let moved = |to_schema: &str, to: &str| {
        let before = Object::View(schema.clone(), name.clone(), note.clone());
        let after = Object::View(to_schema.to_owned(), to.to_owned(), note.clone());
        let parts = vec![Definition::Remove(vec![before], TAG), Definition::Put(after, TAG)];
        Definition::All(parts, TAG)
    };
    Ok(match change {
        ViewChange::Nothing => Definition::Nothing { tag: TAG, notice: None },
        ViewChange::Rename(to) => {
            if binder.catalog.is_taken(schema, to) {
                return Err(taken(binder, "view", to));
            }
            moved(schema, to)
        }
        ViewChange::SetSchema(to) => {
            if !binder.catalog.has_schema(to) {
                return Err(SqlError::new("3F000", format!("schema \"{to}\" does not exist")));
            }
            if to != schema && binder.catalog.is_taken(to, name) {
                let message = format!("relation \"{name}\" already exists in schema \"{to}\"");
                return Err(SqlError::new("42P07", message));
            }
            moved(to, name)
        }
        ViewChange::RenameColumn(from, to) => {
            let query = binder.query_of_view(&view)?;
            let mut columns: Vec<String> =
                query.columns.into_iter().map(|column| column.name).collect();
            for (place, said) in columns.iter_mut().zip(&note.columns) {
                place.clone_from(said);
            }
            if columns.contains(to) {
                let message = format!("column \"{to}\" of relation \"{name}\" already exists");
                return Err(SqlError::new("42701", message));
            }
            let Some(at) = columns.iter().position(|column| column == from) else {
                return Err(SqlError::new("42703", format!("column \"{from}\" does not exist")));
            };
            columns[at].clone_from(to);
            let mut note = note.clone();
            note.columns = columns;
            Definition::Put(Object::View(schema.clone(), name.clone(), note), TAG)
        }
    })
}

/// The sequence that a column's values come from.
pub(super) fn sequence_of<'c>(
    binder: &Binder<'c>,
    table: &TableEntry,
    column: &str,
) -> Option<&'c SequenceEntry> {
    let is_owner = |entry: &&std::sync::Arc<SequenceEntry>| {
        entry.note.owner.as_ref().is_some_and(|(of, at)| {
            of.eq_ignore_ascii_case(table.table.name()) && at.eq_ignore_ascii_case(column)
        })
    };
    let catalog = binder.catalog;
    catalog.sequences().into_iter().find(is_owner).map(|entry| &**entry)
}

fn alter_column(
    binder: &Binder<'_>,
    table: &TableEntry,
    column: &Ident,
    change: &ColumnChange,
) -> Result<Definition> {
    let wanted = binder.fold(column);
    let at = binder.target(table, &wanted)?;
    let name = &table.columns[at].name;
    let mut note = table.note.clone();
    let of_column = note.columns.iter_mut().find(|(column, _)| column.eq_ignore_ascii_case(name));
    let of_store = matches!(
        table.table.definition().columns[at].default,
        Some(StoreDefault::Identity | StoreDefault::IdentityAlways)
    );
    let is_identity = of_column.as_ref().is_some_and(|(_, note)| note.identity.is_some());
    let refused = |what: &str, if_exists: bool| {
        let message = format!("column \"{name}\" of relation \"{}\" is not {what}", table.name);
        if if_exists {
            let notice = Some(format!("{message}, skipping"));
            return Ok(Definition::Nothing { tag: "ALTER TABLE", notice });
        }
        Err(SqlError::new("55000", message))
    };
    let mut parts = Vec::new();
    let mut steps = Vec::new();
    match change {
        ColumnChange::DropExpression(if_exists) => {
            let is_generated = of_column.as_ref().is_some_and(|(_, n)| n.generated.is_some());
            let Some((_, of_column)) = of_column.filter(|_| is_generated) else {
                return refused("a stored generated column", *if_exists);
            };
            of_column.generated = None;
        }
        ColumnChange::DropIdentity(if_exists) => {
            if !is_identity && !of_store {
                return refused("an identity column", *if_exists);
            }
            if of_store {
                steps.push(AlterStep::Alter(Alteration::DropDefault(name.clone())));
            }
            if let Some((_, of_column)) = of_column {
                of_column.identity = None;
                of_column.default = None;
            }
            if let Some(found) = sequence_of(binder, table, name) {
                let SequenceEntry { schema, name, note } = found;
                let gone = Object::Sequence(schema.clone(), name.clone(), note.clone());
                parts.push(Definition::Remove(vec![gone], "ALTER TABLE"));
            }
        }
        ColumnChange::Identity { always, options, restart } => {
            let found = sequence_of(binder, table, name).filter(|_| is_identity);
            let (Some((_, of_column)), Some(found)) = (of_column, found) else {
                return refused("an identity column", false);
            };
            if let Some(always) = always {
                let kind = if *always { "always" } else { "default" };
                of_column.identity = Some(kind.to_owned());
            }
            if restart.is_some() || !options.is_empty() {
                let altered = AlteredSequence::of(found, options, *restart)?;
                parts.push(Definition::AlterSequence(Box::new(altered)));
            }
        }
    }
    if note != table.note {
        steps.push(AlterStep::Note(note));
    }
    // What asks a sequence goes before the sequence.
    let altered = Definition::AlterTable {
        table: table.table.name().to_owned(),
        note_key: (table.schema.clone(), table.name.clone()),
        steps,
    };
    parts.insert(0, altered);
    Ok(Definition::All(parts, "ALTER TABLE"))
}
