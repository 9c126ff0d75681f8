//! Domains: made, and changed. The store knows none: a table has the CHECKs of its columns' domains
//! as its own ([`crate::system`] tells which), so that what is said of a domain is done to each
//! column of it.

use bourse::{Alteration, Expression};
use sqlparser::ast::{CreateDomain, Expr as Ast, ObjectName, TableConstraint};

use super::constraint::{self, Seen};
use super::index::seen_columns;
use super::object::{check_type_is_free, new_name};
use super::{AlterStep, Definition, Object, Part, Steps};
use crate::bind::{Binder, Clause};
use crate::catalog::{DomainNote, TableEntry, TypeEntry};
use crate::error::{Result, SqlError};
use crate::function::quote_identifier;
use crate::parse::{self, DomainChange};

const TAG: &str = "ALTER DOMAIN";

pub(super) fn create(binder: &mut Binder<'_>, tree: &CreateDomain) -> Result<Definition> {
    let (schema, name) = new_name(binder, &tree.name)?;
    check_type_is_free(binder, &schema, &name)?;
    binder.catalog.type_of(&tree.data_type, binder.settings)?;
    let mut note = DomainNote {
        base: tree.data_type.to_string(),
        default: tree.default.as_ref().map(ToString::to_string),
        ..DomainNote::default()
    };
    for constraint in &tree.constraints {
        let TableConstraint::Check(check) = constraint else {
            return Err(SqlError::unsupported(format!(
                "{constraint} of a domain is not supported"
            )));
        };
        match check.expr.as_ref() {
            Ast::IsNotNull(inner) if inner.to_string().eq_ignore_ascii_case("value") => {
                note.not_null = true;
            }
            other => {
                let check_name = match &check.name {
                    Some(name) => binder.fold(name),
                    None => free_check_name(&name, &note),
                };
                note.checks.push((check_name, other.to_string()));
            }
        }
    }
    Ok(Definition::Put(Object::Domain(schema, name, note), "CREATE DOMAIN"))
}

/// The name of a domain's CHECK that has none.
fn free_check_name(domain: &str, note: &DomainNote) -> String {
    let taken: Vec<String> = note.checks.iter().map(|(name, _)| name.clone()).collect();
    constraint::free_name(format!("{domain}_check"), &taken)
}

/// A domain that is changed.
struct Altered<'c> {
    schema: String,
    name: String,
    note: &'c DomainNote,
}

/// The domain of a name.
fn found<'c>(binder: &Binder<'c>, name: &ObjectName) -> Result<Altered<'c>> {
    let (schema, own) = binder.object_name(name)?;
    let catalog = binder.catalog;
    let note = match catalog.user_type(schema.as_deref(), &own, binder.settings) {
        Some(TypeEntry::Domain(_, note)) => note,
        Some(_) => return Err(SqlError::new("42809", format!("{own} is not a domain"))),
        None => {
            return Err(match catalog.relation(schema.as_deref(), &own, binder.settings) {
                Some(_) => SqlError::new("42809", format!("\"{own}\" is not a domain")),
                None => SqlError::new("42704", format!("type \"{name}\" does not exist")),
            });
        }
    };
    let schema = schema
        .or_else(|| catalog.schema_of_type(&own, binder.settings).map(str::to_owned))
        .unwrap_or_else(|| crate::catalog::PUBLIC.to_owned());
    Ok(Altered { schema, name: own, note })
}

/// The tables that have columns of a domain, and which.
fn columns_of<'c>(binder: &Binder<'c>, note: &DomainNote) -> Vec<(&'c TableEntry, Vec<usize>)> {
    let catalog = binder.catalog;
    let tables = catalog.tables().into_iter().map(|table| {
        let is_of = |at: &usize| {
            crate::system::domain_of_column(catalog, table, *at)
                .is_some_and(|(_, own)| std::ptr::eq(own, note))
        };
        (&**table, (0..table.columns.len()).filter(is_of).collect::<Vec<_>>())
    });
    tables.filter(|(_, columns)| !columns.is_empty()).collect()
}

fn altered(table: &TableEntry, steps: Vec<AlterStep>) -> Definition {
    Definition::AlterTable {
        table: table.table.name().to_owned(),
        note_key: (table.schema.clone(), table.name.clone()),
        steps,
    }
}

/// A domain's condition over a column of a table.
pub(super) fn condition_over(
    binder: &mut Binder<'_>,
    table: &str,
    seen: &[Seen],
    at: usize,
    tree: &Ast,
) -> Result<Expression<String>> {
    let column = seen[at].name.clone();
    let mut renamed = seen.to_vec();
    renamed[at].name = "value".to_owned();
    let condition = constraint::condition(binder, tree, table, &renamed, Clause::Check, "CHECK")?;
    Ok(condition
        .try_map(&mut |name: String| Ok(if name == "value" { column.clone() } else { name }))?)
}

pub(super) fn alter(
    binder: &mut Binder<'_>,
    name: &ObjectName,
    change: &DomainChange,
) -> Result<Definition> {
    let domain = found(binder, name)?;
    let mut note = domain.note.clone();
    let mut parts: Vec<Part> = Vec::new();
    let mut undo = Vec::new();
    let mut to = domain.name.clone();
    let missing = |constraint: &str| {
        let message =
            format!("constraint \"{constraint}\" of domain \"{}\" does not exist", domain.name);
        SqlError::new("42704", message)
    };
    match change {
        DomainChange::Nothing => return Ok(Definition::Nothing { tag: TAG, notice: None }),
        DomainChange::Default(value) => {
            note.default = value.as_ref().map(ToString::to_string);
            parts.extend(with_default(binder, domain.note, note.default.as_deref()));
        }
        DomainChange::NotNull(not_null) => {
            note.not_null = *not_null;
            parts.extend(with_nulls(binder, domain.note, *not_null));
        }
        DomainChange::Add(constraint, tree) => {
            let constraint = match constraint {
                Some(constraint) => constraint.clone(),
                None => free_check_name(&domain.name, &note),
            };
            if note.checks.iter().any(|(name, _)| *name == constraint) {
                let message = format!(
                    "constraint \"{constraint}\" for domain \"{}\" already exists",
                    domain.name
                );
                return Err(SqlError::new("42710", message));
            }
            add_checks(binder, domain.note, tree, &mut parts, &mut undo)?;
            note.checks.push((constraint, tree.to_string()));
        }
        DomainChange::Drop(constraint, if_exists) => {
            let Some(at) = note.checks.iter().position(|(name, _)| name == constraint) else {
                let notice = format!("{}, skipping", missing(constraint).message());
                return match if_exists {
                    true => Ok(Definition::Nothing { tag: TAG, notice: Some(notice) }),
                    false => Err(missing(constraint)),
                };
            };
            note.checks.remove(at);
            drop_checks(binder, domain.note, constraint, &mut parts);
        }
        DomainChange::RenameConstraint(from, to) => {
            let found = note.checks.iter_mut().find(|(name, _)| name == from);
            found.ok_or_else(|| missing(from))?.0.clone_from(to);
        }
        DomainChange::Rename(name) => {
            check_type_is_free(binder, &domain.schema, name)?;
            to.clone_from(name);
            parts.extend(declared_anew(binder, domain.note, &domain.schema, name));
        }
    }
    if to != domain.name {
        let before = Object::Domain(domain.schema.clone(), domain.name.clone(), note.clone());
        parts.push(Part::Define(Definition::Remove(vec![before], TAG)));
    }
    parts.push(Part::Define(Definition::Put(Object::Domain(domain.schema, to, note), TAG)));
    Ok(Definition::Steps(Box::new(Steps { parts, undo, tag: TAG })))
}

/// The columns of a domain that have its DEFAULT have another one.
fn with_default(binder: &Binder<'_>, before: &DomainNote, default: Option<&str>) -> Vec<Part> {
    let mut parts = Vec::new();
    for (table, columns) in columns_of(binder, before) {
        let mut of_table = table.note.clone();
        for at in columns {
            let name = &table.columns[at].name;
            let own = of_table.columns.iter_mut().find(|(column, _)| column == name);
            // A DEFAULT of its own stays.
            if let Some((_, own)) = own.filter(|(_, own)| own.default == before.default) {
                own.default = default.map(str::to_owned);
            }
        }
        parts.push(Part::Define(altered(table, vec![AlterStep::Note(of_table)])));
    }
    parts
}

/// The columns of a domain refuse NULL, or take it.
fn with_nulls(binder: &Binder<'_>, note: &DomainNote, not_null: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    for (table, columns) in columns_of(binder, note) {
        for at in columns {
            let column = table.columns[at].name.clone();
            let message =
                format!("column \"{column}\" of table \"{}\" contains null values", table.name);
            let step = match not_null {
                true => Alteration::SetNotNull(column),
                false => Alteration::DropNotNull(column),
            };
            let definition = altered(table, vec![AlterStep::Alter(step)]);
            parts.push(Part::Checked(definition, SqlError::new("23502", message)));
        }
    }
    parts
}

/// A CHECK for each column of a domain.
fn add_checks(
    binder: &mut Binder<'_>,
    note: &DomainNote,
    tree: &Ast,
    parts: &mut Vec<Part>,
    undo: &mut Vec<Definition>,
) -> Result<()> {
    for (table, columns) in columns_of(binder, note) {
        let seen = seen_columns(table);
        let mut taken: Vec<String> =
            table.table.definition().checks.iter().map(|check| check.name.clone()).collect();
        for at in columns {
            let condition = condition_over(binder, &table.name, &seen, at, tree)?;
            let name = constraint::check_name(&table.name, &condition, &taken);
            taken.push(name.clone());
            let message = format!(
                "column \"{}\" of table \"{}\" contains values that violate the new constraint",
                seen[at].name, table.name
            );
            undo.push(altered(table, vec![AlterStep::DropConstraint(name.clone())]));
            let definition = altered(table, vec![AlterStep::AddCheck(name, condition)]);
            parts.push(Part::Checked(definition, SqlError::new("23514", message)));
        }
    }
    Ok(())
}

/// The CHECKs of a domain's columns go.
fn drop_checks(binder: &Binder<'_>, note: &DomainNote, constraint: &str, parts: &mut Vec<Part>) {
    for (table, columns) in columns_of(binder, note) {
        let checks = crate::system::domain_checks(binder.catalog, table);
        let own = checks
            .into_iter()
            .filter(|check| check.check == constraint && columns.contains(&check.column));
        let steps: Vec<AlterStep> = own
            .map(|check| {
                let name = table.table.definition().checks[check.position].name.clone();
                AlterStep::DropConstraint(name)
            })
            .collect();
        if !steps.is_empty() {
            parts.push(Part::Define(altered(table, steps)));
        }
    }
}

/// The columns of a domain are declared by its new name.
fn declared_anew(binder: &Binder<'_>, note: &DomainNote, schema: &str, name: &str) -> Vec<Part> {
    let declared = match schema == crate::catalog::PUBLIC {
        true => quote_identifier(name).to_string(),
        false => format!("{}.{}", quote_identifier(schema), quote_identifier(name)),
    };
    let tables = columns_of(binder, note).into_iter().map(|(table, columns)| {
        let mut of_table = table.note.clone();
        for (column, own) in &mut of_table.columns {
            if columns.iter().any(|at| table.columns[*at].name == *column) {
                own.declared = Some(declared.clone());
            }
        }
        Part::Define(altered(table, vec![AlterStep::Note(of_table)]))
    });
    tables.collect()
}

/// The conditions of a column's domain, for a table that is made.
pub(super) fn checks_of(
    binder: &mut Binder<'_>,
    table: &str,
    seen: &[Seen],
    at: usize,
    checks: &[(String, String)],
) -> Result<Vec<Expression<String>>> {
    let mut conditions = Vec::with_capacity(checks.len());
    for (_, text) in checks {
        let tree = parse::expression(text, binder.dialect)?;
        conditions.push(condition_over(binder, table, seen, at, &tree)?);
    }
    Ok(conditions)
}
