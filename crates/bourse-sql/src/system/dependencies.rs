//! What hangs on what: `pg_depend` and `pg_rewrite`, as far as it decides in which order things are
//! made again.

use super::objects::{Class, ConstraintKind, What, default_number, rule_number};
use super::rows::{Maker, oid, text};
use super::{Source, expressions};
use crate::algebra::{Query, Rel, Visit};
use crate::datum::Datum;

/// Numbers of the catalogs that objects are in.
const CLASS: u32 = 1259;
const CONSTRAINT: u32 = 2606;
const DEFAULT: u32 = 2604;
const REWRITE: u32 = 2618;

/// The tables that a query reads, as the store names them.
pub(super) fn tables_of(query: &Query) -> Vec<String> {
    struct Tables(Vec<String>);
    impl Visit for Tables {
        fn rel(&mut self, rel: &Rel) {
            let name = match rel {
                Rel::Scan(scan) => scan.table.name(),
                Rel::Groups(scan) => &scan.view.definition().table,
                _ => return,
            };
            if !self.0.iter().any(|known| known == name) {
                self.0.push(name.to_owned());
            }
        }
    }
    let mut tables = Tables(Vec::new());
    query.visit_query(&mut tables);
    tables.0
}

/// One object, or a column of one.
#[derive(Clone, Copy)]
struct Object {
    class: u32,
    number: u32,
    column: usize,
}

const fn object(class: u32, number: u32, column: usize) -> Object {
    Object { class, number, column }
}

/// Who hangs on whom, and how: `a` goes with it, `i` is a part of it, `n` keeps it.
type Push<'p> = &'p mut dyn FnMut(Object, Object, &str);

pub(super) fn pg_depend(source: &Source<'_>) -> Maker {
    let columns =
        ["classid", "objid", "objsubid", "refclassid", "refobjid", "refobjsubid", "deptype"];
    let mut maker = Maker::new(source.relation, &columns);
    let mut push = |of: Object, on: Object, kind: &str| {
        let column = |object: Object| super::rows::count(object.column);
        maker.push([
            oid(of.class),
            oid(of.number),
            column(of),
            oid(on.class),
            oid(on.number),
            column(on),
            text(kind),
        ]);
    };
    of_constraints(source, &mut push);
    for class in &source.system.objects.classes {
        of_class(source, class, &mut push);
    }
    maker
}

fn of_constraints(source: &Source<'_>, push: Push<'_>) {
    for constraint in &source.system.objects.constraints {
        let own = object(CONSTRAINT, constraint.oid, 0);
        let Some(table) = source.system.table_of(constraint) else { continue };
        let definition = table.table.definition();
        let on = |position: u16| object(CLASS, constraint.table, usize::from(position) + 1);
        match constraint.what {
            ConstraintKind::Primary => {
                table.primary_key_positions().iter().for_each(|at| push(own, on(*at), "a"));
                push(object(CLASS, constraint.index, 0), own, "i");
            }
            ConstraintKind::Unique(at) => {
                let columns = definition.indexes[at].columns.iter();
                columns.filter_map(|part| part.column()).for_each(|at| push(own, on(at), "a"));
                push(object(CLASS, constraint.index, 0), own, "i");
            }
            ConstraintKind::Check(at) => {
                let condition = &definition.checks[at].condition;
                condition.for_each_column(&mut |column| push(own, on(column.position), "a"));
            }
            ConstraintKind::Foreign(at) => {
                let columns = &definition.foreign_keys[at].columns;
                columns.iter().for_each(|at| push(own, on(*at), "a"));
                push(own, object(CLASS, constraint.index, 0), "n");
            }
            ConstraintKind::Domain(_) => {}
        }
    }
}

fn of_class(source: &Source<'_>, class: &Class, push: Push<'_>) {
    let objects = &source.system.objects;
    match &class.what {
        What::Table(table) => {
            for at in 0..table.columns.len() {
                let Some(text) = expressions::default_text(table, at) else { continue };
                let default = object(DEFAULT, default_number(class.oid, at), 0);
                push(default, object(CLASS, class.oid, at + 1), "a");
                // So pg_dump writes the sequence between the table and the DEFAULT.
                if let Some(sequence) = sequence_of(source, &text) {
                    push(default, object(CLASS, sequence, 0), "n");
                }
            }
        }
        What::View(_) => {
            let rule = object(REWRITE, rule_number(class.oid), 0);
            push(rule, object(CLASS, class.oid, 0), "i");
            let shape = source.system.view_shape(class.oid, source.catalog);
            let tables = shape.map(|shape| shape.tables.as_slice()).unwrap_or_default();
            for table in tables.iter().filter_map(|table| objects.class_of_table(table)) {
                push(rule, object(CLASS, table.oid, 0), "n");
            }
        }
        What::Sequence(sequence) => {
            let Some((table, column)) = &sequence.note.owner else { return };
            let Some(of) = objects.class_of_table(table) else { return };
            let What::Table(entry) = &of.what else { return };
            let at = entry.columns.iter().position(|c| c.name.eq_ignore_ascii_case(column));
            let Some(at) = at else { return };
            let is_identity = entry.columns[at].note.identity.is_some();
            let kind = if is_identity { "i" } else { "a" };
            push(object(CLASS, class.oid, 0), object(CLASS, of.oid, at + 1), kind);
        }
        _ => {}
    }
}

/// The number of the sequence whose next value a DEFAULT is.
fn sequence_of(source: &Source<'_>, default: &str) -> Option<u32> {
    let is_it = |class: &&Class| match &class.what {
        What::Sequence(sequence) => sequence.is_asked_by(default),
        _ => false,
    };
    source.system.objects.classes.iter().find(is_it).map(|class| class.oid)
}

pub(super) fn pg_rewrite(source: &Source<'_>) -> Maker {
    let columns = ["oid", "rulename", "ev_class", "ev_type", "ev_enabled", "is_instead"];
    let mut maker = Maker::new(source.relation, &columns);
    for class in &source.system.objects.classes {
        if matches!(class.kind(), "v" | "m") && !matches!(class.what, What::System(_)) {
            maker.push([
                oid(rule_number(class.oid)),
                text("_RETURN"),
                oid(class.oid),
                text("1"),
                text("O"),
                Datum::Boolean(true),
            ]);
        }
    }
    maker
}
