//! Changes of definitions: indexes made and dropped, tables made, filled at once, emptied and
//! dropped, columns that come and go.
//!
//! One client does them, so their names tell what must be there: it works on one object at a time,
//! and before it begins with one it looks what became of it, also before a crash.

use bourse::schema::{Column, Default, IndexBuilder};
use bourse::{Alteration, Error, IndexDefinition, LoadOrder, Result, Truncate, Type, Value};
use bourse_storage::sync;
use std::time::Duration;

use super::{Client, Size};
use crate::aged;
use crate::rows::{ADDED, Image, Kind, RowKey, definition, row_values, with_added};
use crate::views;

/// The table that is filled at once.
pub(crate) const LOADED: &str = "loaded";
/// The fact that it has rows.
pub(crate) const LOADED_ROWS: &str = "rows of loaded";
/// The column that comes and goes, before it gets its second name and after.
pub(crate) const COLUMNS: [&str; 2] = ["added", "renamed"];
/// The index that comes and goes.
pub(crate) const EXTRA: &str = "extra";

/// The values of one of its rows, of `count` in all; ascending by key.
fn loaded_row(number: i64, count: i64) -> Vec<Value> {
    let key = RowKey { kind: Kind::Account, lane: number * 7 / count, id: number };
    let image = Image { client: 0, seq: 0, value: number * 31 % 101, note_bytes: 900 };
    row_values(key, Some(number), 1, &image)
}

impl Client {
    pub(super) fn change_definitions(&mut self) -> Result<()> {
        // What a bulk load logs at once does not fit into a tiny file of the log.
        let kinds = if self.shared.size == Size::Small { 4 } else { 6 };
        match self.random.below(kinds + 1) {
            kind if kind == kinds => aged::work(&self.store, &mut self.random)?,
            0 | 1 => self.change_index()?,
            2 => self.change_columns()?,
            3 => self.change_view()?,
            _ => self.change_table()?,
        }
        self.shared.history.count_operation();
        Ok(())
    }

    fn change_index(&mut self) -> Result<()> {
        let (table, columns) = match self.random.below(3) {
            0 => ("account", ["version", "client"]),
            1 => ("trade", ["client", "value"]),
            _ => ("journal", ["seq", "client"]),
        };
        let known = self.store.table(table)?;
        let there = known.definition().index(EXTRA).is_some();
        let fact = format!("index {EXTRA} of {table}");
        self.shared.history.decide(&fact, None);
        if there {
            self.store.drop_index(table, EXTRA)?;
            self.shared.history.decide(&fact, Some(false));
            return Ok(());
        }
        let mut index = IndexDefinition::on(EXTRA, columns).include(["note"]);
        if self.random.one_in(2) {
            index = index.global();
        }
        self.build(table, index, &fact)
    }

    /// Builds an index while the others write. Between two chunks the store is checked now and
    /// then: the index has the entries of the rows that the build has come to.
    fn build(&mut self, table: &str, index: IndexBuilder, fact: &str) -> Result<()> {
        let checks = self.random.one_in(3);
        let mut unsound = None;
        let built = self.store.create_index_with_progress(table, index, &mut |_| {
            self.check_between_chunks(checks, &mut unsound);
        });
        if let Some(finding) = unsound {
            self.violate("check finds nothing", finding);
        }
        match built {
            Ok(()) => self.shared.history.decide(fact, Some(true)),
            Err(error) if error.sqlstate() == "55006" => {
                self.shared.history.decide(fact, Some(false));
                self.build_on()?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// An index that an earlier boot left half-built is in the way: it is being built on, or waits
    /// for that.
    fn build_on(&mut self) -> Result<()> {
        match self.store.resume_index_builds(&mut |_| {}) {
            Err(error) if error.sqlstate() != "55006" => Err(error),
            _ => Ok(()),
        }
    }

    /// A column comes and gets another name; in the table that only this client writes it gets a
    /// wider type and goes too. All rows have its DEFAULT, those written before it came and those
    /// written since, by clients that do not know of it among them.
    fn change_columns(&mut self) -> Result<()> {
        let name = ["account", "item", "trade", "journal", LOADED][self.random.index(5)];
        let Ok(table) = self.store.table(name) else { return Ok(()) };
        let has = |column: &str| table.definition().position(column).is_ok();
        let rename = |from: &str, to: &str| {
            let (from, to) = (from.to_owned(), to.to_owned());
            Alteration::RenameColumn { from, to }
        };
        let [first, second] = COLUMNS;
        let (alterations, there) = if has(first) {
            let column = first.to_owned();
            let mut alterations = vec![rename(first, second)];
            if name == LOADED {
                let wider = Alteration::SetType { column, data_type: Type::BigInt };
                alterations.insert(0, wider);
            }
            (alterations, [false, true])
        } else if !has(second) {
            let default = Some(Default::Constant(ADDED.into()));
            let column = Column { default, not_null: true, ..Column::new(first, Type::Integer) };
            (vec![Alteration::AddColumn(column)], [true, false])
        } else if name == LOADED {
            (vec![Alteration::DropColumn(second.to_owned())], [false, false])
        } else {
            (vec![rename(second, first)], [true, false])
        };
        let before = COLUMNS.map(has);
        self.decide_columns(name, None);
        match self.store.alter_table(name, &alterations) {
            Ok(()) => self.decide_columns(name, Some(there)),
            Err(error) if error.sqlstate() == "55006" => {
                self.decide_columns(name, Some(before));
                self.build_on()?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// What is known of a table's columns that come and go.
    fn decide_columns(&self, table: &str, there: Option<[bool; 2]>) {
        for (at, column) in COLUMNS.into_iter().enumerate() {
            let fact = format!("column {column} of {table}");
            self.shared.history.decide(&fact, there.map(|there| there[at]));
        }
    }

    /// A view comes and goes, over rows that others write and over those of the table that is
    /// filled at once.
    fn change_view(&mut self) -> Result<()> {
        let table = ["account", "journal", LOADED][self.random.index(3)];
        if self.store.table(table).is_err() {
            return Ok(());
        }
        let name = views::moving(table);
        let there = self.store.view(&name).is_ok();
        let group = if self.random.one_in(2) { "lane" } else { "client" };
        self.decide_view(&name, None);
        if there {
            self.store.drop_view(&name)?;
            self.decide_view(&name, Some(false));
            return Ok(());
        }
        let checks = self.random.one_in(3);
        let (mut unsound, mut chunks) = (None, 0_u32);
        let view = views::definition(&name, table, group);
        let view = if self.random.one_in(2) { view.owned() } else { view };
        let built = self.store.create_view_with_progress(&view, &mut |_| {
            // Not behind each of the many chunks of a large table.
            chunks += 1;
            self.check_between_chunks(checks && chunks.is_power_of_two(), &mut unsound);
        });
        if let Some(finding) = unsound {
            self.violate("check finds nothing", finding);
        }
        match built {
            Ok(_) => self.decide_view(&name, Some(true)),
            Err(error) if error.sqlstate() == "55006" => {
                self.decide_view(&name, Some(false));
                self.build_on()?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// What keeps the check from looking ends the build too.
    fn check_between_chunks(&self, checks: bool, unsound: &mut Option<String>) {
        if checks
            && unsound.is_none()
            && let Ok(report) = self.store.check(&mut |_| {})
        {
            *unsound = report.findings.first().map(ToString::to_string);
        }
    }

    fn decide_view(&self, name: &str, there: Option<bool>) {
        self.shared.history.decide(&format!("view {name}"), there);
    }

    fn change_table(&mut self) -> Result<()> {
        let Ok(table) = self.store.table(LOADED) else {
            let indexes = vec![
                IndexDefinition::on("by_value", ["value"]),
                IndexDefinition::on("by_id", ["id"]).unique(),
            ];
            self.decide([None, None]);
            self.decide_columns(LOADED, None);
            self.store.create_table(&definition(LOADED, false, indexes)?)?;
            self.decide([Some(true), Some(false)]);
            self.decide_columns(LOADED, Some([false, false]));
            return Ok(());
        };
        if self.store.cut().count(&table)? > 0 {
            if self.random.one_in(2) {
                self.decide([Some(true), None]);
                match self.store.truncate(&Truncate::of([LOADED])) {
                    Ok(()) => self.decide([Some(true), Some(false)]),
                    // A view of it that an earlier boot left half-built.
                    Err(error) if error.sqlstate() == "55006" => {
                        self.decide([Some(true), Some(true)]);
                        self.build_on()?;
                    }
                    Err(error) => return Err(error),
                }
                return Ok(());
            }
            let view = views::moving(LOADED);
            if self.store.view(&view).is_ok() {
                self.decide_view(&view, None);
                self.store.drop_view(&view)?;
                self.decide_view(&view, Some(false));
            }
            self.decide([None, None]);
            self.decide_columns(LOADED, None);
            self.store.drop_table(LOADED)?;
            self.decide([Some(false), Some(false)]);
            return Ok(());
        }
        let count = self.shared.size.loaded_rows();
        let store = self.store.clone();
        let rows = (0..count).map(|number| {
            // Checkpoints in between must keep the log that the load needs.
            if number == count * 3 / 4 || number == count - 1 {
                sync::sleep(Duration::from_micros(300));
                store.checkpoint()?;
            }
            Ok::<_, Error>(with_added(&table, loaded_row(number, count)))
        });
        self.decide([Some(true), None]);
        self.store.bulk_load(&table, LoadOrder::Sorted, rows)?;
        self.decide([Some(true), Some(true)]);
        Ok(())
    }

    /// What is known of the loaded table: whether it is there, whether it has rows.
    fn decide(&self, [there, has_rows]: [Option<bool>; 2]) {
        self.shared.history.decide(LOADED, there);
        self.shared.history.decide(LOADED_ROWS, has_rows);
    }
}
