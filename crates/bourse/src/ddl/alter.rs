//! ALTER TABLE: columns that come, go, and get other names, types, defaults; tables, indexes and
//! constraints that get other names.
//!
//! All alterations of one call are worked into a copy of the definition first, then what they owe
//! to rows and entries follows, in one record:
//!
//! | alteration | rows | indexes |
//! |---|---|---|
//! | names, defaults | nothing | nothing |
//! | add, drop, widen a column | keep their layout | are built anew where entries change |
//! | SET NOT NULL | are looked at | those on the column are built anew: a NULL takes a byte |
//! | any other type | are written anew | are built anew |
//!
//! Invariants:
//! - **A1** Primary key and shard key say where a row lies: an alteration never changes their
//!   bytes.
//! - **A2** In `Altering`, `table`, `reading` and `marks` have the same columns.
//! - **A3** Whoever depends on a column that goes is named in the refusal, or goes with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bourse_storage::{Error, Result};

use super::build::refuse_under_build;
use super::views::AlteredViews;
use super::{Changes, change_all, constraints, detach, rewrite};
use crate::catalog::{Catalog, TableInfo};
use crate::database::Database;
use crate::datetime::wall_clock_ns;
use crate::defaults;
use crate::expression::{BoundColumn, Expression};
use crate::index::IndexInfo;
use crate::row::{lies_alike, widens};
use crate::schema::{
    CheckConstraint, Column, Default, ForeignKey, IndexDefinition, TableDefinition, resolve,
};
use crate::shard::ShardState;
use crate::value::{Collation, Type, Value};

/// One change of a table, for [`Database::alter_table`]. Columns, indexes and constraints are named
/// as they are when their turn comes; ASCII case does not matter.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Alteration {
    /// Adds a column behind the others. Rows that are there read its DEFAULT, as it is now.
    AddColumn(Column),
    /// Drops a column, with the indexes and constraints that involve no other.
    DropColumn(String),
    /// Drops a column with all that depends on it, foreign keys of other tables too.
    DropColumnCascade(String),
    /// Gives a column another name.
    RenameColumn {
        /// The name that it has.
        from: String,
        /// The name that it gets.
        to: String,
    },
    /// Gives the table another name.
    Rename(String),
    /// Gives an index another name.
    RenameIndex {
        /// The name that it has.
        from: String,
        /// The name that it gets.
        to: String,
    },
    /// Gives a CHECK or a foreign key another name.
    RenameConstraint {
        /// The name that it has.
        from: String,
        /// The name that it gets.
        to: String,
    },
    /// Gives a column another type. Values are converted as CAST does.
    SetType {
        /// The column.
        column: String,
        /// Its type from now on.
        data_type: Type,
    },
    /// Gives a column another DEFAULT. Rows that are there stay as they are.
    SetDefault {
        /// The column.
        column: String,
        /// A constant, or the time.
        default: Default,
    },
    /// Takes a column its DEFAULT.
    DropDefault(String),
    /// Has a column refuse NULL.
    SetNotNull(String),
    /// Has a column take NULL.
    DropNotNull(String),
}

impl Database {
    /// Changes a table's definition, all alterations at once or none.
    ///
    /// Adding, dropping and widening columns (SMALLINT to INTEGER to BIGINT, REAL to DOUBLE,
    /// DECIMAL and TIMESTAMP to more digits) touches no row. Where an index on the column has other
    /// bytes then, it is built anew; any other change of a type writes the rows anew; SET NOT NULL
    /// looks at them: writers wait meanwhile.
    ///
    /// # Errors
    /// `InvalidInput`: 42P01, 42703, 42704 for what does not exist, 42701, 42P07, 42710 for a name
    /// that is taken, 2BP01 with the name of what depends on a column to drop, or of a
    /// view that reads a column to drop, rename or convert, 42846 for a type
    /// that values cannot be converted to, 0A000 for what is not possible: a generated column,
    /// another layout of primary key or shard key. `Constraint`: 23502 for a row with a NULL,
    /// 23514, 23505 for rows that break a constraint when converted. `Busy` (55006) while an index
    /// of the table is under build.
    pub fn alter_table(&self, table: &str, alterations: &[Alteration]) -> Result<()> {
        change_all(self.core(), |catalog, states| {
            let info = catalog.table_named(table)?;
            refuse_under_build(catalog, info.id())?;
            let mut altering = Altering::new(catalog, info);
            alterations.iter().try_for_each(|alteration| altering.take(alteration))?;
            altering.finish(states)
        })
    }
}

/// What became of a column.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    /// Type and NOT NULL of before; none for a column that was added.
    before: Option<(Type, bool)>,
    /// Rows are written anew, with its values converted.
    pub(super) converted: bool,
    /// That no row has a NULL is to be shown.
    pub(super) must_hold: bool,
}

/// A table while it is altered.
pub(super) struct Altering<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) info: &'c Arc<TableInfo>,
    /// As it will be.
    pub(super) table: TableDefinition,
    /// As the rows of before are read: without indexes and constraints, and without conversions.
    pub(super) reading: TableDefinition,
    pub(super) marks: Vec<Mark>,
    /// Other tables whose definitions change along.
    others: BTreeMap<u32, TableDefinition>,
    pub(super) views: AlteredViews,
    has_new_layout: bool,
}

impl<'c> Altering<'c> {
    fn new(catalog: &'c Catalog, info: &'c Arc<TableInfo>) -> Altering<'c> {
        let table = info.definition.clone();
        let mut reading = table.clone();
        reading.indexes.clear();
        reading.checks.clear();
        reading.foreign_keys.clear();
        let mark = |column: &Column| Mark {
            before: Some((column.data_type, column.not_null)),
            ..Mark::default()
        };
        let marks = table.columns.iter().map(mark).collect();
        let (others, views) = (BTreeMap::new(), AlteredViews::of(catalog, info));
        Altering { catalog, info, table, reading, marks, others, views, has_new_layout: false }
    }

    fn take(&mut self, alteration: &Alteration) -> Result<()> {
        match alteration {
            Alteration::AddColumn(column) => self.add_column(column.clone()),
            Alteration::DropColumn(name) => self.drop_column(name, Dependents::Refuse),
            Alteration::DropColumnCascade(name) => self.drop_column(name, Dependents::Go),
            Alteration::RenameColumn { from, to } => self.rename_column(from, to),
            Alteration::Rename(to) => self.rename(to),
            Alteration::RenameIndex { from, to } => {
                let mut indexes = self.table.indexes.iter_mut();
                let index = indexes.find(|index| index.name.eq_ignore_ascii_case(from));
                let name = index.map(|index| &mut index.name);
                to.clone_into(name.ok_or_else(|| missing("index", from, &self.info.definition))?);
                Ok(())
            }
            Alteration::RenameConstraint { from, to } => {
                let checks = self.table.checks.iter_mut().map(|check| &mut check.name);
                let keys = self.table.foreign_keys.iter_mut().map(|key| &mut key.name);
                let name = checks.chain(keys).find(|name| name.eq_ignore_ascii_case(from));
                let lost = || missing("constraint", from, &self.info.definition);
                to.clone_into(name.ok_or_else(lost)?);
                Ok(())
            }
            Alteration::SetType { column, data_type } => self.set_type(column, *data_type),
            Alteration::SetDefault { column, default } => self.set_default(column, default.clone()),
            Alteration::DropDefault(column) => {
                self.table.column_mut(column)?.default = None;
                Ok(())
            }
            Alteration::SetNotNull(column) => self.set_nullable(column, false),
            Alteration::DropNotNull(column) => self.set_nullable(column, true),
        }
    }

    /// Rows are written in a new layout from here on; one for all alterations of the call.
    fn begin_layout(&mut self) -> Result<()> {
        if !self.has_new_layout {
            self.table.begin_layout()?;
            self.reading.begin_layout()?;
            self.has_new_layout = true;
        }
        Ok(())
    }

    fn add_column(&mut self, mut column: Column) -> Result<()> {
        let data_type = column.data_type;
        data_type.check()?;
        match &mut column.default {
            Some(default) if default.makes_ids() => return Err(no_ids(&column.name)),
            Some(Default::Constant(value)) => *value = data_type.coerce(std::mem::take(value))?,
            _ => {}
        }
        // As in PostgreSQL, the time of rows that are there is that of the alteration.
        let now = wall_clock_ns();
        column.missing = data_type.coerce(defaults::default_of(&column, now))?;
        let must_hold = column.not_null && column.missing.is_null();
        self.begin_layout()?;
        self.reading.columns.push(column.clone());
        self.table.columns.push(column);
        self.marks.push(Mark { must_hold, ..Mark::default() });
        Ok(())
    }

    fn drop_column(&mut self, name: &str, dependents: Dependents) -> Result<()> {
        let gone = self.table.position(name)?;
        let what = format!("column {name} of table {}", self.table.name);
        if self.places_rows(gone) {
            let message = format!("cannot drop {what}: it is in the primary key or the shard key");
            return Err(Error::invalid(message).with_sqlstate("0A000"));
        }
        match dependents {
            Dependents::Refuse => self.views.check_unread(&what, gone, "dropped")?,
            Dependents::Go => {
                self.views.check_not_looked_up(&what, gone, "dropped")?;
                self.views.drop_readers(self.catalog, self.info, gone)?;
            }
        }
        let judge = |used: &[u16], dependent: String| -> Result<bool> {
            let goes = used.contains(&gone);
            if goes && used.len() > 1 && dependents == Dependents::Refuse {
                return Err(depends(&what, &dependent));
            }
            Ok(!goes)
        };
        let table = &mut self.table;
        let kept = |keep: Result<bool>, refused: &mut Result<()>| match keep {
            Ok(keep) => keep,
            Err(error) => {
                // The first one is named.
                if refused.is_ok() {
                    *refused = Err(error);
                }
                true
            }
        };
        let mut refused = Ok(());
        table.indexes.retain(|index| {
            kept(judge(&index.columns_used(), format!("index {}", index.name)), &mut refused)
        });
        table.checks.retain(|check| {
            kept(judge(&check.columns_used(), format!("constraint {}", check.name)), &mut refused)
        });
        table.foreign_keys.retain(|key| {
            kept(judge(&key.columns, format!("constraint {}", key.name)), &mut refused)
        });
        refused?;
        self.begin_layout()?;
        self.table.remove_column(gone);
        self.reading.remove_column(gone);
        self.views.remove_column(gone)?;
        self.marks.remove(usize::from(gone));
        // An index that is gone may have been the one that a foreign key needs.
        constraints::add_child_indexes(&mut self.table);
        self.drop_orphans(&what, dependents)
    }

    /// Foreign keys whose parent's key was on a column that is gone go too, or are in the way.
    fn drop_orphans(&mut self, what: &str, dependents: Dependents) -> Result<()> {
        for info in self.catalog.tables() {
            let child = self.definition(info).clone();
            let is_orphan = |key: &ForeignKey| {
                key.parent.eq_ignore_ascii_case(&self.table.name)
                    && resolve(key, &child, &self.table).is_err()
            };
            let Some(orphan) = child.foreign_keys.iter().find(|key| is_orphan(key)) else {
                continue;
            };
            if dependents == Dependents::Refuse {
                let dependent = format!("constraint {} on table {}", orphan.name, child.name);
                return Err(depends(what, &dependent));
            }
            let mut without = child.clone();
            without.foreign_keys.retain(|key| !is_orphan(key));
            *self.definition_mut(info) = without;
        }
        Ok(())
    }

    fn rename_column(&mut self, from: &str, to: &str) -> Result<()> {
        let position = self.table.position(from)?;
        let what = format!("column {from} of table {}", self.table.name);
        self.views.check_unread(&what, position, "renamed")?;
        let position = usize::from(position);
        to.clone_into(&mut self.table.columns[position].name);
        to.clone_into(&mut self.reading.columns[position].name);
        let table = self.table.name.clone();
        self.change_references(&table, |key| {
            let names = key.parent_columns.iter_mut();
            names
                .filter(|name| name.eq_ignore_ascii_case(from))
                .for_each(|name| to.clone_into(name));
        });
        Ok(())
    }

    fn rename(&mut self, to: &str) -> Result<()> {
        if !to.eq_ignore_ascii_case(&self.info.definition.name) {
            self.catalog.check_name_is_free(to)?;
        }
        let from = std::mem::replace(&mut self.table.name, to.to_owned());
        to.clone_into(&mut self.reading.name);
        self.change_references(&from, |key| to.clone_into(&mut key.parent));
        Ok(())
    }

    /// Changes the foreign keys of all tables that refer to this one, by that name.
    fn change_references(&mut self, name: &str, mut change: impl FnMut(&mut ForeignKey)) {
        for info in self.catalog.tables() {
            let refers = |key: &&mut ForeignKey| key.parent.eq_ignore_ascii_case(name);
            let mut child = self.definition(info).clone();
            child.foreign_keys.iter_mut().filter(refers).for_each(&mut change);
            if child != *self.definition(info) {
                *self.definition_mut(info) = child;
            }
        }
    }

    fn set_type(&mut self, name: &str, to: Type) -> Result<()> {
        to.check()?;
        let position = self.table.position(name)?;
        let at = usize::from(position);
        let from = self.table.columns[at].data_type;
        if from == to {
            return Ok(());
        }
        let what = format!("column {name} of table {}", self.table.name);
        self.views.check_unread(&what, position, "given another type")?;
        let alike = widens(from, to) && lies_alike(from, to);
        if !alike && self.places_rows(position) {
            return Err(not_possible(format!(
                "cannot make column {name} of table {} a {to}: it is in the primary key or the \
                 shard key, whose bytes place the rows; make a new table and copy them",
                self.table.name
            )));
        }
        if widens(from, to) && !self.marks[at].converted {
            if !alike {
                self.begin_layout()?;
            }
            self.reading.columns[at].data_type = to;
            let missing = &mut self.reading.columns[at].missing;
            *missing = to.coerce(std::mem::take(missing))?;
            return self.table.retype_column(position, to);
        }
        self.convert(position, to)
    }

    /// The column's values are converted, and all rows written anew.
    fn convert(&mut self, position: u16, to: Type) -> Result<()> {
        let at = usize::from(position);
        let column = &self.table.columns[at];
        if self.marks[at].converted {
            let message = format!("column {} cannot be converted twice at once", column.name);
            return Err(not_possible(message));
        }
        let is_parents = |key: &ForeignKey| {
            let named = |name: &String| name.eq_ignore_ascii_case(&column.name);
            key.parent.eq_ignore_ascii_case(&self.table.name)
                && key.parent_columns.iter().any(named)
        };
        let own = self.table.foreign_keys.iter().any(|key| key.columns.contains(&position));
        let mut others = self.catalog.tables().into_iter();
        let parent = others.any(|info| self.definition(info).foreign_keys.iter().any(is_parents));
        if own || parent {
            let message = format!(
                "column {} of table {} is part of a foreign key: drop that before the column is \
                 made a {to}",
                column.name, self.table.name
            );
            return Err(not_possible(message));
        }
        let (name, collation) = (column.name.clone(), column.collation);
        conversion(position, collation, to).type_of(&self.reading.columns)?;
        self.marks[at].converted = true;
        self.table.columns[at].missing = Value::Null;
        self.table.retype_column(position, to).map_err(|error| {
            Error::invalid(format!("column {name}: {}", error.message()))
                .with_sqlstate(error.sqlstate())
        })
    }

    fn set_default(&mut self, name: &str, default: Default) -> Result<()> {
        let column = self.table.column_mut(name)?;
        column.default = Some(match default {
            default if default.makes_ids() => return Err(no_ids(name)),
            Default::Constant(value) => Default::Constant(column.data_type.coerce(value)?),
            default => default,
        });
        Ok(())
    }

    fn set_nullable(&mut self, name: &str, nullable: bool) -> Result<()> {
        let position = self.table.position(name)?;
        let at = usize::from(position);
        if self.table.columns[at].not_null != nullable {
            return Ok(());
        }
        if self.info.definition.primary_key_positions().contains(&position) && nullable {
            let message = format!("column {name} is in a primary key");
            return Err(Error::invalid(message).with_sqlstate("42P16"));
        }
        if self.places_rows(position) {
            return Err(not_possible(format!(
                "cannot change NOT NULL of column {name} of table {}: it is in the shard key, \
                 whose bytes place the rows",
                self.table.name
            )));
        }
        self.table.columns[at].not_null = !nullable;
        self.marks[at].must_hold = !nullable;
        Ok(())
    }

    /// A1: whether a column says where rows lie.
    fn places_rows(&self, position: u16) -> bool {
        self.table.primary_key_positions().contains(&position)
            || self.table.shard_key.contains(&position)
    }

    /// A table's definition as it will be.
    fn definition<'d>(&'d self, info: &'d TableInfo) -> &'d TableDefinition {
        if info.id() == self.info.id() {
            return &self.table;
        }
        self.others.get(&info.id()).unwrap_or(&info.definition)
    }

    fn definition_mut(&mut self, info: &TableInfo) -> &mut TableDefinition {
        if info.id() == self.info.id() {
            return &mut self.table;
        }
        self.others.entry(info.id()).or_insert_with(|| info.definition.clone())
    }

    /// What commits the alterations.
    fn finish(mut self, states: &mut [&mut ShardState]) -> Result<Changes> {
        let converts = self.marks.iter().any(|mark| mark.converted);
        if converts {
            self.begin_layout()?;
            // Every row will have the new layout, and all columns.
            self.table.earlier_layouts.clear();
            self.table.columns.iter_mut().for_each(|column| column.missing = Value::Null);
        }
        self.table.version += 1;
        self.table.check()?;
        let mut next_object = self.catalog.next_object;
        let built = self.number_indexes(converts, &mut next_object);
        self.check_references()?;
        let gone = self.info.indexes.iter().map(IndexInfo::id);
        let gone = gone.filter(|id| self.table.indexes.iter().all(|index| index.id != *id));
        let mut follows = detach(gone, &mut next_object);
        follows.extend(self.views.detached(converts, &mut next_object));
        let marks = self.views.marks()?;
        let (owed, needs) = if converts {
            follows.extend(detach([self.info.id()], &mut next_object));
            rewrite::rows(&self, &built, states)?
        } else {
            rewrite::check_rows(&self, states)?;
            rewrite::indexes(&self, &built, states)?
        };
        follows.extend(owed);
        let forwarding = self.info.routing.forwarding();
        let mut definitions = vec![(self.info.id(), Some((self.table, forwarding)))];
        for (id, mut other) in self.others {
            other.version += 1;
            other.check()?;
            let forwarding = self.catalog.table(id)?.routing.forwarding();
            definitions.push((id, Some((other, forwarding))));
        }
        Ok(Changes { definitions, next_object, marks, follows, needs })
    }

    /// Numbers the indexes that are new, or whose entries are; returns these.
    fn number_indexes(&mut self, all: bool, next_object: &mut u32) -> Vec<u32> {
        let mut built = Vec::new();
        for at in 0..self.table.indexes.len() {
            let index = &self.table.indexes[at];
            if index.id == 0 || all || self.has_other_entries(index) {
                self.table.indexes[at].id = *next_object;
                built.push(*next_object);
                *next_object += 1;
            }
        }
        built
    }

    /// Whether an index's entries have other bytes than before.
    fn has_other_entries(&self, index: &IndexDefinition) -> bool {
        let computed = index.columns_computed_with();
        let of_key =
            |position: u16| index.columns.iter().any(|part| part.column() == Some(position));
        index.columns_used().into_iter().any(|position| {
            let column = &self.table.columns[usize::from(position)];
            let Some((data_type, not_null)) = self.marks[usize::from(position)].before else {
                return false;
            };
            !lies_alike(data_type, column.data_type)
                || data_type != column.data_type && computed.contains(&position)
                || not_null != column.not_null && of_key(position)
        })
    }

    /// Every foreign key, of this table and to it, has its key as before.
    fn check_references(&self) -> Result<()> {
        for info in self.catalog.tables() {
            let child = self.definition(info);
            for key in &child.foreign_keys {
                let parent = if key.parent.eq_ignore_ascii_case(&self.table.name) {
                    &self.table
                } else {
                    self.definition(self.catalog.table_named(&key.parent)?)
                };
                resolve(key, child, parent)?;
            }
        }
        Ok(())
    }

    /// The CHECKs that read a column of another type than before.
    pub(super) fn checks_to_ask(&self) -> impl Iterator<Item = &CheckConstraint> {
        let retyped = |position: u16| {
            let now = self.table.columns[usize::from(position)].data_type;
            self.marks[usize::from(position)].before.is_some_and(|(before, _)| before != now)
        };
        let checks = self.table.checks.iter();
        checks.filter(move |check| check.columns_used().into_iter().any(retyped))
    }
}

/// What becomes of those who depend on a column that is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dependents {
    /// They are in the way, unless they involve no other column.
    Refuse,
    /// They go too.
    Go,
}

/// A column's value as one of another type.
pub(super) fn conversion(position: u16, collation: Collation, to: Type) -> Expression {
    let column = Expression::Column(BoundColumn { position, collation });
    Expression::Cast(Box::new(column), to)
}

fn depends(what: &str, dependent: &str) -> Error {
    let message =
        format!("cannot drop {what} because {dependent} depends on it: drop it with CASCADE");
    Error::invalid(message).with_sqlstate("2BP01")
}

fn missing(what: &str, name: &str, table: &TableDefinition) -> Error {
    Error::invalid(format!("{what} \"{name}\" of relation \"{}\" does not exist", table.name))
        .with_sqlstate("42704")
}

fn no_ids(column: &str) -> Error {
    not_possible(format!(
        "column {column}: a table's generated ids are defined when it is made, with its primary key"
    ))
}

fn not_possible(message: String) -> Error {
    Error::invalid(message).with_sqlstate("0A000")
}
