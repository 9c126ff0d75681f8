//! From an address to a connection, by whatever encrypts it.

use std::fmt;
use std::pin::Pin;

use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Socket};

type Dialed<'a> = Pin<Box<dyn Future<Output = Result<Client, tokio_postgres::Error>> + Send + 'a>>;

/// What makes connections: one type for all that may encrypt them.
pub(crate) trait Dial: Send + Sync + fmt::Debug {
    /// A connection. The task that carries its bytes ends when the client is dropped.
    fn dial<'a>(&'a self, config: &'a Config) -> Dialed<'a>;
}

/// One that encrypts by a connector of tokio-postgres.
pub(crate) struct Dialer<T>(pub(crate) T);

impl<T> Dial for Dialer<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn dial<'a>(&'a self, config: &'a Config) -> Dialed<'a> {
        Box::pin(async move {
            let (client, connection) = config.connect(self.0.clone()).await?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection ended");
                }
            });
            Ok(client)
        })
    }
}

impl<T> fmt::Debug for Dialer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dialer")
    }
}
