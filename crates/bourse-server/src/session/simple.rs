//! Query: statements in one text. Several of them are one transaction, also definitions, but for
//! those few that could not be taken back: they are committed with what came before them.

use std::collections::VecDeque;

use bourse_sql::bind::SessionStatement;
use bourse_sql::connection::{PreparedStatement, StatementKind, StatementText};
use bourse_sql::error::Result;

use super::Session;
use super::copy::Begun;
use super::measure::Measure;
use super::rows::{Codes, RowWriter};
use crate::pipe::Pipe;
use crate::wire::backend;

/// What is left of a Query.
pub(super) struct Rest {
    parts: VecDeque<StatementText>,
    is_one: bool,
}

/// How a statement of a Query went.
enum Step {
    /// It is done, with so many rows.
    Done(u64),
    /// It reads what the client sends next.
    Copies,
}

impl Session {
    /// Runs a text of statements.
    pub(super) fn simple(&mut self, text: &str, pipe: &Pipe) {
        let parts = match self.connection.split(text) {
            Ok(parts) => parts,
            Err(error) => {
                self.tell(&error);
                self.end_query();
                return;
            }
        };
        if parts.is_empty() {
            backend::empty_query(&mut self.out);
            self.end_query();
            return;
        }
        let is_one = parts.len() == 1;
        self.go_on(Rest { parts: parts.into(), is_one }, pipe);
    }

    /// Runs what is left of a Query.
    pub(super) fn go_on(&mut self, mut rest: Rest, pipe: &Pipe) {
        while let Some(part) = rest.parts.pop_front() {
            match self.part(&part, rest.is_one, pipe) {
                Ok(Step::Done(_)) => {}
                Ok(Step::Copies) => {
                    if let Some(copying) = &mut self.copying {
                        copying.rest = Some(rest);
                    }
                    return;
                }
                Err(error) => {
                    self.tell(&error);
                    break;
                }
            }
        }
        self.end_query();
    }

    pub(super) fn end_query(&mut self) {
        if let Err(error) = self.connection.end_implicit() {
            self.tell(&error);
        }
        self.ready();
    }

    fn part(&mut self, part: &StatementText, is_one: bool, pipe: &Pipe) -> Result<Step> {
        let measure = Measure::begin(self, part.text());
        let result = self.part_measured(part, is_one, pipe);
        let rows = match &result {
            Ok(Step::Done(rows)) => *rows,
            Ok(Step::Copies) => return result,
            Err(_) => 0,
        };
        measure.end(self, part.text(), rows, result.as_ref().err());
        result
    }

    fn part_measured(&mut self, part: &StatementText, is_one: bool, pipe: &Pipe) -> Result<Step> {
        if !is_one {
            self.connection.begin_implicit()?;
        }
        let statement = self.connection.prepare_part(part, &[])?;
        match self.copy(&statement, pipe)? {
            Some(Begun::Reads) => return Ok(Step::Copies),
            Some(Begun::Wrote(rows)) => return Ok(Step::Done(rows)),
            None => {}
        }
        if statement.is_empty() {
            backend::empty_query(&mut self.out);
            return Ok(Step::Done(0));
        }
        if self.move_portal(&statement)? {
            return Ok(Step::Done(0));
        }
        self.connection.before_part(&statement)?;
        let codes = Codes::new(&self.connection, statement.columns(), &[])?;
        if statement.returns_rows() {
            codes.describe(&self.connection, &mut self.out, statement.columns())?;
        }
        let mut writer = RowWriter::new(&mut self.out, pipe, &codes);
        let done =
            self.connection.run_owned(&statement, Vec::new(), &mut |row| writer.take(row))?;
        let rows = writer.rows().max(done.changed);
        self.after(&statement);
        self.tell_notices();
        backend::command_complete(&mut self.out, &done.tag);
        Ok(Step::Done(rows))
    }

    /// Sees to what a statement has changed of the session.
    pub(super) fn after(&mut self, statement: &PreparedStatement) {
        // Functions can set something too.
        if statement.kind() == StatementKind::Session || statement.text().contains("set_config") {
            self.is_changed = true;
            if matches!(statement.session(), Some(SessionStatement::Role(_))) {
                self.shared.roles_changed();
            }
            self.take_dialect();
        }
    }
}
