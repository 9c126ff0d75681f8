//! What a call does with its connection, once: transactions around closures, single statements.

use std::panic::Location;

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::connection::Connection;
use crate::error::{Error, Kind};
use crate::keys;
use crate::lock::Lock;
use crate::pool::Role;
use crate::retry::Stage;
use crate::statement::{Effect, effect_of};
use crate::token::Token;

/// How much transactions see of each other, as PostgreSQL names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isolation {
    /// Each statement sees what was committed before it.
    ReadCommitted,
    /// All statements see the same state.
    RepeatableRead,
    /// As if transactions ran one after the other.
    Serializable,
}

impl Isolation {
    fn clause(self) -> &'static str {
        match self {
            Isolation::ReadCommitted => " ISOLATION LEVEL READ COMMITTED",
            Isolation::RepeatableRead => " ISOLATION LEVEL REPEATABLE READ",
            Isolation::Serializable => " ISOLATION LEVEL SERIALIZABLE",
        }
    }
}

/// COMMIT of a transaction that has failed is a ROLLBACK without an error, which a closure that
/// caught the error of a statement would not see: the statement before it is refused there.
const COMMIT: &str = "SELECT 1; COMMIT";

/// How far an attempt is: read when it ends, in whatever way.
#[derive(Debug)]
pub(crate) struct Progress {
    state: Lock<(Stage, Option<usize>)>,
    is_in_doubt: Lock<bool>,
    seen: Lock<Option<Result<Token, Error>>>,
    has_session: bool,
}

impl Progress {
    pub(crate) fn new(has_session: bool) -> Progress {
        Progress {
            state: Lock::new((Stage::Acquiring, None)),
            is_in_doubt: Lock::new(false),
            seen: Lock::default(),
            has_session,
        }
    }

    /// A new attempt begins.
    pub(crate) fn restart(&self) {
        self.state.with(|state| *state = (Stage::Acquiring, None));
    }

    pub(crate) fn begin(&self, node: usize, stage: Stage) {
        self.state.with(|state| *state = (stage, Some(node)));
    }

    pub(crate) fn reach(&self, stage: Stage) {
        self.state.with(|state| state.0 = stage);
    }

    pub(crate) fn stage(&self) -> Stage {
        self.state.with(|state| state.0)
    }

    pub(crate) fn node(&self) -> Option<usize> {
        self.state.with(|state| state.1)
    }

    /// An attempt before this one may have had its effect.
    pub(crate) fn set_in_doubt(&self, is_in_doubt: bool) {
        self.is_in_doubt.with(|known| *known = is_in_doubt);
    }

    pub(crate) fn is_in_doubt(&self) -> bool {
        self.is_in_doubt.with(|known| *known)
    }

    pub(crate) fn take_seen(&self) -> Option<Result<Token, Error>> {
        self.seen.with(Option::take)
    }

    /// Asks behind what is under way what the node shows then, for a session.
    async fn ask_token(&self, connection: &Connection) {
        if self.has_session {
            let token = connection.token_of_now().await;
            self.seen.with(|seen| *seen = Some(token));
        }
    }
}

/// What a call does.
pub(crate) trait Work {
    type Output;

    /// By which connections.
    fn role(&self) -> Role;

    /// Where an attempt is as soon as it has its connection.
    fn first_stage(&self) -> Stage;

    /// Whether an attempt finds out what became of the one before.
    fn knows_outcome(&self) -> bool {
        false
    }

    /// Does it, once.
    async fn run(
        &self,
        connection: &Connection,
        token: Option<Token>,
        progress: &Progress,
    ) -> Result<Self::Output, Error>;
}

/// Begins a transaction that sees what a token stands for.
async fn begin(
    connection: &Connection,
    token: Option<Token>,
    isolation: Option<Isolation>,
    mode: &str,
) -> Result<(), Error> {
    let clause = isolation.map_or("", Isolation::clause);
    let text = format!("BEGIN{clause} {mode}");
    let (told, begun) = tokio::join!(biased; connection.read_after(token), connection.run(&text));
    told.and(begun)
}

/// Commits what a closure has done.
async fn commit(connection: &Connection, progress: &Progress) -> Result<(), Error> {
    if connection.is_closed() {
        // COMMIT is not sent, so nothing is in doubt.
        return Err(Error::new(Kind::Connection, "the connection was lost before COMMIT"));
    }
    progress.reach(Stage::Committing);
    let (committed, ()) =
        tokio::join!(biased; connection.run(COMMIT), progress.ask_token(connection));
    committed
}

/// A transaction that only reads.
pub(crate) struct Reading<F> {
    pub(crate) closure: F,
    pub(crate) isolation: Option<Isolation>,
}

impl<T, F, R> Work for Reading<F>
where
    F: Fn(Connection) -> R,
    R: Future<Output = Result<T, Error>>,
{
    type Output = T;

    fn role(&self) -> Role {
        Role::Read
    }

    fn first_stage(&self) -> Stage {
        Stage::Reading
    }

    async fn run(
        &self,
        connection: &Connection,
        token: Option<Token>,
        progress: &Progress,
    ) -> Result<T, Error> {
        begin(connection, token, self.isolation, "READ ONLY").await?;
        let value = (self.closure)(connection.clone()).await?;
        let (ended, ()) =
            tokio::join!(biased; connection.run("COMMIT"), progress.ask_token(connection));
        ended?;
        Ok(value)
    }
}

/// A transaction that changes rows.
pub(crate) struct Changing<F> {
    pub(crate) closure: F,
    pub(crate) isolation: Option<Isolation>,
}

impl<T, F, R> Work for Changing<F>
where
    F: Fn(Connection) -> R,
    R: Future<Output = Result<T, Error>>,
{
    type Output = T;

    fn role(&self) -> Role {
        Role::Write
    }

    fn first_stage(&self) -> Stage {
        Stage::Changing
    }

    async fn run(
        &self,
        connection: &Connection,
        token: Option<Token>,
        progress: &Progress,
    ) -> Result<T, Error> {
        begin(connection, token, self.isolation, "READ WRITE").await?;
        let value = (self.closure)(connection.clone()).await?;
        commit(connection, progress).await?;
        Ok(value)
    }
}

/// What became of a call with a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Once<T> {
    /// This call has done it.
    Done(T),
    /// A call before it, with the same key, had done it already.
    DoneBefore,
}

/// A transaction that changes rows, and notes its key beside them.
pub(crate) struct Keyed<T, F> {
    pub(crate) closure: F,
    pub(crate) isolation: Option<Isolation>,
    pub(crate) key: String,
    /// Tells this call from others with the key.
    pub(crate) made_by: String,
    /// What the attempt whose outcome is in doubt had as its value.
    pub(crate) value: Lock<Option<T>>,
}

impl<T, F, R> Work for Keyed<T, F>
where
    F: Fn(Connection) -> R,
    R: Future<Output = Result<T, Error>>,
{
    type Output = Once<T>;

    fn role(&self) -> Role {
        Role::Write
    }

    fn first_stage(&self) -> Stage {
        Stage::Changing
    }

    fn knows_outcome(&self) -> bool {
        true
    }

    async fn run(
        &self,
        connection: &Connection,
        token: Option<Token>,
        progress: &Progress,
    ) -> Result<Once<T>, Error> {
        begin(connection, token, self.isolation, "READ WRITE").await?;
        let mut noted = keys::note(connection, &self.key, &self.made_by).await;
        if noted.as_ref().is_err_and(|error| error.sqlstate() == Some(keys::NO_TABLE)) {
            connection.run("ROLLBACK").await?;
            keys::make_table(connection).await?;
            begin(connection, token, self.isolation, "READ WRITE").await?;
            noted = keys::note(connection, &self.key, &self.made_by).await;
        }
        if let Some(made_by) = noted? {
            let (ended, ()) =
                tokio::join!(biased; connection.run("COMMIT"), progress.ask_token(connection));
            ended?;
            // An attempt of this very call, of which no answer came.
            let own = self.value.with(Option::take).filter(|_| made_by == self.made_by);
            return Ok(own.map_or(Once::DoneBefore, Once::Done));
        }
        // The key is this transaction's: no attempt before it was committed, nor can be any more.
        progress.set_in_doubt(false);
        let value = (self.closure)(connection.clone()).await?;
        self.value.with(|kept| *kept = Some(value));
        commit(connection, progress).await?;
        let value = self.value.with(Option::take);
        Ok(value.map_or(Once::DoneBefore, Once::Done))
    }
}

/// A closure that does what it likes, on the leader.
pub(crate) struct Unguarded<F> {
    pub(crate) closure: F,
}

impl<T, F, R> Work for Unguarded<F>
where
    F: Fn(Connection) -> R,
    R: Future<Output = Result<T, Error>>,
{
    type Output = T;

    fn role(&self) -> Role {
        Role::Write
    }

    fn first_stage(&self) -> Stage {
        Stage::Changing
    }

    async fn run(
        &self,
        connection: &Connection,
        token: Option<Token>,
        progress: &Progress,
    ) -> Result<T, Error> {
        connection.read_after(token).await?;
        progress.reach(Stage::Unguarded);
        let value = (self.closure)(connection.clone()).await?;
        progress.ask_token(connection).await;
        Ok(value)
    }
}

/// What one statement gives.
pub(crate) enum Given {
    Rows(Vec<Row>),
    Count(u64),
}

/// One statement, a transaction by itself.
pub(crate) struct Single<'a> {
    pub(crate) text: &'a str,
    pub(crate) parameters: &'a [&'a (dyn ToSql + Sync)],
    pub(crate) effect: Effect,
    pub(crate) gives_rows: bool,
}

impl<'a> Single<'a> {
    pub(crate) fn new(
        text: &'a str,
        parameters: &'a [&'a (dyn ToSql + Sync)],
        gives_rows: bool,
    ) -> Single<'a> {
        Single { text, parameters, effect: effect_of(text), gives_rows }
    }
}

impl Work for Single<'_> {
    type Output = Given;

    fn role(&self) -> Role {
        match self.effect {
            Effect::PlainRead => Role::Read,
            Effect::PlainChange | Effect::Other => Role::Write,
        }
    }

    fn first_stage(&self) -> Stage {
        match self.role() {
            Role::Read => Stage::Reading,
            Role::Write => Stage::Changing,
        }
    }

    async fn run(
        &self,
        connection: &Connection,
        token: Option<Token>,
        progress: &Progress,
    ) -> Result<Given, Error> {
        connection.read_after(token).await?;
        let statement = connection.prepared(self.text).await?;
        if self.role() == Role::Write {
            progress.reach(Stage::Committing);
        }
        let driver = connection.client();
        let running = async {
            match self.gives_rows {
                true => driver.query(&statement, self.parameters).await.map(Given::Rows),
                false => driver.execute(&statement, self.parameters).await.map(Given::Count),
            }
        };
        let (given, ()) = tokio::join!(biased; running, progress.ask_token(connection));
        given.map_err(|error| connection.failed(self.text, error))
    }
}

/// A name that no other call has.
pub(crate) fn new_name() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// What is used of a call's place by who holds its connection.
pub(crate) type Place = &'static Location<'static>;
