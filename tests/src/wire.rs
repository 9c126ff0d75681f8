//! A client of PostgreSQL's protocol that blocks: simple queries in text, without encryption or
//! passwords. It can be asked whether an answer has come yet, which drivers cannot.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bourse_storage::sync;

/// After so long a server that says nothing is taken for one that is gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session.
pub struct WireClient {
    stream: TcpStream,
    received: Vec<u8>,
    answer: WireAnswer,
    /// The server's number of the session.
    pub process: i32,
}

/// What statements came to.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct WireAnswer {
    /// Names of the columns of the last result with rows.
    pub columns: Vec<String>,
    /// Its rows; `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// What the last statement says that it did.
    pub tag: String,
    /// SQLSTATE and message of the error that ended it.
    pub error: Option<(String, String)>,
}

/// Why there is no answer: the connection is lost. Says how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConnectionLost(pub String);

impl std::fmt::Display for ConnectionLost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the connection is lost: {}", self.0)
    }
}

type Result<T> = std::result::Result<T, ConnectionLost>;

fn lost(error: impl std::fmt::Display) -> ConnectionLost {
    ConnectionLost(error.to_string())
}

impl WireClient {
    /// Opens a session with these parameters, `user` and `database` among them.
    ///
    /// # Errors
    /// Nobody listens there, or the server does not let the user in.
    pub fn connect(address: SocketAddr, parameters: &[(&str, &str)]) -> Result<WireClient> {
        WireClient::connect_within(address, parameters, PATIENCE)
    }

    /// The same, within a time.
    ///
    /// # Errors
    /// As [`WireClient::connect`]; it takes longer.
    pub fn connect_within(
        address: SocketAddr,
        parameters: &[(&str, &str)],
        limit: Duration,
    ) -> Result<WireClient> {
        let stream = TcpStream::connect_timeout(&address, limit).map_err(lost)?;
        stream.set_nodelay(true).map_err(lost)?;
        let (received, answer) = (Vec::new(), WireAnswer::default());
        let mut client = WireClient { stream, received, answer, process: 0 };
        let mut body = 0x0003_0000_u32.to_be_bytes().to_vec();
        for text in parameters.iter().flat_map(|(name, value)| [name, value]) {
            body.extend_from_slice(text.as_bytes());
            body.push(0);
        }
        body.push(0);
        let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
        client.write(&[&length.to_be_bytes()[..], &body].concat())?;
        match client.within(limit)?.ok_or_else(|| lost("the server says nothing"))?.error {
            Some((state, message)) => Err(ConnectionLost(format!("{state}: {message}"))),
            None => Ok(client),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).map_err(lost)
    }

    /// Sends statements, and waits for nothing.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn send(&mut self, statements: &str) -> Result<()> {
        let length = u32::try_from(statements.len() + 5).unwrap_or(u32::MAX);
        let mut message = vec![b'Q'];
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(statements.as_bytes());
        message.push(0);
        self.answer = WireAnswer::default();
        self.write(&message)
    }

    /// The answer to what was sent.
    ///
    /// # Errors
    /// The connection is lost, or silent for a minute.
    pub fn wait(&mut self) -> Result<WireAnswer> {
        self.within(PATIENCE)?.ok_or_else(|| lost("the server says nothing"))
    }

    /// The answer, if all of it comes within that time.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn within(&mut self, patience: Duration) -> Result<Option<WireAnswer>> {
        let deadline = sync::monotonic() + patience;
        loop {
            while let Some((kind, body)) = self.message() {
                if self.take(kind, &body)? {
                    return Ok(Some(std::mem::take(&mut self.answer)));
                }
            }
            let left = deadline.saturating_sub(sync::monotonic()).max(Duration::from_millis(1));
            self.stream.set_read_timeout(Some(left)).map_err(lost)?;
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) => return Err(lost("the server closed it")),
                Ok(length) => self.received.extend_from_slice(&bytes[..length]),
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if sync::monotonic() >= deadline {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(lost(error)),
            }
        }
    }

    /// Runs statements and waits for their answer.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn query(&mut self, statements: &str) -> Result<WireAnswer> {
        self.send(statements)?;
        self.wait()
    }

    /// The same, if the answer comes within that time.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn query_within(
        &mut self,
        statements: &str,
        patience: Duration,
    ) -> Result<Option<WireAnswer>> {
        self.send(statements)?;
        self.within(patience)
    }

    /// The next message, if all of it is there.
    fn message(&mut self) -> Option<(u8, Vec<u8>)> {
        let length = self.received.get(1..5)?.try_into().ok().map(u32::from_be_bytes)?;
        let end = usize::try_from(length).ok()? + 1;
        let body = self.received.get(5..end)?.to_vec();
        let kind = self.received[0];
        self.received.drain(..end);
        Some((kind, body))
    }

    /// Takes a message. Returns whether it ends the answer.
    fn take(&mut self, kind: u8, body: &[u8]) -> Result<bool> {
        let mut rest = body;
        match kind {
            b'R' if body != [0; 4] => return Err(lost("the server asks for a password")),
            b'K' => self.process = number(&mut rest).unwrap_or_default(),
            b'T' => {
                self.answer.rows.clear();
                self.answer.columns.clear();
                for _ in 0..short(&mut rest).unwrap_or_default() {
                    self.answer.columns.push(text(&mut rest));
                    rest = rest.get(18..).unwrap_or_default();
                }
            }
            b'D' => {
                let count = short(&mut rest).unwrap_or_default();
                let row = (0..count).map(|_| value(&mut rest)).collect();
                self.answer.rows.push(row);
            }
            b'C' => self.answer.tag = text(&mut rest),
            b'E' => {
                let fields = body.split(|byte| *byte == 0);
                let of = |code: u8| {
                    let mut fields = fields.clone().filter(|field| field.first() == Some(&code));
                    let field = fields.next().map(|field| String::from_utf8_lossy(&field[1..]));
                    field.unwrap_or_default().into_owned()
                };
                self.answer.error = Some((of(b'C'), of(b'M')));
                // No session is left to be ready.
                return Ok(self.process == 0);
            }
            b'Z' => return Ok(true),
            _ => {}
        }
        Ok(false)
    }
}

fn short(rest: &mut &[u8]) -> Option<u16> {
    let bytes = rest.split_off(..2)?;
    bytes.try_into().ok().map(u16::from_be_bytes)
}

fn number(rest: &mut &[u8]) -> Option<i32> {
    let bytes = rest.split_off(..4)?;
    bytes.try_into().ok().map(i32::from_be_bytes)
}

/// A text up to its zero byte.
fn text(rest: &mut &[u8]) -> String {
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let found = String::from_utf8_lossy(&rest[..end]).into_owned();
    *rest = rest.get(end + 1..).unwrap_or_default();
    found
}

/// A value of a row.
fn value(rest: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(number(rest)?).ok()?;
    let bytes = rest.split_off(..length)?;
    Some(String::from_utf8_lossy(bytes).into_owned())
}
