//! A client: what a service builds once and clones for whoever needs it.

use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::advice::Advice;
use crate::breaker::BreakerState;
use crate::call::Call;
use crate::connection::Connection;
use crate::error::{Error, Kind};
use crate::health::{self, Prober};
use crate::keys;
use crate::node::Node;
use crate::options::Builder;
use crate::pool::Role;
use crate::reserved::Reserved;
use crate::session::Session;
use crate::shared::{Owner, Shared};
use crate::token::Token;
use crate::work::Once;

/// See the crate's head. Clones share all; with the last one its task and its connections end.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) owner: Arc<Owner>,
}

/// What is known of a node.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct NodeStatus {
    /// As the builder was told.
    pub address: String,
    /// It takes the client's writes.
    pub is_leader: bool,
    /// It may be read.
    pub is_read: bool,
    /// The newest term that it has heard of, where it answers.
    pub term: Option<u64>,
    /// Whether it is asked.
    pub breaker: BreakerState,
    /// How often its breaker has opened.
    pub breaker_opened: u64,
    /// Why it does not answer, or is not asked.
    pub trouble: Option<String>,
}

impl Client {
    /// Begins to say what a client is to be.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn start(builder: Builder) -> Result<Client, Error> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| {
            Error::new(Kind::Usage, "a client is built within a runtime of tokio, with its time")
        })?;
        let probers = builder.nodes.iter().map(|address| Prober::new(&builder, address));
        let probers = probers.collect::<Result<Vec<Prober>, Error>>()?;
        let shared = Arc::new(Shared::new(&builder)?);
        let task = runtime.spawn(health::run(Arc::clone(&shared), probers)).abort_handle();
        Ok(Client { owner: Arc::new(Owner { shared, task }) })
    }

    fn shared(&self) -> &Shared {
        &self.owner.shared
    }

    /// A call, to be told more: how long it may take, its isolation.
    pub fn call(&self) -> Call<'_> {
        Call::new(self.shared(), None)
    }

    /// A session that has seen nothing yet.
    pub fn session(&self) -> Session {
        Session::new(self.clone(), None)
    }

    /// A session that sees what a token stands for.
    pub fn session_from(&self, token: Token) -> Session {
        Session::new(self.clone(), Some(token))
    }

    /// [`Call::read`] with the defaults.
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn read<T, F, R>(&self, closure: F) -> impl Future<Output = Result<T, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        self.call().read(closure)
    }

    /// [`Call::transaction`] with the defaults.
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn transaction<T, F, R>(&self, closure: F) -> impl Future<Output = Result<T, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        self.call().transaction(closure)
    }

    /// [`Call::once`] with the defaults.
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn once<T, F, R>(
        &self,
        key: &str,
        closure: F,
    ) -> impl Future<Output = Result<Once<T>, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        self.call().once(key, closure)
    }

    /// [`Call::write`] with the defaults.
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn write<T, F, R>(&self, closure: F) -> impl Future<Output = Result<T, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        self.call().write(closure)
    }

    /// [`Call::query`] with the defaults.
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn query<'c>(
        &'c self,
        text: &'c str,
        parameters: &'c [&'c (dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<Vec<Row>, Error>> + use<'c> {
        self.call().query(text, parameters)
    }

    /// [`Call::execute`] with the defaults.
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn execute<'c>(
        &'c self,
        text: &'c str,
        parameters: &'c [&'c (dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<u64, Error>> + use<'c> {
        self.call().execute(text, parameters)
    }

    /// [`Call::reserve`] with the defaults.
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn reserve(&self, role: Role) -> impl Future<Output = Result<Reserved, Error>> {
        self.call().reserve(role)
    }

    /// Drops idempotency keys that were noted longer ago: a call with one of them would be done
    /// again. Returns how many.
    ///
    /// # Errors
    /// As [`Call::transaction`].
    pub async fn drop_keys_older_than(&self, age: Duration) -> Result<u64, Error> {
        self.transaction(async |connection| keys::drop_older_than(&connection, age).await).await
    }

    /// For each pool how much of it was in use in the last ten minutes, how long was waited, and
    /// what size would be right.
    pub fn advice(&self) -> Vec<Advice> {
        let pools = self.shared().nodes.iter().flat_map(Node::pools);
        pools.map(|pool| pool.advice()).collect()
    }

    /// What is known of the nodes, in the order in which the builder was told.
    pub fn nodes(&self) -> Vec<NodeStatus> {
        let shared = self.shared();
        let status = |(place, node): (usize, &Node)| {
            let (is_leader, is_read, seen) = shared.routing(|routing| {
                (routing.leader() == Some(place), routing.may_be_read(place), routing.of(place))
            });
            NodeStatus {
                address: node.name.to_string(),
                is_leader,
                is_read,
                term: seen.map(|seen| seen.term),
                breaker: node.breaker_state(),
                breaker_opened: node.breaker_opened(),
                trouble: node.trouble(),
            }
        };
        shared.nodes.iter().enumerate().map(status).collect()
    }

    /// Waits until a node is known that takes writes.
    ///
    /// # Errors
    /// `Unavailable` where there is none within that time.
    pub async fn wait_for_leader(&self, limit: Duration) -> Result<(), Error> {
        self.call().within(limit).reserve(Role::Write).await.map(drop)
    }
}
