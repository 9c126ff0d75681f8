//! Statements about the session.

use super::Connection;
use super::cursors::Declaration;
use super::owned::Done;
use super::prepared::text_column;
use super::run::Take;
use crate::algebra::OutputColumn;
use crate::bind::SessionStatement;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::parse::{Control, Maintenance};
use crate::settings::Settings;

/// What is told of a statement without rows.
pub(super) fn told(tag: &str) -> Result<Done> {
    Ok(Done { tag: tag.to_owned(), changed: 0 })
}

/// The words with which a statement's tag begins.
pub(super) fn tag_of(statement: &SessionStatement) -> &'static str {
    match statement {
        SessionStatement::Control(control) => tag_of_control(control),
        SessionStatement::SetConstraints { .. } => "SET CONSTRAINTS",
        SessionStatement::Prepare { .. } => "PREPARE",
        SessionStatement::Execute { .. } => "EXECUTE",
        SessionStatement::Declare { .. } => "DECLARE CURSOR",
        SessionStatement::Lock { .. } => "LOCK TABLE",
        SessionStatement::Maintenance { what, .. } => tag_of_maintenance(*what),
        SessionStatement::CopyIn { .. } | SessionStatement::CopyOut { .. } => "COPY",
        SessionStatement::Role(role) => role.tag(),
    }
}

pub(super) fn tag_of_maintenance(what: Maintenance) -> &'static str {
    match what {
        Maintenance::Vacuum | Maintenance::VacuumAnalyze => "VACUUM",
        Maintenance::Analyze => "ANALYZE",
        Maintenance::Reindex => "REINDEX",
        Maintenance::Cluster => "CLUSTER",
        Maintenance::Checkpoint => "CHECKPOINT",
    }
}

fn tag_of_control(control: &Control) -> &'static str {
    match control {
        Control::Nothing | Control::Pragma { .. } => "",
        Control::Begin { .. } => "BEGIN",
        Control::Commit { .. } => "COMMIT",
        Control::Rollback { .. } | Control::RollbackTo(_) => "ROLLBACK",
        Control::Savepoint(_) => "SAVEPOINT",
        Control::Release(_) => "RELEASE",
        Control::SetTransaction { .. } | Control::Set { .. } => "SET",
        Control::Show(_) => "SHOW",
        Control::Reset(_) => "RESET",
        Control::Deallocate(None) => "DEALLOCATE ALL",
        Control::Deallocate(Some(_)) => "DEALLOCATE",
        Control::Fetch { skip: true, .. } => "MOVE",
        Control::Fetch { .. } => "FETCH",
        Control::Close(None) => "CLOSE CURSOR ALL",
        Control::Close(Some(_)) => "CLOSE CURSOR",
        Control::Listen(_) => "LISTEN",
        Control::Unlisten(_) => "UNLISTEN",
        Control::Notify { .. } => "NOTIFY",
        Control::Discard(_) => "DISCARD",
        Control::CheckView(_) => "CHECK VIEW",
    }
}

impl Connection {
    /// The columns of what a statement about the session shows.
    pub(super) fn session_columns(
        &self,
        statement: &SessionStatement,
    ) -> Result<Vec<OutputColumn>> {
        Ok(match statement {
            SessionStatement::Control(Control::Show(name)) if name == "all" => {
                ["name", "setting", "description"].map(text_column).into()
            }
            SessionStatement::Control(Control::Show(name)) => {
                vec![text_column(Settings::shown_name(name))]
            }
            SessionStatement::Control(Control::CheckView(_)) => {
                ["view", "states"].map(text_column).into()
            }
            SessionStatement::Control(Control::Fetch { name, skip: false, .. }) => {
                self.cursor_columns(name)?
            }
            SessionStatement::Execute { name, .. } => self.columns_of_named(name)?,
            _ => Vec::new(),
        })
    }

    /// Does what a statement about the session says, whose text this is.
    pub(super) fn session(
        &self,
        statement: &SessionStatement,
        text: &str,
        parameters: &[Datum],
        take: &mut Take<'_>,
    ) -> Result<Done> {
        match statement {
            SessionStatement::Control(control) => return self.control(control, take),
            _ => self.check_open()?,
        }
        match statement {
            SessionStatement::Prepare { name, types, statement } => {
                self.prepare_named(name, types, statement)
            }
            SessionStatement::Execute { name, arguments } => {
                self.execute_named(name, arguments.as_deref(), parameters, take)
            }
            SessionStatement::Declare { name, binary, scroll, hold, statement } => {
                let (binary, scroll, hold) = (*binary, *scroll, *hold);
                let cursor = Declaration { name, binary, scroll, hold, text, statement };
                self.declare(&cursor, parameters)
            }
            SessionStatement::Lock { tables, mode, nowait } => {
                self.lock_tables(tables, mode, *nowait)
            }
            SessionStatement::SetConstraints { names, deferred } => {
                self.check_deferrable(names)?;
                if let Some(open) = &mut *self.open.borrow_mut() {
                    if *deferred {
                        open.transaction.defer_constraints()?;
                    } else {
                        open.transaction.check_constraints()?;
                    }
                }
                told("SET CONSTRAINTS")
            }
            SessionStatement::Maintenance { what, .. } => self.maintain(*what),
            SessionStatement::Role(role) => {
                self.check_open()?;
                self.role_statement(role)
            }
            _ => Err(not_in_process()),
        }
    }

    fn control(&self, control: &Control, take: &mut Take<'_>) -> Result<Done> {
        match control {
            Control::Begin { .. }
            | Control::Commit { .. }
            | Control::Rollback { .. }
            | Control::Savepoint(_)
            | Control::Release(_)
            | Control::RollbackTo(_)
            | Control::SetTransaction { .. } => return self.transaction_statement(control),
            _ => self.check_open()?,
        }
        match control {
            Control::Set { local, name, values } => self.set(*local, name, values.as_deref())?,
            Control::Show(name) if name == "all" => self.show_all(take)?,
            Control::Show(name) => {
                let value = self.show(name)?;
                take(&mut [Datum::text(&value)].iter())?;
            }
            Control::Reset(name) => self.reset(name.as_deref())?,
            Control::Deallocate(name) => return self.deallocate(name.as_deref()),
            Control::Fetch { name, count, skip } => return self.fetch(name, *count, *skip, take),
            Control::Close(name) => return self.close_cursor(name.as_deref()),
            Control::Listen(channel) => self.state.listen(channel),
            Control::Unlisten(channel) => self.state.unlisten(channel.as_deref()),
            Control::Notify { channel, payload } => self.state.notify(channel, payload)?,
            Control::Discard(what) => return self.discard(what),
            Control::CheckView(name) => self.check_view(name, take)?,
            _ => {}
        }
        told(tag_of_control(control))
    }
}

fn not_in_process() -> SqlError {
    SqlError::unsupported("this statement is not supported in process")
}

/// What a statement in a failed transaction is told.
pub(super) fn failed() -> SqlError {
    let message = "current transaction is aborted, commands ignored until end of transaction block";
    SqlError::new("25P02", message)
}

impl Connection {
    /// Refuses names of constraints that SET CONSTRAINTS is not about.
    fn check_deferrable(&self, names: &[String]) -> Result<()> {
        let catalog = self.catalog()?;
        for name in names {
            let tables = catalog.tables();
            let mut keys = tables.iter().flat_map(|table| &table.table.definition().foreign_keys);
            if let Some(key) = keys.find(|key| key.name == *name) {
                if key.timing == bourse::schema::Timing::Immediate {
                    let message = format!("constraint \"{name}\" is not deferrable");
                    return Err(SqlError::new("42809", message));
                }
                continue;
            }
            let is_other = tables.iter().any(|table| {
                let definition = table.table.definition();
                definition.index(name).is_some()
                    || definition.checks.iter().any(|check| check.name == *name)
                    || table.key_name() == *name
            });
            return Err(match is_other {
                true => SqlError::new("42809", format!("constraint \"{name}\" is not deferrable")),
                false => SqlError::new("42704", format!("constraint \"{name}\" does not exist")),
            });
        }
        Ok(())
    }
}
