//! `pg_constraint`.

use bourse::schema::Timing;

use super::Source;
use super::definitions::action_letter;
use super::objects::{ConstraintKind, parent_columns};
use super::rows::{Maker, maybe, oid, text};
use crate::datum::Datum;
use crate::define::constraint::MATCH_FULL;

fn numbers(positions: &[u16]) -> Datum {
    Datum::list(positions.iter().map(|at| Datum::Integer(i64::from(*at) + 1)).collect())
}

/// What a foreign key says beside what all constraints do.
struct Foreign {
    parent: u32,
    update: &'static str,
    delete: &'static str,
    matching: &'static str,
    parent_key: Datum,
    timing: Timing,
}

impl Foreign {
    /// Of a constraint that is none.
    fn none() -> Foreign {
        Foreign {
            parent: 0,
            update: " ",
            delete: " ",
            matching: " ",
            parent_key: Datum::Null,
            timing: Timing::Immediate,
        }
    }

    fn of(source: &Source<'_>, key: &bourse::ForeignKey) -> Foreign {
        let class = source.system.objects.class_of_table(&key.parent);
        let parent = source.catalog.table_of_store(&key.parent);
        let columns = parent.map(|parent| parent_columns(parent, key));
        Foreign {
            parent: class.map_or(0, |class| class.oid),
            update: action_letter(key.on_update),
            delete: action_letter(key.on_delete),
            matching: match is_full(source, key) {
                true => "f",
                false => "s",
            },
            parent_key: numbers(&columns.unwrap_or_default()),
            timing: key.timing,
        }
    }
}

/// Whether a foreign key is MATCH FULL.
fn is_full(source: &Source<'_>, key: &bourse::ForeignKey) -> bool {
    let name = format!("{}{MATCH_FULL}", key.name);
    source.catalog.tables().iter().any(|table| {
        let definition = table.table.definition();
        definition.foreign_keys.iter().any(|own| std::ptr::eq(own, key))
            && definition.checks.iter().any(|check| check.name == name)
    })
}

/// The columns that a condition is about, each once.
fn columns_of(condition: &bourse::Expression) -> Vec<u16> {
    let mut columns: Vec<u16> = Vec::new();
    condition.for_each_column(&mut |column| {
        if !columns.contains(&column.position) {
            columns.push(column.position);
        }
    });
    columns
}

const COLUMNS: [&str; 17] = [
    "oid",
    "conname",
    "connamespace",
    "contype",
    "condeferrable",
    "condeferred",
    "conrelid",
    "contypid",
    "conindid",
    "confrelid",
    "confupdtype",
    "confdeltype",
    "confmatchtype",
    "connoinherit",
    "conkey",
    "confkey",
    "conbin",
];

pub(super) fn pg_constraint(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &COLUMNS)
        .always("convalidated", Datum::Boolean(true))
        .always("conislocal", Datum::Boolean(true));
    for constraint in &source.system.objects.constraints {
        let table = source.system.table_of(constraint);
        let definition = table.map(|table| table.table.definition());
        let mut foreign = Foreign::none();
        let (kind, key) = match (constraint.what, definition) {
            (ConstraintKind::Primary, _) => {
                let positions = table.map(|table| table.primary_key_positions());
                ("p", numbers(&positions.unwrap_or_default()))
            }
            (ConstraintKind::Unique(at), Some(d)) => {
                let columns = d.indexes[at].columns.iter().filter_map(|part| part.column());
                ("u", numbers(&columns.collect::<Vec<_>>()))
            }
            (ConstraintKind::Check(at), Some(d)) => {
                ("c", numbers(&columns_of(&d.checks[at].condition)))
            }
            (ConstraintKind::Foreign(at), Some(d)) => {
                foreign = Foreign::of(source, &d.foreign_keys[at]);
                ("f", numbers(&d.foreign_keys[at].columns))
            }
            _ => ("c", Datum::Null),
        };
        maker.push([
            oid(constraint.oid),
            text(&constraint.name),
            oid(constraint.namespace),
            text(kind),
            Datum::Boolean(foreign.timing != Timing::Immediate),
            Datum::Boolean(foreign.timing == Timing::Deferred),
            oid(constraint.table),
            oid(constraint.domain),
            oid(constraint.index),
            oid(foreign.parent),
            text(foreign.update),
            text(foreign.delete),
            text(foreign.matching),
            Datum::Boolean(kind != "c"),
            key,
            foreign.parent_key,
            maybe(source.system.check_text(constraint, false)),
        ]);
    }
    maker
}
