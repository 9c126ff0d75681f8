//! From a socket to a session: encryption, who it is, whether there is room.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bourse_sql::Dialect;
use bourse_sql::connection::Connection;
use bourse_sql::error::SqlError;
use bourse_sql::role::{Rights, Role};
use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;

use crate::auth::{self, Proof};
use crate::server::Shared;
use crate::session::Session;
use crate::stream::Stream;
use crate::wire::backend;
use crate::wire::frontend::{self, Broken, Message};
use crate::wire::startup::{self, Packet, Startup};
use crate::workers::Class;

/// What an answer to the request for a password may have at most.
const PASSWORD_BYTES_MAX: usize = 4_096;

/// Why there is no session.
enum Refusal {
    /// Nothing is to be said.
    Silent,
    /// The client is told.
    Told(SqlError),
}

impl From<SqlError> for Refusal {
    fn from(error: SqlError) -> Refusal {
        Refusal::Told(error)
    }
}

impl From<Broken> for Refusal {
    fn from(Broken(message): Broken) -> Refusal {
        Refusal::Told(SqlError::new("08P01", message))
    }
}

impl From<std::io::Error> for Refusal {
    fn from(_: std::io::Error) -> Refusal {
        Refusal::Silent
    }
}

/// A session, if the client is let in, with what the client has said already.
pub(crate) async fn run(
    shared: &Arc<Shared>,
    stream: Stream,
    peer: &str,
    is_near: bool,
) -> Option<(Stream, BytesMut, Box<Session>)> {
    let address = peer.parse::<SocketAddr>().ok().map(|address| address.ip());
    let mut newcomer = Newcomer { shared, stream, input: BytesMut::new(), is_near, address };
    let limit = shared.options.message_timeout();
    let refusal = match tokio::time::timeout(limit, newcomer.enter(peer)).await {
        Ok(Ok(session)) => return Some((newcomer.stream, newcomer.input, session)),
        Ok(Err(refusal)) => refusal,
        Err(_) => Refusal::Told(SqlError::new("08P01", "no session was begun in time")),
    };
    if let Refusal::Told(error) = refusal {
        let mut out = Vec::new();
        backend::error(&mut out, backend::FATAL, &error);
        let farewell = async {
            newcomer.stream.write_all(&out).await?;
            newcomer.stream.flush().await?;
            newcomer.stream.shutdown().await
        };
        let _ = tokio::time::timeout(limit, farewell).await;
    }
    None
}

struct Newcomer<'s> {
    shared: &'s Arc<Shared>,
    stream: Stream,
    input: BytesMut,
    is_near: bool,
    /// Where it comes from; none for a socket of the file system.
    address: Option<IpAddr>,
}

impl Newcomer<'_> {
    async fn enter(&mut self, peer: &str) -> Result<Box<Session>, Refusal> {
        let startup = loop {
            match self.packet().await? {
                Packet::Tls => self.encrypt().await?,
                Packet::Gss => {
                    self.must_be_silent()?;
                    self.stream.write_all(b"N").await?;
                }
                Packet::Cancel { process, secret } => {
                    self.shared.registry.cancel(process, secret);
                    return Err(Refusal::Silent);
                }
                Packet::Begin(startup) => break startup,
            }
        };
        let mut out = Vec::new();
        if startup.minor > startup::MINOR || !startup.unknown.is_empty() {
            backend::negotiate(&mut out, startup::MINOR, &startup.unknown);
        }
        self.check_settled()?;
        let role = self.authenticate(&startup, &mut out).await?;
        self.check_room(&startup)?;
        let (shared, peer) = (Arc::clone(self.shared), peer.to_owned());
        let begin = move || begin(&shared, &startup, role.as_ref(), &peer, out);
        Ok(apart(self.shared, begin).await??)
    }

    /// What is sent before encryption was answered could be anybody's.
    fn must_be_silent(&self) -> Result<(), Refusal> {
        if self.input.is_empty() {
            return Ok(());
        }
        let message = "received unencrypted data after encryption request";
        Err(SqlError::new("08P01", message).into())
    }

    async fn encrypt(&mut self) -> Result<(), Refusal> {
        self.must_be_silent()?;
        let tls = self.shared.tls.as_ref();
        match (tls, std::mem::replace(&mut self.stream, Stream::Gone)) {
            (Some(tls), Stream::Tcp(mut stream)) => {
                stream.write_all(b"S").await?;
                let accepted = tls.acceptor().accept(stream).await?;
                self.stream = Stream::Tls(Box::new(accepted));
            }
            (_, Stream::Tls(_) | Stream::Gone) => return Err(Refusal::Silent),
            (_, mut stream) => {
                stream.write_all(b"N").await?;
                self.stream = stream;
            }
        }
        Ok(())
    }

    async fn packet(&mut self) -> Result<Packet, Refusal> {
        loop {
            if let Some(packet) = startup::decode(&mut self.input)? {
                return Ok(packet);
            }
            self.more().await?;
        }
    }

    /// Who it is, and what it may do.
    async fn authenticate(
        &mut self,
        startup: &Startup,
        out: &mut Vec<u8>,
    ) -> Result<Option<Role>, Refusal> {
        if !self.shared.has_users() {
            if startup.user == TRUSTED && (self.is_near || self.shared.options.insecure) {
                backend::authentication(out, auth::OK, &[]);
                return Ok(None);
            }
            let hint =
                format!("No users are defined: the user is \"{TRUSTED}\", from this machine.");
            let message = format!("role \"{}\" does not exist", startup.user);
            return Err(SqlError::new("28000", message).with_hint(hint).into());
        }
        let is_encrypted = matches!(self.stream, Stream::Tls(_));
        if !is_encrypted && !self.is_near && !self.shared.options.insecure {
            let message = "a connection from another machine must be encrypted";
            let hint = "Connect with sslmode=require or a stricter one.";
            return Err(SqlError::new("28000", message).with_hint(hint).into());
        }
        let (shared, user) = (Arc::clone(self.shared), startup.user.clone());
        let find = move || bourse_sql::role::find(&shared.database, &user);
        let role = apart(self.shared, find).await??;
        self.prove(role.as_ref(), &startup.user, out).await?;
        Ok(role)
    }

    /// Has the client prove that it knows the password.
    async fn prove(
        &mut self,
        role: Option<&Role>,
        user: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let binding = match (&self.stream, &self.shared.tls) {
            (Stream::Tls(_), Some(tls)) => tls.binding(),
            _ => None,
        };
        let mut proof = Proof::new(binding, role, user, &self.shared.mock_secret);
        self.ask(out, auth::SASL, &proof.mechanisms()).await?;
        let answer = self.password().await?;
        let first = proof.first(answer)?;
        self.ask(out, auth::SASL_CONTINUE, first.as_bytes()).await?;
        let answer = self.password().await?;
        match proof.last(&answer, user) {
            Ok(last) => {
                self.shared.throttle.succeeded(user);
                backend::authentication(out, auth::SASL_FINAL, last.as_bytes());
                backend::authentication(out, auth::OK, &[]);
                Ok(())
            }
            Err(error) => {
                self.shared.counts.note_wrong_password();
                self.shared.throttle.failed(self.address, user);
                tokio::time::sleep(self.shared.throttle.delay(self.address, user)).await;
                Err(error.into())
            }
        }
    }

    /// Sends what was to be sent before, and a step of the proof.
    async fn ask(&mut self, out: &mut Vec<u8>, step: u32, body: &[u8]) -> Result<(), Refusal> {
        backend::authentication(out, step, body);
        self.stream.write_all(&std::mem::take(out)).await?;
        self.stream.flush().await?;
        Ok(())
    }

    async fn password(&mut self) -> Result<Bytes, Refusal> {
        loop {
            match frontend::decode(&mut self.input, PASSWORD_BYTES_MAX)? {
                Some(Message::Password(answer)) => return Ok(answer),
                Some(Message::Terminate) => return Err(Refusal::Silent),
                Some(_) => {
                    let message = "expected an answer to the request for a password";
                    return Err(SqlError::new("08P01", message).into());
                }
                None => self.more().await?,
            }
        }
    }

    async fn more(&mut self) -> Result<(), Refusal> {
        self.input.reserve(1024);
        match self.stream.read_buf(&mut self.input).await? {
            0 => Err(Refusal::Silent),
            _ => Ok(()),
        }
    }

    /// A member of a group that was just opened does not know yet what of its store counts.
    fn check_settled(&self) -> Result<(), Refusal> {
        if self.shared.is_settled() {
            return Ok(());
        }
        let hint = "This member has not heard from its group yet: try again in a moment.";
        let message = "the database system is starting up";
        Err(SqlError::new("57P03", message).with_hint(hint).into())
    }

    fn check_room(&self, startup: &Startup) -> Result<(), Refusal> {
        let options = &self.shared.options;
        if self.shared.is_stopping() {
            return Err(SqlError::new("57P03", "the database system is shutting down").into());
        }
        if self.shared.registry.count() >= options.max_connections {
            self.shared.counts.note_refused();
            let hint = format!(
                "max_connections is {}: end sessions that are idle, or use a pool.",
                options.max_connections
            );
            return Err(SqlError::new("53300", "sorry, too many clients already")
                .with_hint(hint)
                .into());
        }
        match &startup.database {
            Some(name) if *name != options.database => {
                let message = format!("database \"{name}\" does not exist");
                let hint = format!("The only one is \"{}\".", options.database);
                Err(SqlError::new("3D000", message).with_hint(hint).into())
            }
            _ => Ok(()),
        }
    }
}

/// Reads the store on a thread that may wait.
async fn apart<T: Send + 'static>(
    shared: &Arc<Shared>,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    let (done, is_done) = oneshot::channel();
    let asked = shared.workers.submit(Class::Short, move || drop(done.send(read())));
    match (asked, is_done.await) {
        (Ok(()), Ok(read)) => Ok(read),
        _ => Err(SqlError::new("53300", "the server is too busy to begin a session").into()),
    }
}

/// Who is let in from this machine while no users are defined.
pub(crate) const TRUSTED: &str = "bourse";

fn begin(
    shared: &Arc<Shared>,
    startup: &Startup,
    role: Option<&Role>,
    peer: &str,
    out: Vec<u8>,
) -> Result<Box<Session>, SqlError> {
    let name = &shared.options.database;
    let mut connection = Connection::for_user(&shared.database, &startup.user, name);
    for (name, value) in &startup.settings {
        connection = connection.with_parameter(name, value)?;
    }
    let dialect = startup.settings.iter().find(|(name, _)| name == "dialect");
    if let Some((_, name)) = dialect {
        connection.set_dialect(dialect_of(name)?);
    }
    if let Some(role) = role {
        connection.set_rights(Some(Arc::new(Rights::of(role))));
    }
    let entry = shared.registry.add(&startup.user, peer, connection.canceler());
    let state = connection.state();
    state.set_process_number(i32::try_from(entry.process).unwrap_or(i32::MAX));
    let woken = Arc::clone(&entry);
    state.set_waker(Some(Arc::new(move || woken.wake.notify_one())));
    let mut session = Box::new(Session::new(connection, entry, Arc::clone(shared)));
    session.out = out;
    session.greet();
    Ok(session)
}

fn dialect_of(name: &str) -> Result<Dialect, SqlError> {
    match name {
        "postgres" => Ok(Dialect::Postgres),
        "sqlite" => Ok(Dialect::Sqlite),
        name => {
            let message = format!("invalid value for parameter \"dialect\": \"{name}\"");
            let hint = "Available values: postgres, sqlite.";
            Err(SqlError::new("22023", message).with_hint(hint))
        }
    }
}
