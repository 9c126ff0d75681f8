//! What keeps a store in order, and what a session lets go of: VACUUM and its like, CHECK VIEW,
//! LOCK TABLE, DISCARD.

use bourse::Table;

use super::Connection;
use super::owned::Done;
use super::run::Take;
use super::session::{tag_of_maintenance, told};
use crate::Dialect;
use crate::catalog::Relation;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::parse::Maintenance;
use crate::session::{LockMode, LockName, Notice, Scope};

fn not_in_transaction(what: &str) -> SqlError {
    SqlError::new("25001", format!("{what} cannot run inside a transaction block"))
}

impl Connection {
    /// VACUUM and its like: the store does itself what they are for.
    pub(super) fn maintain(&self, what: Maintenance) -> Result<Done> {
        let tag = tag_of_maintenance(what);
        let alone = matches!(what, Maintenance::Vacuum | Maintenance::VacuumAnalyze);
        if alone && self.in_transaction() {
            return Err(match self.dialect {
                Dialect::Postgres => not_in_transaction(tag),
                Dialect::Sqlite => {
                    SqlError::new("25001", "cannot VACUUM from within a transaction")
                }
            });
        }
        if matches!(what, Maintenance::Analyze | Maintenance::VacuumAnalyze) {
            // What is planned from now on looks at the values anew.
            crate::plan::statistics::forget();
            self.change_meaning();
        }
        let why = match what {
            Maintenance::Checkpoint => {
                self.database.checkpoint()?;
                return told(tag);
            }
            Maintenance::Vacuum | Maintenance::VacuumAnalyze => {
                "pages of rows that are gone are used again by themselves"
            }
            Maintenance::Analyze => "samples of values are drawn when a statement is planned",
            Maintenance::Reindex => "indexes change with their rows, page by page",
            Maintenance::Cluster => "rows lie in the order of their primary keys",
        };
        if self.dialect == Dialect::Postgres {
            self.state.tell(Notice::told(format!("{tag} has nothing to do: {why}")));
        }
        told(tag)
    }

    /// CHECK VIEW.
    pub(super) fn check_view(&self, name: &str, take: &mut Take<'_>) -> Result<()> {
        let catalog = self.catalog()?;
        let kept = match catalog.relation(None, name, &self.settings.borrow()) {
            Some(Relation::View(view)) => view.note.kept_by().map(str::to_owned),
            _ => None,
        };
        let of_store = kept.as_deref().unwrap_or(name);
        let views = self.database.views();
        let view = views.iter().find(|view| view.name().eq_ignore_ascii_case(of_store));
        let Some(view) = view else {
            let message = format!("aggregate view \"{name}\" does not exist");
            return Err(SqlError::new("42P01", message));
        };
        let report = self.database.check_view(view)?;
        if let Some(first) = report.findings.first() {
            let count = report.findings.len();
            let message = format!("view \"{name}\" differs from its rows in {count} places");
            return Err(SqlError::new("XX001", message)
                .with_detail(format!("{}, {}: {}", first.tree, first.place, first.what))
                .with_hint(first.remedy));
        }
        for checked in &report.views {
            let row = [Datum::text(&checked.name), Datum::text(&checked.states.to_string())];
            take(&mut row.iter())?;
        }
        Ok(())
    }

    /// LOCK TABLE.
    pub(super) fn lock_tables(&self, tables: &[Table], mode: &str, nowait: bool) -> Result<Done> {
        if !self.in_transaction() {
            let message = "LOCK TABLE can only be used in transaction blocks";
            return Err(SqlError::new("25P01", message));
        }
        let mode = LockMode::of_words(mode)
            .ok_or_else(|| SqlError::new("42601", format!("there is no lock mode \"{mode}\"")))?;
        self.limits();
        for table in tables {
            let name = LockName::Table(table.name().to_ascii_lowercase());
            if !self.state.lock(name, mode, Scope::Transaction, !nowait)? {
                let message = format!("could not obtain lock on relation \"{}\"", table.name());
                return Err(SqlError::new("55P03", message));
            }
        }
        told("LOCK TABLE")
    }

    /// DISCARD.
    pub(super) fn discard(&self, what: &str) -> Result<Done> {
        match what {
            "plans" => self.plans.borrow_mut().clear(),
            "sequences" => self.state.forget_sequences(),
            "temp" | "temporary" => {
                if self.in_transaction() {
                    return Err(not_in_transaction("DISCARD TEMP"));
                }
                self.drop_temporary_tables();
            }
            "all" => {
                if self.in_transaction() {
                    return Err(not_in_transaction("DISCARD ALL"));
                }
                self.close_cursor(None)?;
                self.reset(None)?;
                self.deallocate(None)?;
                self.state.unlisten(None);
                self.state.unlock_all();
                self.state.forget_sequences();
                self.drop_temporary_tables();
                self.plans.borrow_mut().clear();
            }
            _ => {
                let message = format!("syntax error at or near \"{what}\"");
                return Err(SqlError::new("42601", message));
            }
        }
        let what = if what == "temporary" { "temp" } else { what };
        told(&format!("DISCARD {}", what.to_uppercase()))
    }
}
