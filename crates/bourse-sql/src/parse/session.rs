//! Statements about transactions, settings, cursors and the like, from their tokens.

use sqlparser::ast::{DataType, Expr, ObjectName};
use sqlparser::tokenizer::Token;

use super::copy::{self, Copy};
use super::cursor::Cursor;
use super::role::{self, RoleStatement};
use super::{Parsed, rest};
use crate::Dialect;
use crate::error::{Result, SqlError};

/// A statement about the session that names nothing of the catalog, and is the same once bound.
#[derive(Clone, Debug)]
pub enum Control {
    /// Nothing is done.
    Nothing,
    /// BEGIN, START TRANSACTION.
    Begin {
        /// SQLite's kind.
        kind: BeginKind,
        /// What is said of the transaction.
        modes: TransactionModes,
    },
    /// COMMIT, END.
    Commit {
        /// Another transaction begins.
        chain: bool,
    },
    /// ROLLBACK, ABORT.
    Rollback {
        /// Another transaction begins.
        chain: bool,
    },
    /// SAVEPOINT.
    Savepoint(String),
    /// RELEASE.
    Release(String),
    /// ROLLBACK TO.
    RollbackTo(String),
    /// SET TRANSACTION, SET SESSION CHARACTERISTICS.
    SetTransaction {
        /// For transactions to come.
        session: bool,
        /// What is said.
        modes: TransactionModes,
    },
    /// SET.
    Set {
        /// For this transaction alone.
        local: bool,
        /// Name in lower case.
        name: String,
        /// Values; none for DEFAULT.
        values: Option<Vec<String>>,
    },
    /// SHOW; `all` for all.
    Show(String),
    /// RESET; `None` for all.
    Reset(Option<String>),
    /// DEALLOCATE; `None` for all.
    Deallocate(Option<String>),
    /// FETCH, MOVE.
    Fetch {
        /// The cursor.
        name: String,
        /// Which rows.
        count: FetchCount,
        /// MOVE: they are not shown.
        skip: bool,
    },
    /// CLOSE; `None` for all.
    Close(Option<String>),
    /// LISTEN.
    Listen(String),
    /// UNLISTEN; `None` for all.
    Unlisten(Option<String>),
    /// NOTIFY.
    Notify {
        /// Channel.
        channel: String,
        /// What is told.
        payload: String,
    },
    /// CHECK VIEW: an aggregate view is computed anew, and compared.
    CheckView(String),
    /// DISCARD, by its word in lower case.
    Discard(String),
    /// PRAGMA.
    Pragma {
        /// Name in lower case.
        name: String,
        /// What is set or asked about.
        value: Option<PragmaValue>,
    },
}

/// A statement about the session, as it was written.
#[derive(Clone, Debug)]
pub enum Session {
    /// One in which there is nothing to bind.
    Control(Control),
    /// SET CONSTRAINTS.
    SetConstraints {
        /// Which; all without any.
        names: Vec<ObjectName>,
        /// Checked at commit.
        deferred: bool,
    },
    /// PREPARE.
    Prepare {
        /// Name.
        name: String,
        /// Types of the parameters that are said.
        types: Vec<DataType>,
        /// What is prepared.
        statement: Box<Parsed>,
    },
    /// EXECUTE.
    Execute {
        /// Name.
        name: String,
        /// Values of the parameters.
        arguments: Vec<Expr>,
    },
    /// DECLARE CURSOR.
    Declare {
        /// Name.
        name: String,
        /// Rows are sent in binary.
        binary: bool,
        /// SCROLL, NO SCROLL.
        scroll: Option<bool>,
        /// It outlives its transaction.
        hold: bool,
        /// The query.
        statement: Box<Parsed>,
    },
    /// LOCK TABLE.
    Lock {
        /// Tables.
        tables: Vec<ObjectName>,
        /// The mode in lower case: `access exclusive`, ...
        mode: String,
        /// An error, not a wait, if another has them.
        nowait: bool,
    },
    /// VACUUM and its like.
    Maintenance {
        /// Which.
        what: Maintenance,
        /// Which tables; all without any.
        tables: Vec<ObjectName>,
    },
    /// COPY.
    Copy(Copy),
    /// About roles.
    Role(RoleStatement),
}

impl From<Control> for Session {
    fn from(control: Control) -> Session {
        Session::Control(control)
    }
}

/// SQLite's kinds of BEGIN.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum BeginKind {
    /// Without a lock; PostgreSQL's.
    #[default]
    Deferred,
    /// Ready to write.
    Immediate,
    /// And alone.
    Exclusive,
}

/// How isolated a transaction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IsolationLevel {
    /// The same as READ COMMITTED, by another name.
    ReadUncommitted,
    /// Each statement sees what is committed by then.
    ReadCommitted,
    /// All statements see one state.
    RepeatableRead,
    /// As if transactions ran one after the other.
    Serializable,
}

impl IsolationLevel {
    /// The level of a name, as settings have it.
    pub fn of_name(name: &str) -> IsolationLevel {
        match name {
            "serializable" => IsolationLevel::Serializable,
            "repeatable read" => IsolationLevel::RepeatableRead,
            "read uncommitted" => IsolationLevel::ReadUncommitted,
            _ => IsolationLevel::ReadCommitted,
        }
    }

    /// Its name, as settings have it.
    pub fn name(self) -> &'static str {
        match self {
            IsolationLevel::ReadUncommitted => "read uncommitted",
            IsolationLevel::ReadCommitted => "read committed",
            IsolationLevel::RepeatableRead => "repeatable read",
            IsolationLevel::Serializable => "serializable",
        }
    }
}

/// What BEGIN says of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct TransactionModes {
    /// How isolated it is.
    pub isolation: Option<IsolationLevel>,
    /// Whether it may only read.
    pub read_only: Option<bool>,
    /// Whether it waits for a state that makes it safe.
    pub deferrable: Option<bool>,
}

/// Which rows of a cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FetchCount {
    /// So many from here, backwards if negative.
    Relative(i64),
    /// All from here.
    All,
    /// All before, backwards.
    BackwardAll,
    /// The one of that number, from the end if negative.
    Absolute(i64),
    /// The one that lies so far from here.
    Offset(i64),
}

/// A PRAGMA's value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PragmaValue {
    /// `= value`
    Set(String),
    /// `(value)`
    Of(String),
}

/// What keeps a store in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Maintenance {
    /// VACUUM.
    Vacuum,
    /// ANALYZE.
    Analyze,
    /// VACUUM ANALYZE.
    VacuumAnalyze,
    /// REINDEX.
    Reindex,
    /// CLUSTER.
    Cluster,
    /// CHECKPOINT.
    Checkpoint,
}

/// The statement, if it is about the session.
pub(super) fn read(cursor: &mut Cursor<'_>, parsed: &Parsed) -> Result<Option<Session>> {
    let place = cursor.place();
    let Some(Token::Word(word)) = cursor.peek() else { return Ok(None) };
    if word.quote_style.is_some() {
        return Ok(None);
    }
    let word = word.value.to_ascii_lowercase();
    cursor.next();
    let statement = match (word.as_str(), cursor.dialect()) {
        (
            "begin" | "start" | "commit" | "end" | "rollback" | "abort" | "savepoint" | "release",
            _,
        ) => transaction(cursor, &word)?,
        ("pragma", Dialect::Sqlite) => pragma(cursor)?,
        ("vacuum" | "analyze" | "reindex", Dialect::Sqlite) => maintenance(cursor, &word)?,
        ("attach" | "detach", Dialect::Sqlite) => {
            return Err(cursor
                .unsupported(format!("{} is not supported", word.to_uppercase()))
                .with_hint(
                    "A store is one database; open the other one with a connection of its own.",
                ));
        }
        (_, Dialect::Sqlite) => return back(cursor, place),
        ("vacuum" | "analyze" | "analyse" | "reindex" | "cluster" | "checkpoint", _) => {
            maintenance(cursor, &word)?
        }
        ("set", _) => set(cursor)?,
        ("show", _) => Control::Show(setting_name(cursor)?).into(),
        ("reset", _) => match setting_name(cursor)?.as_str() {
            "all" => Control::Reset(None).into(),
            name => Control::Reset(Some(name.to_owned())).into(),
        },
        ("prepare" | "execute" | "deallocate", _) => prepared(cursor, &word, parsed)?,
        ("declare" | "fetch" | "move" | "close", _) => cursors(cursor, &word, parsed)?,
        ("listen" | "unlisten" | "notify", _) => channel(cursor, &word)?,
        ("discard", _) => Control::Discard(cursor.name()?.to_ascii_lowercase()).into(),
        ("check", _) if cursor.take_word("view") => Control::CheckView(cursor.name()?).into(),
        ("lock", _) => lock(cursor)?,
        ("create" | "alter" | "drop" | "grant" | "revoke", _) => match role::read(cursor, &word)? {
            Some(statement) => Session::Role(statement),
            None => return back(cursor, place),
        },
        ("copy", _) => Session::Copy(copy::read(cursor, parsed)?),
        ("do", _) => {
            return Err(SqlError::unsupported(
                "DO is not supported: there is no procedural language",
            )
            .with_hint("Run the statements from the program."));
        }
        _ => return back(cursor, place),
    };
    cursor.expect_end()?;
    Ok(Some(statement))
}

fn back(cursor: &mut Cursor<'_>, place: usize) -> Result<Option<Session>> {
    cursor.go_back(place);
    Ok(None)
}

/// The name of a savepoint: one name whatever its case, in SQLite.
fn savepoint(cursor: &mut Cursor<'_>) -> Result<String> {
    let name = cursor.name()?;
    Ok(if cursor.dialect() == Dialect::Sqlite { name.to_ascii_lowercase() } else { name })
}

fn transaction(cursor: &mut Cursor<'_>, word: &str) -> Result<Session> {
    if word == "savepoint" {
        return Ok(Control::Savepoint(savepoint(cursor)?).into());
    }
    if word == "release" {
        cursor.take_word("savepoint");
        return Ok(Control::Release(savepoint(cursor)?).into());
    }
    if matches!(word, "begin" | "start") {
        let kind = match cursor.take_one_of(&["deferred", "immediate", "exclusive"]) {
            Some("immediate") => BeginKind::Immediate,
            Some("exclusive") => BeginKind::Exclusive,
            _ => BeginKind::Deferred,
        };
        if word == "start" {
            cursor.expect_word("transaction")?;
        } else {
            cursor.take_one_of(&["transaction", "work"]);
        }
        if cursor.dialect() == Dialect::Sqlite && !cursor.is_at_end() {
            cursor.name()?;
        }
        return Ok(Control::Begin { kind, modes: modes(cursor)? }.into());
    }
    cursor.take_one_of(&["transaction", "work"]);
    if matches!(word, "rollback" | "abort") && cursor.take_word("to") {
        cursor.take_word("savepoint");
        return Ok(Control::RollbackTo(savepoint(cursor)?).into());
    }
    if cursor.peek_word("prepared") {
        return Err(cursor.unsupported("prepared transactions are not supported"));
    }
    let mut chain = false;
    if cursor.take_word("and") {
        chain = !cursor.take_word("no");
        cursor.expect_word("chain")?;
    }
    Ok(match word {
        "commit" | "end" => Control::Commit { chain }.into(),
        _ => Control::Rollback { chain }.into(),
    })
}

fn modes(cursor: &mut Cursor<'_>) -> Result<TransactionModes> {
    let mut modes = TransactionModes::default();
    while !cursor.is_at_end() {
        if cursor.take_words(&["isolation", "level"]) {
            modes.isolation = Some(isolation(cursor)?);
        } else if cursor.take_words(&["read", "only"]) {
            modes.read_only = Some(true);
        } else if cursor.take_words(&["read", "write"]) {
            modes.read_only = Some(false);
        } else if cursor.take_word("deferrable") {
            modes.deferrable = Some(true);
        } else if cursor.take_words(&["not", "deferrable"]) {
            modes.deferrable = Some(false);
        } else {
            return Err(cursor.unexpected());
        }
        cursor.take(&Token::Comma);
    }
    Ok(modes)
}

fn isolation(cursor: &mut Cursor<'_>) -> Result<IsolationLevel> {
    if cursor.take_word("serializable") {
        return Ok(IsolationLevel::Serializable);
    }
    if cursor.take_words(&["repeatable", "read"]) {
        return Ok(IsolationLevel::RepeatableRead);
    }
    if cursor.take_words(&["read", "committed"]) {
        return Ok(IsolationLevel::ReadCommitted);
    }
    if cursor.take_words(&["read", "uncommitted"]) {
        return Ok(IsolationLevel::ReadUncommitted);
    }
    Err(cursor.unexpected())
}

fn pragma(cursor: &mut Cursor<'_>) -> Result<Session> {
    let mut name = cursor.name()?;
    if cursor.take(&Token::Period) {
        name = cursor.name()?;
    }
    let value = if cursor.take(&Token::Eq) {
        Some(PragmaValue::Set(cursor.word_or_literal()?))
    } else if cursor.take(&Token::LParen) {
        let value = cursor.word_or_literal()?;
        cursor.expect(&Token::RParen)?;
        Some(PragmaValue::Of(value))
    } else {
        None
    };
    Ok(Control::Pragma { name: name.to_ascii_lowercase(), value }.into())
}

fn maintenance(cursor: &mut Cursor<'_>, word: &str) -> Result<Session> {
    let mut what = match word {
        "vacuum" => Maintenance::Vacuum,
        "reindex" => Maintenance::Reindex,
        "cluster" => Maintenance::Cluster,
        "checkpoint" => Maintenance::Checkpoint,
        _ => Maintenance::Analyze,
    };
    let mut analyze = false;
    if cursor.take(&Token::LParen) {
        analyze = cursor.options()?.iter().any(|(name, _)| name.starts_with("analy"));
    }
    let words = [
        "full",
        "freeze",
        "verbose",
        "analyze",
        "analyse",
        "index",
        "table",
        "schema",
        "database",
        "system",
        "concurrently",
    ];
    if cursor.dialect() == Dialect::Postgres {
        while let Some(word) = cursor.take_one_of(&words) {
            analyze |= word.starts_with("analy");
        }
    }
    if analyze && what == Maintenance::Vacuum {
        what = Maintenance::VacuumAnalyze;
    }
    let mut tables = Vec::new();
    while !cursor.is_at_end() && !cursor.peek_word("into") && !cursor.peek_word("using") {
        tables.push(cursor.object_name()?);
        if cursor.peek() == Some(&Token::LParen) {
            cursor.names_in_parentheses()?;
        }
        if !cursor.take(&Token::Comma) {
            break;
        }
    }
    if cursor.take_word("using") {
        cursor.name()?;
    }
    if cursor.peek_word("into") {
        return Err(cursor
            .unsupported("VACUUM INTO is not supported")
            .with_hint("Use bourse backup."));
    }
    Ok(Session::Maintenance { what, tables })
}

/// A setting's name, also one of several words.
fn setting_name(cursor: &mut Cursor<'_>) -> Result<String> {
    if cursor.take_words(&["transaction", "isolation", "level"]) {
        return Ok("transaction_isolation".to_owned());
    }
    if cursor.take_words(&["time", "zone"]) {
        return Ok("timezone".to_owned());
    }
    if cursor.take_words(&["session", "authorization"]) {
        return Ok("session_authorization".to_owned());
    }
    let mut name = cursor.name()?.to_ascii_lowercase();
    while cursor.take(&Token::Period) {
        name = format!("{name}.{}", cursor.name()?.to_ascii_lowercase());
    }
    Ok(name)
}

fn set(cursor: &mut Cursor<'_>) -> Result<Session> {
    if cursor.take_word("constraints") {
        return set_constraints(cursor);
    }
    if cursor.take_words(&["session", "characteristics", "as", "transaction"]) {
        return Ok(Control::SetTransaction { session: true, modes: modes(cursor)? }.into());
    }
    let local = cursor.take_word("local");
    if !local && !cursor.peek_word("session_authorization") {
        let place = cursor.place();
        if cursor.take_word("session") && cursor.peek_word("authorization") {
            cursor.go_back(place);
        }
    }
    if cursor.take_word("transaction") {
        return Ok(Control::SetTransaction { session: false, modes: modes(cursor)? }.into());
    }
    if cursor.take_word("names") {
        let value = cursor.word_or_literal()?;
        return Ok(Control::Set {
            local,
            name: "client_encoding".to_owned(),
            values: Some(vec![value]),
        }
        .into());
    }
    let is_bare =
        cursor.peek_word("time") || cursor.peek_word("role") || cursor.peek_word("session");
    let name = setting_name(cursor)?;
    if !cursor.take(&Token::Eq) && !cursor.take_word("to") && !is_bare {
        return Err(cursor.unexpected());
    }
    if cursor.take_word("default") || (name == "timezone" && cursor.take_word("local")) {
        return Ok(Control::Set { local, name, values: None }.into());
    }
    let mut values = Vec::new();
    loop {
        if name == "timezone" && cursor.take_word("interval") {
            values.push(cursor.text()?);
            cursor.take_words(&["hour", "to", "minute"]);
        } else {
            values.push(cursor.word_or_literal()?);
        }
        if !cursor.take(&Token::Comma) {
            return Ok(Control::Set { local, name, values: Some(values) }.into());
        }
    }
}

fn set_constraints(cursor: &mut Cursor<'_>) -> Result<Session> {
    let mut names = Vec::new();
    if !cursor.take_word("all") {
        names.push(cursor.object_name()?);
        while cursor.take(&Token::Comma) {
            names.push(cursor.object_name()?);
        }
    }
    let deferred = cursor.take_word("deferred");
    if !deferred {
        cursor.expect_word("immediate")?;
    }
    Ok(Session::SetConstraints { names, deferred })
}

/// Whether a query may begin with the next token.
fn begins_query(cursor: &Cursor<'_>) -> bool {
    cursor.peek() == Some(&Token::LParen)
        || ["select", "values", "with", "table"].iter().any(|word| cursor.peek_word(word))
}

fn prepared(cursor: &mut Cursor<'_>, word: &str, parsed: &Parsed) -> Result<Session> {
    if word == "deallocate" {
        cursor.take_word("prepare");
        let all = cursor.take_word("all");
        return Ok(Control::Deallocate(if all { None } else { Some(cursor.name()?) }).into());
    }
    if cursor.peek_word("transaction") {
        return Err(cursor.unsupported("prepared transactions are not supported"));
    }
    let name = cursor.name()?;
    if word == "execute" {
        let has_arguments = cursor.peek() == Some(&Token::LParen);
        let arguments =
            if has_arguments { cursor.expressions_in_parentheses()? } else { Vec::new() };
        return Ok(Session::Execute { name, arguments });
    }
    let mut types = Vec::new();
    if cursor.take(&Token::LParen) {
        let tokens = cursor.until_closed()?;
        types = cursor.by_parser(tokens, |parser| {
            parser.parse_comma_separated(|parser| parser.parse_data_type())
        })?;
    }
    cursor.expect_word("as")?;
    let changes = ["insert", "update", "delete", "merge"];
    if !begins_query(cursor) && !changes.iter().any(|word| cursor.peek_word(word)) {
        return Err(cursor.unexpected());
    }
    Ok(Session::Prepare { name, types, statement: Box::new(rest(cursor, parsed)?) })
}

fn cursors(cursor: &mut Cursor<'_>, word: &str, parsed: &Parsed) -> Result<Session> {
    if word == "close" {
        let all = cursor.take_word("all");
        return Ok(Control::Close(if all { None } else { Some(cursor.name()?) }).into());
    }
    if word == "declare" {
        let name = cursor.name()?;
        let (mut binary, mut scroll, mut hold) = (false, None, false);
        loop {
            match cursor.take_one_of(&["binary", "insensitive", "asensitive", "no", "scroll"]) {
                Some("binary") => binary = true,
                Some("scroll") => scroll = Some(true),
                Some("no") => {
                    cursor.expect_word("scroll")?;
                    scroll = Some(false);
                }
                Some(_) => {}
                None => break,
            }
        }
        cursor.expect_word("cursor")?;
        if let Some(word) = cursor.take_one_of(&["with", "without"]) {
            cursor.expect_word("hold")?;
            hold = word == "with";
        }
        cursor.expect_word("for")?;
        if !begins_query(cursor) {
            return Err(cursor.unexpected());
        }
        let statement = Box::new(rest(cursor, parsed)?);
        return Ok(Session::Declare { name, binary, scroll, hold, statement });
    }
    let count = fetch_count(cursor)?;
    cursor.take_one_of(&["from", "in"]);
    Ok(Control::Fetch { name: cursor.name()?, count, skip: word == "move" }.into())
}

fn fetch_count(cursor: &mut Cursor<'_>) -> Result<FetchCount> {
    let place = cursor.place();
    let is_number = |cursor: &Cursor<'_>| {
        matches!(cursor.peek(), Some(Token::Number(..) | Token::Minus | Token::Plus))
    };
    if is_number(cursor) {
        return Ok(FetchCount::Relative(cursor.number()?));
    }
    let words =
        ["next", "prior", "first", "last", "absolute", "relative", "all", "forward", "backward"];
    let count = match cursor.take_one_of(&words) {
        None => FetchCount::Relative(1),
        Some("prior") => FetchCount::Relative(-1),
        Some("first") => FetchCount::Absolute(1),
        Some("last") => FetchCount::Absolute(-1),
        Some("absolute") => FetchCount::Absolute(cursor.number()?),
        Some("relative") => FetchCount::Offset(cursor.number()?),
        Some("all") => FetchCount::All,
        Some(word @ ("forward" | "backward")) => {
            let back = word == "backward";
            if cursor.take_word("all") {
                if back { FetchCount::BackwardAll } else { FetchCount::All }
            } else {
                let count = if is_number(cursor) { cursor.number()? } else { 1 };
                FetchCount::Relative(if back { -count } else { count })
            }
        }
        Some(_) => FetchCount::Relative(1),
    };
    // A cursor may have such a word as its name.
    if cursor.is_at_end() {
        cursor.go_back(place);
        return Ok(FetchCount::Relative(1));
    }
    Ok(count)
}

fn channel(cursor: &mut Cursor<'_>, word: &str) -> Result<Session> {
    if word == "unlisten" && cursor.take(&Token::Mul) {
        return Ok(Control::Unlisten(None).into());
    }
    let channel = cursor.name()?;
    Ok(match word {
        "listen" => Control::Listen(channel).into(),
        "unlisten" => Control::Unlisten(Some(channel)).into(),
        _ => {
            let told = cursor.take(&Token::Comma);
            let payload = if told { cursor.text()? } else { String::new() };
            Control::Notify { channel, payload }.into()
        }
    })
}

fn lock(cursor: &mut Cursor<'_>) -> Result<Session> {
    cursor.take_word("table");
    let mut tables = Vec::new();
    loop {
        cursor.take_word("only");
        tables.push(cursor.object_name()?);
        cursor.take(&Token::Mul);
        if !cursor.take(&Token::Comma) {
            break;
        }
    }
    let mut mode = String::from("access exclusive");
    if cursor.take_word("in") {
        let mut words = Vec::new();
        while !cursor.take_word("mode") {
            words.push(cursor.name()?.to_ascii_lowercase());
        }
        mode = words.join(" ");
    }
    let nowait = cursor.take_word("nowait");
    Ok(Session::Lock { tables, mode, nowait })
}
