//! A connection between two nodes: TLS, both proven to know the cluster's secret, and messages in
//! both directions.
//!
//! # Invariants
//! - **C1** Nothing but the greeting is read from, or said to, a node that has not proven itself.
//! - **C2** Messages are read by one task alone, which is never given up in the midst of one; it
//!   reads no further than a few messages ahead of who takes them. So a node that is slow is waited
//!   for, by the network's own means.

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::{Error, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, ServerConfig, SignatureScheme};
use tokio::io::{AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

use super::fault::{Fault, Reason};
use super::frame;
use super::message::{
    GREETING_BYTES_MAX, Hello, Message, NONCE_BYTES, VERSION, VERSION_MIN, Welcome,
};
use super::secret::{Exchange, Secret, Side};

/// Messages that are read ahead of who takes them (C2).
const AHEAD: usize = 4;

/// How long a greeting may take.
const GREETING: Duration = Duration::from_secs(10);

/// The name of the protocol inside of TLS.
const PROTOCOL: &[u8] = b"bourse-replication";
const EXPORTER: &[u8] = b"EXPORTER-bourse-replication";

/// What a node encrypts by: a key of its own, made when it starts.
#[derive(Clone)]
pub(crate) struct Encryption {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
}

impl Encryption {
    /// With a new key.
    ///
    /// # Errors
    /// None is known.
    pub(crate) fn new() -> Result<Encryption> {
        let failed = |error: &dyn std::fmt::Display| {
            Error::invalid(format!("cannot make a key for replication: {error}"))
        };
        let made = rcgen::generate_simple_self_signed(vec!["bourse".to_owned()])
            .map_err(|error| failed(&error))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(ring::default_provider());
        let versions = &[&rustls::version::TLS13];
        let mut server = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(|error| failed(&error))?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .map_err(|error| failed(&error))?;
        server.alpn_protocols = vec![PROTOCOL.to_vec()];
        let mut client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(|error| failed(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(ProvenLater(provider)))
            .with_no_client_auth();
        client.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(Encryption {
            acceptor: TlsAcceptor::from(Arc::new(server)),
            connector: TlsConnector::from(Arc::new(client)),
        })
    }
}

/// Takes any certificate whose key the other side has: who that is, it proves by the secret, over
/// keys of this very session ([`Secret`]).
#[derive(Debug)]
struct ProvenLater(Arc<CryptoProvider>);

impl ServerCertVerifier for ProvenLater {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Says messages to the other node.
pub(crate) struct Sender {
    way: Out,
    buffer: Vec<u8>,
    timeout: Duration,
}

/// Where messages go.
enum Out {
    Stream(WriteHalf<TlsStream<TcpStream>>),
    /// A simulated network; none once nothing more comes.
    Simulated(Option<mpsc::Sender<(Instant, Message)>>),
}

impl Sender {
    /// Says something. Returns how many bytes it took.
    pub(crate) async fn send(&mut self, message: &Message) -> std::result::Result<usize, Fault> {
        let writer = match &mut self.way {
            Out::Stream(writer) => writer,
            Out::Simulated(way) => {
                return send_simulated(way.as_ref(), message, self.timeout).await;
            }
        };
        self.buffer.clear();
        let bytes = message.encode(&mut self.buffer);
        let sending = async {
            writer.write_all(&self.buffer).await?;
            writer.flush().await
        };
        match tokio::time::timeout(self.timeout, sending).await {
            Ok(sent) => sent?,
            Err(_) => return Err(silent(self.timeout)),
        }
        if self.buffer.capacity() > 1 << 20 {
            self.buffer = Vec::new();
        }
        Ok(bytes)
    }

    /// Says that nothing more comes, and waits a moment for the other node to have read it.
    pub(crate) async fn finish(&mut self) {
        match &mut self.way {
            Out::Stream(writer) => {
                let _ = tokio::time::timeout(Duration::from_secs(1), writer.shutdown()).await;
            }
            Out::Simulated(way) => *way = None,
        }
    }
}

async fn send_simulated(
    way: Option<&mpsc::Sender<(Instant, Message)>>,
    message: &Message,
    timeout: Duration,
) -> std::result::Result<usize, Fault> {
    let Some(way) = way else { return Err(Fault::lost("nothing more was to come")) };
    match tokio::time::timeout(timeout, way.send((Instant::now(), message.clone()))).await {
        Ok(Ok(())) => Ok(0),
        Ok(Err(_)) => Err(Fault::lost("the connection was closed")),
        Err(_) => Err(silent(timeout)),
    }
}

/// What the other node says.
pub(crate) struct Receiver {
    messages: mpsc::Receiver<std::result::Result<(Message, usize), Fault>>,
    reading: tokio::task::JoinHandle<()>,
    timeout: Duration,
    /// When something came last.
    heard: Instant,
}

impl Receiver {
    /// Something is expected from now on only: the silence before does not count.
    pub(crate) fn expect(&mut self) {
        self.heard = Instant::now();
    }

    /// The next message, and how many bytes it took on the way. May be given up and called again.
    pub(crate) async fn next(&mut self) -> std::result::Result<(Message, usize), Fault> {
        // Calls that are given up do not begin the time anew.
        match tokio::time::timeout_at(self.heard + self.timeout, self.messages.recv()).await {
            Ok(Some(Ok((Message::Refused { reason, text }, _)))) => {
                Err(Fault::Refused(reason, text))
            }
            Ok(Some(message)) => {
                self.heard = Instant::now();
                message
            }
            Ok(None) => Err(Fault::lost("the connection was closed")),
            Err(_) => Err(silent(self.timeout)),
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

fn silent(timeout: Duration) -> Fault {
    Fault::lost(format!("the other node was silent for {} ms", timeout.as_millis()))
}

/// Both directions, after the greeting.
pub(crate) struct Channel {
    pub(crate) sender: Sender,
    pub(crate) receiver: Receiver,
}

impl Channel {
    /// Over a simulated network, which gives messages to `sent` on, and `received` by `carrying`.
    pub(crate) fn simulated(
        sent: mpsc::Sender<(Instant, Message)>,
        received: mpsc::Receiver<std::result::Result<(Message, usize), Fault>>,
        carrying: tokio::task::JoinHandle<()>,
        timeout: Duration,
    ) -> Channel {
        let sender = Sender { way: Out::Simulated(Some(sent)), buffer: Vec::new(), timeout };
        let heard = Instant::now();
        let receiver = Receiver { messages: received, reading: carrying, timeout, heard };
        Channel { sender, receiver }
    }
}

/// Both directions, before it.
struct Greeting {
    reader: ReadHalf<TlsStream<TcpStream>>,
    sender: Sender,
    session: [u8; NONCE_BYTES],
}

impl Greeting {
    fn new(stream: TlsStream<TcpStream>, timeout: Duration) -> std::result::Result<Self, Fault> {
        let exported = match &stream {
            TlsStream::Client(stream) => {
                stream.get_ref().1.export_keying_material([0; NONCE_BYTES], EXPORTER, None)
            }
            TlsStream::Server(stream) => {
                stream.get_ref().1.export_keying_material([0; NONCE_BYTES], EXPORTER, None)
            }
        };
        let session = exported.map_err(|error| Fault::lost(error.to_string()))?;
        let (reader, writer) = tokio::io::split(stream);
        let sender = Sender { way: Out::Stream(writer), buffer: Vec::new(), timeout };
        Ok(Greeting { reader, sender, session })
    }

    async fn next(&mut self) -> std::result::Result<Message, Fault> {
        // C1
        let frame = frame::read(&mut self.reader, GREETING_BYTES_MAX).await?;
        match Message::decode(frame.kind, frame.payload)? {
            Message::Refused { reason, text } => Err(Fault::Refused(reason, text)),
            message => Ok(message),
        }
    }

    async fn refuse<T>(&mut self, reason: Reason, text: String) -> std::result::Result<T, Fault> {
        self.sender.send(&Message::Refused { reason, text: text.clone() }).await?;
        self.sender.finish().await;
        Err(Fault::Refused(reason, text))
    }

    fn over(self, timeout: Duration) -> Channel {
        let Greeting { mut reader, sender, .. } = self;
        let (give, messages) = mpsc::channel(AHEAD);
        // C2
        let reading = tokio::spawn(async move {
            loop {
                let read = async {
                    let frame = frame::read(&mut reader, frame::PAYLOAD_BYTES_MAX).await?;
                    let bytes = frame.wire_bytes;
                    Ok((Message::decode(frame.kind, frame.payload)?, bytes))
                };
                let message = read.await;
                let is_over = message.is_err();
                if give.send(message).await.is_err() || is_over {
                    return;
                }
            }
        });
        let receiver = Receiver { messages, reading, timeout, heard: Instant::now() };
        Channel { sender, receiver }
    }
}

/// What a node greets others by.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) encryption: Encryption,
    pub(crate) secret: Secret,
    /// How long the other node may be silent.
    pub(crate) timeout: Duration,
}

fn unexpected(message: &Message) -> Fault {
    let text = format!("{message:?}");
    let name = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    Fault::malformed(format!("{name} where something else was to come"))
}

/// Greets a node that has connected. `welcome` says who this one is; its proof is added.
pub(crate) async fn accept(
    stream: TcpStream,
    credentials: &Credentials,
    welcome: Welcome,
) -> std::result::Result<(Channel, Hello), Fault> {
    let greeted = async {
        let stream = credentials.encryption.acceptor.accept(stream).await?;
        let mut greeting = Greeting::new(TlsStream::Server(stream), credentials.timeout)?;
        let hello = match greeting.next().await? {
            Message::Hello(hello) => hello,
            other => return Err(unexpected(&other)),
        };
        let version = VERSION.min(hello.version_max);
        if version < VERSION_MIN.max(hello.version_min) {
            let text = format!(
                "it speaks versions {} to {} of the protocol, this node {VERSION_MIN} to \
                 {VERSION}: use the same version of Bourse on both",
                hello.version_min, hello.version_max
            );
            return greeting.refuse(Reason::Version, text).await;
        }
        let leader_nonce = rand::random();
        greeting.sender.send(&Message::Challenge { version, nonce: leader_nonce }).await?;
        let exchange = Exchange {
            session: greeting.session,
            follower_nonce: hello.nonce,
            leader_nonce,
            version,
            node: hello.node.clone(),
            instance: hello.instance,
        };
        let proof = match greeting.next().await? {
            Message::Proof(proof) => proof,
            other => return Err(unexpected(&other)),
        };
        if !credentials.secret.is_proven(Side::Follower, &exchange, &proof) {
            let text = "the cluster's secret is another one here".to_owned();
            return greeting.refuse(Reason::Unknown, text).await;
        }
        let proof = credentials.secret.proof(Side::Leader, &exchange);
        greeting.sender.send(&Message::Welcome(Welcome { proof, ..welcome })).await?;
        Ok((greeting.over(credentials.timeout), hello))
    };
    in_time(greeted).await
}

/// Connects to a node, and greets it under a name.
pub(crate) async fn connect(
    address: &str,
    credentials: &Credentials,
    node: &str,
    instance: u128,
) -> std::result::Result<(Channel, Welcome), Fault> {
    let greeted = async {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let name = match ServerName::try_from("bourse") {
            Ok(name) => name,
            Err(error) => return Err(Fault::lost(error.to_string())),
        };
        let stream = credentials.encryption.connector.connect(name, stream).await?;
        let mut greeting = Greeting::new(TlsStream::Client(stream), credentials.timeout)?;
        let follower_nonce = rand::random();
        let hello = Hello {
            version_min: VERSION_MIN,
            version_max: VERSION,
            nonce: follower_nonce,
            node: node.to_owned(),
            instance,
        };
        greeting.sender.send(&Message::Hello(hello)).await?;
        let (version, leader_nonce) = match greeting.next().await? {
            Message::Challenge { version, nonce } => (version, nonce),
            other => return Err(unexpected(&other)),
        };
        if !(VERSION_MIN..=VERSION).contains(&version) {
            return Err(Fault::malformed(format!("version {version}, which was not offered")));
        }
        let exchange = Exchange {
            session: greeting.session,
            follower_nonce,
            leader_nonce,
            version,
            node: node.to_owned(),
            instance,
        };
        let proof = credentials.secret.proof(Side::Follower, &exchange);
        greeting.sender.send(&Message::Proof(proof)).await?;
        let welcome = match greeting.next().await? {
            Message::Welcome(welcome) => welcome,
            other => return Err(unexpected(&other)),
        };
        if !credentials.secret.is_proven(Side::Leader, &exchange, &welcome.proof) {
            let text = "it does not know the cluster's secret".to_owned();
            return Err(Fault::Refused(Reason::Unknown, text));
        }
        Ok((greeting.over(credentials.timeout), welcome))
    };
    in_time(greeted).await
}

async fn in_time<T>(
    greeted: impl Future<Output = std::result::Result<T, Fault>>,
) -> std::result::Result<T, Fault> {
    match tokio::time::timeout(GREETING, greeted).await {
        Ok(greeted) => greeted,
        Err(_) => Err(Fault::lost("the greeting was not over in time")),
    }
}
