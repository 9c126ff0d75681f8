//! Messages of the server, appended to a buffer.

use bourse_sql::error::SqlError;
use bourse_sql::session::Notice;

/// How a transaction stands, in ReadyForQuery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TransactionState {
    /// None is open.
    Idle,
    /// One is open.
    Open,
    /// One is open, and has failed.
    Failed,
}

impl TransactionState {
    fn letter(self) -> u8 {
        match self {
            TransactionState::Idle => b'I',
            TransactionState::Open => b'T',
            TransactionState::Failed => b'E',
        }
    }
}

/// A column as RowDescription tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColumnDescription<'c> {
    pub(crate) name: &'c str,
    /// Number of the relation that it is read from; 0 for none.
    pub(crate) table: u32,
    /// Number of the relation's column.
    pub(crate) number: u16,
    pub(crate) ty: ColumnType,
    /// 1 for binary.
    pub(crate) format: i16,
}

/// The type of a column as RowDescription tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ColumnType {
    /// Number of its type.
    pub(crate) oid: u32,
    /// Bytes of a value; negative where they vary.
    pub(crate) size: i16,
    /// Length, precision and their like; -1 for none.
    pub(crate) modifier: i32,
}

/// Begins a message; returns where, for [`end`].
pub(crate) fn begin(out: &mut Vec<u8>, kind: u8) -> usize {
    out.push(kind);
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    at
}

/// Ends the message that began there: its length is known now.
pub(crate) fn end(out: &mut [u8], at: usize) {
    // Messages are parts of a statement's memory, which is far below 4 GiB.
    let length = u32::try_from(out.len() - at).unwrap_or(u32::MAX);
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    // A zero would end the text before its end.
    out.extend(text.bytes().filter(|byte| *byte != 0));
    out.push(0);
}

/// A message without a body.
pub(crate) fn bare(out: &mut Vec<u8>, kind: u8) {
    out.extend_from_slice(&[kind, 0, 0, 0, 4]);
}

/// ParseComplete.
pub(crate) fn parse_complete(out: &mut Vec<u8>) {
    bare(out, b'1');
}

/// BindComplete.
pub(crate) fn bind_complete(out: &mut Vec<u8>) {
    bare(out, b'2');
}

/// CloseComplete.
pub(crate) fn close_complete(out: &mut Vec<u8>) {
    bare(out, b'3');
}

/// NoData: what was described gives no rows.
pub(crate) fn no_data(out: &mut Vec<u8>) {
    bare(out, b'n');
}

/// PortalSuspended: there may be more rows.
pub(crate) fn portal_suspended(out: &mut Vec<u8>) {
    bare(out, b's');
}

/// EmptyQueryResponse.
pub(crate) fn empty_query(out: &mut Vec<u8>) {
    bare(out, b'I');
}

/// CopyDone.
pub(crate) fn copy_done(out: &mut Vec<u8>) {
    bare(out, b'c');
}

/// ReadyForQuery.
pub(crate) fn ready(out: &mut Vec<u8>, state: TransactionState) {
    out.extend_from_slice(&[b'Z', 0, 0, 0, 5, state.letter()]);
}

/// CommandComplete, with the tag of what was done.
pub(crate) fn command_complete(out: &mut Vec<u8>, tag: &str) {
    let at = begin(out, b'C');
    text(out, tag);
    end(out, at);
}

/// ParameterStatus.
pub(crate) fn parameter_status(out: &mut Vec<u8>, name: &str, value: &str) {
    let at = begin(out, b'S');
    text(out, name);
    text(out, value);
    end(out, at);
}

/// BackendKeyData: what a cancel request must name.
pub(crate) fn key_data(out: &mut Vec<u8>, process: u32, secret: u32) {
    let at = begin(out, b'K');
    out.extend_from_slice(&process.to_be_bytes());
    out.extend_from_slice(&secret.to_be_bytes());
    end(out, at);
}

/// ParameterDescription: the types of a statement's parameters.
pub(crate) fn parameter_description(out: &mut Vec<u8>, types: impl ExactSizeIterator<Item = u32>) {
    let at = begin(out, b't');
    count(out, types.len());
    for oid in types {
        out.extend_from_slice(&oid.to_be_bytes());
    }
    end(out, at);
}

fn count(out: &mut Vec<u8>, count: usize) {
    // The store has at most 1,600 columns in a table; a result of more is refused before.
    out.extend_from_slice(&u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes());
}

/// RowDescription: name, origin, type and format of each column.
pub(crate) fn row_description<'c>(
    out: &mut Vec<u8>,
    columns: impl ExactSizeIterator<Item = ColumnDescription<'c>>,
) {
    let at = begin(out, b'T');
    count(out, columns.len());
    for column in columns {
        text(out, column.name);
        out.extend_from_slice(&column.table.to_be_bytes());
        out.extend_from_slice(&column.number.to_be_bytes());
        out.extend_from_slice(&column.ty.oid.to_be_bytes());
        out.extend_from_slice(&column.ty.size.to_be_bytes());
        out.extend_from_slice(&column.ty.modifier.to_be_bytes());
        out.extend_from_slice(&column.format.to_be_bytes());
    }
    end(out, at);
}

/// Begins a DataRow of so many columns; [`end`] ends it.
pub(crate) fn begin_row(out: &mut Vec<u8>, columns: usize) -> usize {
    let at = begin(out, b'D');
    count(out, columns);
    at
}

/// A NULL in a row.
pub(crate) fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(&(-1_i32).to_be_bytes());
}

/// Begins a value in a row; [`end_value`] ends it.
pub(crate) fn begin_value(out: &mut Vec<u8>) -> usize {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    at
}

/// Ends the value that began there.
pub(crate) fn end_value(out: &mut [u8], at: usize) {
    let length = u32::try_from(out.len() - at - 4).unwrap_or(u32::MAX);
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
}

/// CopyInResponse (`G`) or CopyOutResponse (`H`).
pub(crate) fn copy_response(out: &mut Vec<u8>, kind: u8, is_binary: bool, columns: usize) {
    let at = begin(out, kind);
    let format = u8::from(is_binary);
    out.push(format);
    count(out, columns);
    for _ in 0..columns {
        out.extend_from_slice(&[0, format]);
    }
    end(out, at);
}

/// CopyData.
pub(crate) fn copy_data(out: &mut Vec<u8>, bytes: &[u8]) {
    let at = begin(out, b'd');
    out.extend_from_slice(bytes);
    end(out, at);
}

/// NotificationResponse.
pub(crate) fn notification(out: &mut Vec<u8>, process: u32, channel: &str, payload: &str) {
    let at = begin(out, b'A');
    out.extend_from_slice(&process.to_be_bytes());
    text(out, channel);
    text(out, payload);
    end(out, at);
}

/// NegotiateProtocolVersion: the newest minor version, and options that are not known.
pub(crate) fn negotiate(out: &mut Vec<u8>, minor: u32, unknown: &[String]) {
    let at = begin(out, b'v');
    out.extend_from_slice(&minor.to_be_bytes());
    out.extend_from_slice(&u32::try_from(unknown.len()).unwrap_or(0).to_be_bytes());
    for name in unknown {
        text(out, name);
    }
    end(out, at);
}

/// Authentication: a step of it, by PostgreSQL's number of the step.
pub(crate) fn authentication(out: &mut Vec<u8>, step: u32, body: &[u8]) {
    let at = begin(out, b'R');
    out.extend_from_slice(&step.to_be_bytes());
    out.extend_from_slice(body);
    end(out, at);
}

fn field(out: &mut Vec<u8>, code: u8, value: &str) {
    out.push(code);
    text(out, value);
}

/// Severity of an error after which the connection goes on, and of one that ends it.
pub(crate) const ERROR: &str = "ERROR";
/// See [`ERROR`].
pub(crate) const FATAL: &str = "FATAL";

/// ErrorResponse.
pub(crate) fn error(out: &mut Vec<u8>, severity: &str, error: &SqlError) {
    let at = begin(out, b'E');
    head(out, severity, error.sqlstate(), error.message());
    if let Some(detail) = error.detail() {
        field(out, b'D', detail);
    }
    if let Some(hint) = error.hint() {
        field(out, b'H', hint);
    }
    if let Some(position) = error.position() {
        field(out, b'P', &position.to_string());
    }
    if let Some(context) = error.context() {
        field(out, b'W', context);
    }
    if error.is_result_changed() {
        // asyncpg and pgjdbc know by PostgreSQL's routine that they may prepare anew.
        field(out, b'R', "RevalidateCachedQuery");
    }
    if let Some(violation) = error.violation() {
        // The store's names of tables in schemas other than `public` have the schema before a dot.
        let (schema, table) =
            violation.table.split_once('.').unwrap_or(("public", &violation.table));
        field(out, b's', schema);
        field(out, b't', table);
        if let ([column], "23502") = (violation.columns.as_slice(), error.sqlstate()) {
            field(out, b'c', column);
        } else if !violation.constraint.is_empty() {
            field(out, b'n', &violation.constraint);
        }
    }
    out.push(0);
    end(out, at);
}

/// NoticeResponse.
pub(crate) fn notice(out: &mut Vec<u8>, notice: &Notice) {
    let at = begin(out, b'N');
    head(out, notice.severity, notice.sqlstate, &notice.message);
    if let Some(detail) = &notice.detail {
        field(out, b'D', detail);
    }
    if let Some(hint) = &notice.hint {
        field(out, b'H', hint);
    }
    out.push(0);
    end(out, at);
}

fn head(out: &mut Vec<u8>, severity: &str, sqlstate: &str, message: &str) {
    field(out, b'S', severity);
    field(out, b'V', severity);
    field(out, b'C', sqlstate);
    field(out, b'M', message);
}
