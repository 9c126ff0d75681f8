//! A connection as closures have it: statements by their texts, prepared once.
//!
//! # Invariants
//! - **C1** What a closure may have set is reset before another call has the connection.
//! - **C2** The token that the server holds is the one noted here, or none is noted.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, SimpleQueryMessage, Statement};

use crate::error::{Error, Kind};
use crate::lock::Lock;
use crate::statement::{Effect, effect_of};
use crate::token::Token;

/// Statements that a connection keeps prepared; beyond that all are prepared anew.
const STATEMENTS_MAX: usize = 200;

/// Ends whatever a closure left open, and brings settings back to those of the beginning (C1). What
/// belongs to temporary tables is a message of its own, for it is refused in a transaction.
const RESET: &str = "ROLLBACK; CLOSE ALL; UNLISTEN *; RESET ALL; SELECT pg_advisory_unlock_all(); \
     DISCARD SEQUENCES";
const RESET_TEMPORARY: &str = "DISCARD TEMP";

/// See the module's head. Clones are the same connection; a closure must not keep one, for what is
/// kept is closed instead of being used again.
#[derive(Clone)]
pub struct Connection {
    link: Arc<Link>,
}

struct Link {
    client: Client,
    node: Arc<str>,
    statements: Lock<HashMap<String, Statement>>,
    /// Something may be set, open or held in the session (C1).
    may_be_changed: AtomicBool,
    token: Lock<Option<Token>>,
    /// Since the client was built: when it is closed rather than used again.
    expires_at: Duration,
    /// When it was given back last.
    idle_since: Lock<Duration>,
}

impl Connection {
    pub(crate) fn new(client: Client, node: Arc<str>, expires_at: Duration) -> Connection {
        let link = Link {
            client,
            node,
            statements: Lock::default(),
            may_be_changed: AtomicBool::new(false),
            token: Lock::default(),
            expires_at,
            idle_since: Lock::default(),
        };
        Connection { link: Arc::new(link) }
    }

    pub(crate) fn expires_at(&self) -> Duration {
        self.link.expires_at
    }

    /// When it was given back last.
    pub(crate) fn idle_since(&self) -> Duration {
        self.link.idle_since.with(|since| *since)
    }

    pub(crate) fn set_idle_since(&self, now: Duration) {
        self.link.idle_since.with(|since| *since = now);
    }

    /// Whether somebody has kept a clone.
    pub(crate) fn is_kept(&self) -> bool {
        Arc::strong_count(&self.link) > 1
    }

    /// The node that it leads to.
    pub fn node(&self) -> &str {
        &self.link.node
    }

    /// The driver's client, for what is not here: COPY, portals, LISTEN, cancelling.
    pub fn driver(&self) -> &Client {
        self.mark_changed();
        &self.link.client
    }

    /// The same, for statements of this crate.
    pub(crate) fn client(&self) -> &Client {
        &self.link.client
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// What the server says, and a connection that is lost.
    pub async fn query(
        &self,
        text: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        let statement = self.prepared(text).await?;
        let rows = self.link.client.query(&statement, parameters).await;
        rows.map_err(|error| self.failed(text, error))
    }

    /// The only row of a statement, if it has one.
    ///
    /// # Errors
    /// As [`Connection::query`]; `Statement` for more rows than one.
    pub async fn query_opt(
        &self,
        text: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, Error> {
        let rows = self.query(text, parameters).await?;
        at_most_one(rows).map_err(|error| error.with_node(&self.link.node))
    }

    /// The only row of a statement.
    ///
    /// # Errors
    /// As [`Connection::query_opt`]; `Statement` where there is no row.
    pub async fn query_one(
        &self,
        text: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, Error> {
        let row = self.query_opt(text, parameters).await?;
        just_one(row).map_err(|error| error.with_node(&self.link.node))
    }

    /// Runs a statement. Returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub async fn execute(
        &self,
        text: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Error> {
        let statement = self.prepared(text).await?;
        let count = self.link.client.execute(&statement, parameters).await;
        count.map_err(|error| self.failed(text, error))
    }

    /// Runs statements without parameters, as one message.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub async fn batch_execute(&self, text: &str) -> Result<(), Error> {
        if effect_of(text) == Effect::Other {
            self.mark_changed();
        }
        self.run(text).await
    }

    /// The same, of texts of this crate.
    pub(crate) async fn run(&self, text: &str) -> Result<(), Error> {
        self.link.client.batch_execute(text).await.map_err(|error| self.error(error))
    }

    /// A statement that is prepared once for each connection.
    pub(crate) async fn prepared(&self, text: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.link.statements.with(|known| known.get(text).cloned()) {
            return Ok(statement);
        }
        let statement = self.link.client.prepare(text).await.map_err(|error| self.error(error))?;
        if effect_of(text) == Effect::Other {
            // It is not kept, so that each use of it is noted.
            self.mark_changed();
            return Ok(statement);
        }
        self.link.statements.with(|known| {
            if known.len() >= STATEMENTS_MAX {
                known.clear();
            }
            known.insert(text.to_owned(), statement.clone());
        });
        Ok(statement)
    }

    /// A statement that the server no longer has, or whose columns are others now, is prepared anew
    /// next time.
    pub(crate) fn failed(&self, text: &str, error: tokio_postgres::Error) -> Error {
        let error = self.error(error);
        if matches!(error.sqlstate(), Some("26000" | "0A000")) {
            self.link.statements.with(|known| known.remove(text));
        }
        error
    }

    pub(crate) fn error(&self, error: tokio_postgres::Error) -> Error {
        let error = Error::from(error).with_node(&self.link.node);
        match error.kind() {
            // The server says that a token's write is not among its own: it names the token.
            Kind::Statement if error.sqlstate() == Some("55000") && self.has_refused(&error) => {
                error.with_kind(Kind::LostWrite)
            }
            _ => error,
        }
    }

    fn has_refused(&self, error: &Error) -> bool {
        let token = self.link.token.with(|token| *token);
        token.is_some_and(|token| error.to_string().contains(&token.to_string()))
    }

    /// Has reads wait for what a token stands for. The messages are on their way when this is
    /// first polled, before those of whatever is polled later.
    pub(crate) async fn read_after(&self, token: Option<Token>) -> Result<(), Error> {
        let Some(token) = token else { return Ok(()) };
        if self.link.token.with(|known| *known) == Some(token) {
            return Ok(());
        }
        // C2: noted at once, for an error of a read that is on its way behind it names it too; and
        // where it is not set, the call fails and the connection is closed.
        self.link.token.with(|known| *known = Some(token));
        self.run(&format!("SET bourse.read_after_lsn = '{token}'")).await
    }

    /// The token of what can be read here now.
    pub(crate) async fn token_of_now(&self) -> Result<Token, Error> {
        self.first_value("SELECT bourse_token()").await?.parse()
    }

    /// The first value of the first row of a message, as text.
    pub(crate) async fn first_value(&self, text: &str) -> Result<String, Error> {
        let told = self.link.client.simple_query(text).await.map_err(|error| self.error(error))?;
        let value = told.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        let missing = || Error::new(Kind::Statement, format!("{text} gave no value"));
        value.ok_or_else(|| missing().with_node(&self.link.node))
    }

    /// Something may be set in its session, or open (C1).
    pub(crate) fn mark_changed(&self) {
        self.link.may_be_changed.store(true, Ordering::Relaxed);
    }

    /// Ends what is open, without waiting: messages leave in the order in which they are begun.
    pub(crate) fn begin_rollback(&self) {
        let mut rollback = std::pin::pin!(self.link.client.batch_execute("ROLLBACK"));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        // Whether it went well is seen by the reset before the next use.
        let _ = rollback.as_mut().poll(&mut context);
    }

    /// Makes it as good as new (C1), or finds out that it cannot be: `is_old_idle` says whether it
    /// was unused for so long that the node may be gone.
    pub(crate) async fn make_ready(&self, is_old_idle: bool) -> Result<(), Error> {
        if self.may_be_changed() {
            let (first, second) = tokio::join!(
                biased;
                self.link.client.batch_execute(RESET),
                self.link.client.batch_execute(RESET_TEMPORARY),
            );
            first.and(second).map_err(|error| self.error(error))?;
            self.link.token.with(|token| *token = None);
            self.link.may_be_changed.store(false, Ordering::Relaxed);
        } else if is_old_idle {
            self.link.client.check_connection().await.map_err(|error| self.error(error))?;
        }
        Ok(())
    }

    /// Whether [`Connection::make_ready`] has something to reset.
    pub(crate) fn may_be_changed(&self) -> bool {
        self.link.may_be_changed.load(Ordering::Relaxed)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.link.client.is_closed()
    }
}

/// The row of a result that has one at most.
pub(crate) fn at_most_one(rows: Vec<Row>) -> Result<Option<Row>, Error> {
    let count = rows.len();
    let mut rows = rows.into_iter();
    match (rows.next(), count) {
        (row, 0 | 1) => Ok(row),
        _ => Err(Error::new(Kind::Statement, format!("{count} rows, and one was asked for"))),
    }
}

/// The row of a result that must have one.
pub(crate) fn just_one(row: Option<Row>) -> Result<Row, Error> {
    row.ok_or_else(|| Error::new(Kind::Statement, "no row, and one was asked for"))
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("node", &self.link.node).finish_non_exhaustive()
    }
}
