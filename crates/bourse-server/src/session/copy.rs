//! COPY by messages.
//!
//! ```text
//! COPY TO STDOUT    CopyOutResponse, CopyData..., CopyDone, CommandComplete
//! COPY FROM STDIN   CopyInResponse; then the client's CopyData..., and CopyDone or CopyFail
//! ```

use bourse_sql::bind::SessionStatement;
use bourse_sql::connection::PreparedStatement;
use bourse_sql::copy::CopyIn;
use bourse_sql::error::{Result, SqlError};
use bourse_sql::parse::CopyFormat;

use super::measure::Measure;
use super::rows::gone;
use super::simple::Rest;
use super::{After, CHUNK, Session};
use crate::pipe::Pipe;
use crate::wire::backend;
use crate::wire::frontend::Message;

/// A COPY FROM STDIN whose rows come by messages.
pub(super) struct Copying {
    copy: CopyIn,
    measure: Measure,
    text: String,
    /// What comes after it in its Query; `None` where a series of messages began it.
    pub(super) rest: Option<Rest>,
}

/// How a COPY went.
pub(super) enum Begun {
    /// It waits for rows.
    Reads,
    /// It has sent so many.
    Wrote(u64),
}

impl Session {
    /// Begins a COPY, and does all of it where it is one to the client; `None` for other
    /// statements.
    pub(super) fn copy(
        &mut self,
        statement: &PreparedStatement,
        pipe: &Pipe,
    ) -> Result<Option<Begun>> {
        match statement.session() {
            Some(SessionStatement::CopyIn { .. }) => {
                let copy = self.connection.begin_copy_in(statement)?;
                let is_binary = copy.format() == CopyFormat::Binary;
                backend::copy_response(&mut self.out, b'G', is_binary, copy.columns());
                self.sendable = self.out.len();
                let text = statement.text().to_owned();
                let measure = Measure::begin(self, &text);
                self.copying = Some(Copying { copy, measure, text, rest: None });
                Ok(Some(Begun::Reads))
            }
            Some(SessionStatement::CopyOut { .. }) => {
                self.copy_out(statement, pipe).map(|rows| Some(Begun::Wrote(rows)))
            }
            _ => Ok(None),
        }
    }

    fn copy_out(&mut self, statement: &PreparedStatement, pipe: &Pipe) -> Result<u64> {
        let copy = self.connection.begin_copy_out(statement)?;
        let is_binary = copy.format() == CopyFormat::Binary;
        backend::copy_response(&mut self.out, b'H', is_binary, copy.columns());
        let out = &mut self.out;
        let rows = copy.run(&self.connection, |chunk| {
            backend::copy_data(out, chunk);
            if out.len() >= CHUNK {
                let full = std::mem::replace(out, Vec::with_capacity(CHUNK + CHUNK / 8));
                pipe.send(full).map_err(|_| gone())?;
            }
            Ok(())
        })?;
        backend::copy_done(&mut self.out);
        self.tell_notices();
        backend::command_complete(&mut self.out, &format!("COPY {rows}"));
        Ok(rows)
    }

    /// A message in the midst of a COPY FROM STDIN.
    pub(super) fn copy_message(&mut self, message: Message, pipe: &Pipe) -> After {
        let Some(mut copying) = self.copying.take() else { return After::Continue };
        let result = match message {
            Message::Terminate => return After::End,
            // What belongs to no COPY, and is sent by clients that do not wait for its end.
            Message::Flush | Message::Sync => {
                self.copying = Some(copying);
                return After::Continue;
            }
            Message::CopyData(bytes) => match copying.copy.push(&self.connection, &bytes) {
                Ok(()) => {
                    self.copying = Some(copying);
                    return After::Continue;
                }
                Err(error) => Err(error),
            },
            Message::CopyDone => {
                let Copying { copy, measure, text, rest } = copying;
                let result = copy.finish(&self.connection);
                measure.end(self, &text, *result.as_ref().unwrap_or(&0), result.as_ref().err());
                return self.copied(result, rest, pipe);
            }
            Message::CopyFail(reason) => {
                Err(SqlError::new("57014", format!("COPY from stdin failed: {reason}")))
            }
            _ => Err(SqlError::new("08P01", "unexpected message type during COPY from stdin")),
        };
        let Copying { measure, text, rest, .. } = copying;
        measure.end(self, &text, 0, result.as_ref().err());
        self.copied(result, rest, pipe)
    }

    /// The end of a COPY FROM STDIN.
    fn copied(&mut self, result: Result<u64>, rest: Option<Rest>, pipe: &Pipe) -> After {
        match (result, rest) {
            (Ok(rows), rest) => {
                self.tell_notices();
                backend::command_complete(&mut self.out, &format!("COPY {rows}"));
                if let Some(rest) = rest {
                    self.go_on(rest, pipe);
                }
            }
            (Err(error), Some(_)) => {
                self.tell(&error);
                self.end_query();
            }
            (Err(error), None) => self.in_series(Err(error)),
        }
        After::Continue
    }
}
