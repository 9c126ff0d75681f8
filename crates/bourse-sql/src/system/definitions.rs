//! The texts that make objects again: indexes, constraints, views.

use bourse::IndexDefinition;
use bourse::schema::{Action, IndexKey, Timing};

use super::System;
use super::expressions::Writer;
use super::objects::{Class, Constraint, ConstraintKind, UserTypeKind, What, parent_columns};
use crate::catalog::{Catalog, TableEntry};
use crate::function::quote_identifier;

/// Names of columns, in quotes where they need them, with commas between.
fn names(table: &TableEntry, positions: &[u16]) -> String {
    let name = |at: &u16| match table.columns.get(usize::from(*at)) {
        Some(column) => quote_identifier(&column.name).to_string(),
        None => "?".to_owned(),
    };
    positions.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// One part of an index's key; `options` adds its order and collation.
fn key_part(table: &TableEntry, index: &IndexDefinition, at: usize, options: bool) -> String {
    let Some(part) = index.columns.get(at) else { return String::new() };
    let mut text = match &part.key {
        IndexKey::Column(column) => names(table, std::slice::from_ref(column)),
        IndexKey::Expression(expression) => {
            let text = Writer::new(table, false).text(expression);
            let bare = Writer::is_call(expression) || text.starts_with('(');
            if bare { text } else { format!("({text})") }
        }
    };
    if !options {
        return text;
    }
    let own = part.column().and_then(|column| table.columns.get(usize::from(column)));
    if own.is_some_and(|own| own.collation != part.collation) {
        text.push_str(&format!(" COLLATE {}", part.collation.to_string().to_lowercase()));
    }
    if part.descending {
        text.push_str(" DESC");
    }
    text
}

impl System {
    /// The statement that makes an index; of its column alone, counted from 1, if one is named.
    pub(crate) fn index_text(
        &self,
        oid: u32,
        column: usize,
        pretty: bool,
        path: &[String],
    ) -> Option<String> {
        let class = self.objects.class(oid)?;
        let What::Index(table, at) = &class.what else { return None };
        let definition = table.table.definition();
        let index = at.and_then(|at| definition.indexes.get(at));
        let keys = definition.primary_key_positions();
        if column > 0 {
            let included = |index: &IndexDefinition| {
                let at = column.checked_sub(index.columns.len() + 1)?;
                index.include.get(at).map(|column| names(table, std::slice::from_ref(column)))
            };
            return match index {
                Some(index) if column <= index.columns.len() => {
                    Some(key_part(table, index, column - 1, false))
                }
                Some(index) => included(index),
                None => keys.get(column - 1).map(|key| names(table, std::slice::from_ref(key))),
            };
        }
        let parts = match index {
            Some(index) => {
                let parts = (0..index.columns.len()).map(|at| key_part(table, index, at, true));
                parts.collect::<Vec<_>>().join(", ")
            }
            None => names(table, keys),
        };
        let of = self.objects.class_of_table(table.table.name())?;
        let visible = pretty && self.class_is_visible(of, path);
        let on = self.qualified(of.namespace, &of.name, visible);
        let unique = if index.is_none_or(|index| index.unique) { "UNIQUE " } else { "" };
        let name = quote_identifier(&class.name);
        let mut text = format!("CREATE {unique}INDEX {name} ON {on} USING btree ({parts})");
        if let Some(index) = index {
            if !index.include.is_empty() {
                text.push_str(&format!(" INCLUDE ({})", names(table, &index.include)));
            }
            if let Some(predicate) = &index.predicate {
                let predicate = Writer::new(table, pretty).text(predicate);
                text.push_str(&format!(" WHERE {predicate}"));
            }
        }
        Some(text)
    }

    /// The condition of a partial index.
    pub(crate) fn predicate_text(&self, class: &Class, pretty: bool) -> Option<String> {
        let What::Index(table, Some(at)) = &class.what else { return None };
        let index = table.table.definition().indexes.get(*at)?;
        Some(Writer::new(table, pretty).text(index.predicate.as_ref()?))
    }

    /// The computed parts of an index's key.
    pub(crate) fn index_expressions(&self, class: &Class) -> Option<String> {
        let What::Index(table, Some(at)) = &class.what else { return None };
        let index = table.table.definition().indexes.get(*at)?;
        let computed = index.columns.iter().filter_map(|part| match &part.key {
            IndexKey::Expression(expression) => Some(Writer::new(table, false).text(expression)),
            IndexKey::Column(_) => None,
        });
        let computed: Vec<String> = computed.collect();
        (!computed.is_empty()).then(|| computed.join(", "))
    }

    /// The condition of a CHECK.
    pub(crate) fn check_text(&self, constraint: &Constraint, pretty: bool) -> Option<String> {
        match constraint.what {
            ConstraintKind::Check(at) => {
                let table = self.table_of(constraint)?;
                let check = table.table.definition().checks.get(at)?;
                Some(Writer::new(table, pretty).text(&check.condition))
            }
            ConstraintKind::Domain(at) => {
                let domain = self.objects.types.iter().find(|ty| ty.oid == constraint.domain)?;
                let UserTypeKind::Domain(_, note) = &domain.what else { return None };
                let (_, condition) = note.checks.get(at)?;
                Some(if pretty { condition.clone() } else { format!("({condition})") })
            }
            _ => None,
        }
    }

    /// The table that has a constraint.
    pub(crate) fn table_of(&self, constraint: &Constraint) -> Option<&TableEntry> {
        match &self.objects.class(constraint.table)?.what {
            What::Table(table) => Some(table),
            _ => None,
        }
    }

    /// A constraint as it is written in a definition.
    pub(crate) fn constraint_text(
        &self,
        oid: u32,
        pretty: bool,
        path: &[String],
        catalog: &Catalog,
    ) -> Option<String> {
        let constraint = self.objects.constraints.iter().find(|known| known.oid == oid)?;
        let table = || self.table_of(constraint);
        Some(match constraint.what {
            ConstraintKind::Primary => {
                let table = table()?;
                let key = names(table, &table.primary_key_positions());
                format!("PRIMARY KEY ({key})")
            }
            ConstraintKind::Unique(at) => {
                let table = table()?;
                let index = table.table.definition().indexes.get(at)?;
                let columns: Vec<u16> = index.columns.iter().filter_map(|c| c.column()).collect();
                format!("UNIQUE ({})", names(table, &columns))
            }
            ConstraintKind::Check(_) | ConstraintKind::Domain(_) => {
                format!("CHECK ({})", self.check_text(constraint, pretty)?)
            }
            ConstraintKind::Foreign(at) => {
                let table = table()?;
                let key = table.table.definition().foreign_keys.get(at)?;
                let parent = catalog.table_of_store(&key.parent)?;
                let of = self.objects.class_of_table(&key.parent)?;
                let visible = self.class_is_visible(of, path);
                let mut text = format!(
                    "FOREIGN KEY ({}) REFERENCES {}({})",
                    names(table, &key.columns),
                    self.qualified(of.namespace, &of.name, visible),
                    names(parent, &parent_columns(parent, key)),
                );
                for (what, action) in [("UPDATE", key.on_update), ("DELETE", key.on_delete)] {
                    if let Some(action) = action_text(action) {
                        text.push_str(&format!(" ON {what} {action}"));
                    }
                }
                text.push_str(match key.timing {
                    Timing::Immediate => "",
                    Timing::Deferrable => " DEFERRABLE",
                    Timing::Deferred => " DEFERRABLE INITIALLY DEFERRED",
                });
                text
            }
        })
    }

    /// The query of a view.
    pub(crate) fn view_text(&self, oid: u32) -> Option<String> {
        match &self.objects.class(oid)?.what {
            What::View(view) => Some(format!(" {};", view.note.query)),
            What::System(relation) => relation.query.map(|query| format!(" {query}")),
            What::Aggregate(view) => Some(format!(" {};", aggregate_text(view))),
            _ => None,
        }
    }
}

/// What an aggregate view computes, as a query.
fn aggregate_text(view: &bourse::View) -> String {
    let columns = view.columns().iter().map(|column| quote_identifier(&column.name).to_string());
    format!("SELECT {}", columns.collect::<Vec<_>>().join(", "))
}

fn action_text(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}

/// The letter of an action in `pg_constraint`.
pub(super) fn action_letter(action: Action) -> &'static str {
    match action {
        Action::NoAction => "a",
        Action::Restrict => "r",
        Action::Cascade => "c",
        Action::SetNull => "n",
        Action::SetDefault => "d",
    }
}
