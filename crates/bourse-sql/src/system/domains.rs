//! Which CHECKs of a table are those of its columns' domains. The store checks rows, and knows no
//! domains: so a table has the conditions of its columns' domains as its own, and the catalog tells
//! of them with the domain alone, as PostgreSQL does.

use bourse::Expression;
use bourse::expression::BoundColumn;

use super::split_name;
use crate::Dialect;
use crate::bind::{Binder, Clause};
use crate::catalog::{Catalog, DomainNote, PUBLIC, TableEntry, TypeEntry};
use crate::define::constraint::{Seen, condition};
use crate::error::Result;
use crate::function::quote_identifier;
use crate::parse;
use crate::settings::Settings;

/// A CHECK of a table that is one of a column's domain.
pub(crate) struct DomainCheck {
    /// Which CHECK of the table.
    pub(crate) position: usize,
    /// Which column.
    pub(crate) column: usize,
    /// The domain.
    pub(crate) domain: String,
    /// The CHECK's name there.
    pub(crate) check: String,
}

/// The positions of such CHECKs of a table.
pub(super) fn checks_of_domains(catalog: &Catalog, table: &TableEntry) -> Vec<usize> {
    domain_checks(catalog, table).into_iter().map(|check| check.position).collect()
}

/// Such CHECKs of a table.
pub(crate) fn domain_checks(catalog: &Catalog, table: &TableEntry) -> Vec<DomainCheck> {
    let checks = &table.table.definition().checks;
    if checks.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<DomainCheck> = Vec::new();
    for at in 0..table.columns.len() {
        let Some((domain, note)) = domain_of_column(catalog, table, at) else { continue };
        for (name, text) in &note.checks {
            // A condition that cannot be read any more is no domain's.
            let Ok(wanted) = condition_over(catalog, table, at, text) else { continue };
            let is_it = |position: &usize| {
                let own = named(table, &checks[*position].condition);
                !found.iter().any(|known| known.position == *position)
                    && own.is_ok_and(|own| own == wanted)
            };
            if let Some(position) = (0..checks.len()).find(is_it) {
                let (domain, check) = (domain.clone(), name.clone());
                found.push(DomainCheck { position, column: at, domain, check });
            }
        }
    }
    found
}

/// The domain of a column, by its name.
pub(crate) fn domain_of_column<'c>(
    catalog: &'c Catalog,
    table: &TableEntry,
    at: usize,
) -> Option<(String, &'c DomainNote)> {
    let (schema, name) = split_name(table.columns[at].note.declared.as_deref()?)?;
    let mut settings = Settings::default();
    if table.schema != PUBLIC {
        settings.set("search_path", format!("{}, {PUBLIC}", quote_identifier(&table.schema)));
    }
    match catalog.user_type(schema.as_deref(), &name, &settings)? {
        TypeEntry::Domain(_, note) => Some((name, note)),
        TypeEntry::Enum(_) => None,
    }
}

/// The condition of a domain over a column of a table.
fn condition_over(
    catalog: &Catalog,
    table: &TableEntry,
    at: usize,
    text: &str,
) -> Result<Expression<String>> {
    let seen = table.columns.iter().enumerate().map(|(position, entry)| Seen {
        name: if position == at { "value".to_owned() } else { entry.name.clone() },
        ty: entry.ty.clone(),
        affinity: entry.affinity,
        collation: entry.collation,
    });
    let seen: Vec<Seen> = seen.collect();
    let (settings, statement) = (Settings::default(), parse::parse("SELECT 1", Dialect::Postgres)?);
    let mut binder = Binder::new(&statement[0], catalog, Dialect::Postgres, &settings, &[]);
    let tree = parse::expression(text, Dialect::Postgres)?;
    let condition = condition(&mut binder, &tree, &table.name, &seen, Clause::Check, "CHECK")?;
    let column = &table.columns[at].name;
    Ok(condition
        .try_map(&mut |name: String| Ok(if name == "value" { column.clone() } else { name }))?)
}

/// A condition with the names of columns for their positions.
fn named(table: &TableEntry, condition: &Expression) -> bourse::Result<Expression<String>> {
    condition.clone().try_map(&mut |column: BoundColumn| {
        let entry = table.columns.get(usize::from(column.position));
        Ok(entry.map(|entry| entry.name.clone()).unwrap_or_default())
    })
}
