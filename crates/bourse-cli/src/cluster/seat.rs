//! Where a member is asked, and what it answers.

use std::fmt;
use std::time::Duration;

use bourse_storage::{Error, Result};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

use super::report::Member;

/// How long a member may take to let a session in.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// How long it may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// An address with the user and what else is needed there.
#[derive(Clone)]
pub(super) struct Seat {
    pub(super) host: String,
    pub(super) port: u16,
    user: String,
    password: Option<Vec<u8>>,
    database: String,
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// The addresses of some URLs.
///
/// # Errors
/// What is none.
pub(super) fn seats_of(urls: &[String], password: Option<&str>) -> Result<Vec<Seat>> {
    let mut seats = Vec::new();
    for url in urls {
        // Not the URL itself: it may have a password.
        let config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            Error::invalid(format!(
                "a --url is not postgresql://USER@HOST:PORT/DATABASE: {error}{}",
                cause.unwrap_or_default()
            ))
        })?;
        let ports = config.get_ports();
        for (at, host) in config.get_hosts().iter().enumerate() {
            let host = match host {
                Host::Tcp(host) => host.trim_matches(['[', ']']).to_owned(),
                Host::Unix(folder) => folder.display().to_string(),
            };
            let port = ports.get(at).or_else(|| ports.first()).copied().unwrap_or(5432);
            let own = config.get_password().map(<[u8]>::to_vec);
            seats.push(Seat {
                host,
                port,
                user: config.get_user().unwrap_or("bourse").to_owned(),
                password: own.or_else(|| password.map(|text| text.as_bytes().to_vec())),
                database: config.get_dbname().unwrap_or("bourse").to_owned(),
            });
        }
    }
    match seats.is_empty() {
        true => Err(Error::invalid("--url names no host: postgresql://USER@HOST:PORT/DATABASE")),
        false => Ok(seats),
    }
}

impl Seat {
    /// The same elsewhere.
    pub(super) fn moved_to(&self, address: &str) -> Option<Seat> {
        let (host, port) = address.rsplit_once(':')?;
        let host = host.trim_matches(['[', ']']).to_owned();
        Some(Seat { host, port: port.parse().ok()?, ..self.clone() })
    }
}

/// Why a member did not do what it was asked.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) text: String,
    /// Its SQLSTATE, where it is the member's word.
    pub(super) code: Option<String>,
}

impl Failure {
    /// As the command tells it.
    pub(super) fn told(self) -> Error {
        Error::invalid(self.text)
    }

    /// Whether the session is gone, or is about to be: what was asked may have been done.
    pub(super) fn is_lost(&self) -> bool {
        let code = self.code.as_deref();
        code.is_none_or(|code| {
            matches!(code, "57P01" | "57014" | "40001") || code.starts_with("08")
        })
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Failure {
        let Some(told) = error.as_db_error() else {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            let text = format!("{error}{}", cause.unwrap_or_default());
            return Failure { text, code: None };
        };
        let more = [told.detail(), told.hint()].into_iter().flatten();
        let more: String = more.map(|text| format!("; {text}")).collect();
        let text = format!("{}{more}", told.message());
        Failure { text, code: Some(told.code().code().to_owned()) }
    }
}

/// A session with a member.
pub(super) struct Session(Client);

impl Session {
    pub(super) async fn open(seat: &Seat) -> std::result::Result<Session, Failure> {
        let mut config = Config::new();
        config
            .host(&seat.host)
            .port(seat.port)
            .user(&seat.user)
            .dbname(&seat.database)
            .application_name("bourse cluster")
            .connect_timeout(CONNECT_LIMIT);
        if let Some(password) = &seat.password {
            config.password(password);
        }
        let (client, connection) = within(CONNECT_LIMIT, config.connect(NoTls)).await?;
        tokio::spawn(async move {
            // Whoever asks next sees that it is gone.
            let _ = connection.await;
        });
        Ok(Session(client))
    }

    /// Runs a statement.
    pub(super) async fn run(&self, text: &str) -> std::result::Result<(), Failure> {
        within(ANSWER_LIMIT, self.0.simple_query(text)).await.map(drop)
    }

    /// The members, as this one knows them.
    pub(super) async fn members(&self) -> std::result::Result<Vec<Member>, Failure> {
        let messages = within(ANSWER_LIMIT, self.0.simple_query(Member::QUERY)).await?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        rows.map(|row| {
            Member::of(|name| row.try_get(name).ok().flatten()).ok_or_else(|| Failure {
                text: "it tells of its members what this command cannot read".to_owned(),
                code: None,
            })
        })
        .collect()
    }
}

async fn within<T>(
    limit: Duration,
    asked: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
) -> std::result::Result<T, Failure> {
    match tokio::time::timeout(limit, asked).await {
        Ok(answer) => answer.map_err(Failure::from),
        Err(_) => Err(Failure { text: format!("no answer within {limit:?}"), code: None }),
    }
}
