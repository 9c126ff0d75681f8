//! Who a client is: SCRAM-SHA-256 (RFC 5802, RFC 7677) against the verifiers of the store's roles.
//!
//! A name that is not there is asked for a password as any other, with a salt that is always the
//! same for it, so that nobody learns which names there are. Passwords are never sent nor kept. A
//! wrong one costs its sender time, and the more the oftener.
//!
//! Over TLS the proof may be bound to the server's certificate (`SCRAM-SHA-256-PLUS`): whoever sits
//! between, with another certificate, cannot pass it on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bourse_sql::error::SqlError;
use bourse_sql::role::{Role, Verifier};
use bytes::{Buf as _, Bytes};

mod throttle;

pub(crate) use throttle::Throttle;

/// Numbers of the protocol's steps.
pub(crate) const SASL: u32 = 10;
pub(crate) const SASL_CONTINUE: u32 = 11;
pub(crate) const SASL_FINAL: u32 = 12;
pub(crate) const OK: u32 = 0;

const PLAIN: &str = "SCRAM-SHA-256";
const BOUND: &str = "SCRAM-SHA-256-PLUS";

/// How the client says that its proof is bound.
const BOUND_BY: &str = "p=tls-server-end-point";

const NONCE_BYTES: usize = 18;

/// The proof of a password, step by step.
pub(crate) struct Proof {
    /// The hash of the server's certificate, where the proof may be bound to it.
    certificate: Option<Vec<u8>>,
    verifier: Verifier,
    /// Nobody can prove it: the role is not there, or may not log in.
    is_hopeless: bool,
    exchange: Option<Exchange>,
}

/// What was said so far.
struct Exchange {
    /// The client's first message without what is about binding.
    first: String,
    /// The answer.
    answer: String,
    /// Both sides' numbers, used once.
    nonce: String,
    /// What the last message must repeat of the first, with what it is bound to.
    binding: Vec<u8>,
}

fn malformed() -> SqlError {
    SqlError::new("08P01", "malformed SCRAM message")
}

/// What whoever fails is told, whatever the reason.
pub(crate) fn refused(user: &str) -> SqlError {
    SqlError::new("28P01", format!("password authentication failed for user \"{user}\""))
}

impl Proof {
    /// Of a role's password. `secret` is the server's, from which the salts come of roles that are
    /// not there.
    pub(crate) fn new(
        certificate: Option<Vec<u8>>,
        role: Option<&Role>,
        user: &str,
        secret: &[u8],
    ) -> Proof {
        let verifier = role.filter(|role| role.can_login).and_then(|role| role.verifier.clone());
        let is_hopeless = verifier.is_none();
        let verifier = verifier.unwrap_or_else(|| Verifier::mock(user, secret));
        Proof { certificate, verifier, is_hopeless, exchange: None }
    }

    /// The mechanisms that are offered.
    pub(crate) fn mechanisms(&self) -> Vec<u8> {
        let mut names = Vec::new();
        if self.certificate.is_some() {
            names.extend_from_slice(BOUND.as_bytes());
            names.push(0);
        }
        names.extend_from_slice(PLAIN.as_bytes());
        names.extend_from_slice(&[0, 0]);
        names
    }

    /// The client's first message, with the mechanism that it chose; returns the answer.
    pub(crate) fn first(&mut self, message: Bytes) -> Result<String, SqlError> {
        let (is_bound, message) = self.chosen(message)?;
        let text = std::str::from_utf8(&message).map_err(|_| malformed())?;
        let (flag, rest) = text.split_once(',').ok_or_else(malformed)?;
        let (authorized, first) = rest.split_once(',').ok_or_else(malformed)?;
        let mut binding = format!("{flag},{authorized},").into_bytes();
        match (flag, &self.certificate) {
            (BOUND_BY, Some(certificate)) if is_bound => binding.extend_from_slice(certificate),
            ("n", _) if !is_bound => {}
            ("y", None) if !is_bound => {}
            ("y", Some(_)) => {
                // It could, and believes that the server could not: somebody has told it so.
                return Err(SqlError::new("28000", "SCRAM channel binding negotiation error"));
            }
            _ => return Err(malformed()),
        }
        let mut fields = first.split(',');
        let is_user = fields.next().is_some_and(|field| field.starts_with("n="));
        let nonce = fields.next().and_then(|field| field.strip_prefix("r="));
        let nonce = nonce.filter(|nonce| is_user && !nonce.is_empty()).ok_or_else(malformed)?;
        let own: [u8; NONCE_BYTES] = rand::random();
        let nonce = format!("{nonce}{}", STANDARD.encode(own));
        let salt = STANDARD.encode(&self.verifier.salt);
        let answer = format!("r={nonce},s={salt},i={}", self.verifier.iterations);
        let (first, told) = (first.to_owned(), answer.clone());
        self.exchange = Some(Exchange { first, answer, nonce, binding });
        Ok(told)
    }

    /// Whether the proof will be bound, and what follows the mechanism's name.
    fn chosen(&self, mut message: Bytes) -> Result<(bool, Bytes), SqlError> {
        let end = message.iter().position(|byte| *byte == 0).ok_or_else(malformed)?;
        let mechanism = message.split_to(end);
        message.advance(1);
        let is_bound = match &mechanism[..] {
            name if name == BOUND.as_bytes() && self.certificate.is_some() => true,
            name if name == PLAIN.as_bytes() => false,
            _ => return Err(SqlError::new("08P01", "client selected an invalid SASL mechanism")),
        };
        let length = *message.first_chunk::<4>().ok_or_else(malformed)?;
        message.advance(4);
        let length = usize::try_from(i32::from_be_bytes(length)).map_err(|_| malformed())?;
        if length != message.len() {
            return Err(malformed());
        }
        Ok((is_bound, message))
    }

    /// The client's last message; returns the answer, if the password is the right one.
    pub(crate) fn last(&mut self, message: &[u8], user: &str) -> Result<String, SqlError> {
        let Exchange { first, answer, nonce, binding } =
            self.exchange.take().ok_or_else(malformed)?;
        let text = std::str::from_utf8(message).map_err(|_| malformed())?;
        let (unproven, proof) = text.rsplit_once(",p=").ok_or_else(malformed)?;
        let mut fields = unproven.split(',');
        let repeated = fields.next().and_then(|field| field.strip_prefix("c="));
        if repeated != Some(STANDARD.encode(binding).as_str()) {
            return Err(SqlError::new("28000", "SCRAM channel binding check failed"));
        }
        if fields.next().and_then(|field| field.strip_prefix("r=")) != Some(nonce.as_str()) {
            return Err(malformed());
        }
        let proof = STANDARD.decode(proof).map_err(|_| malformed())?;
        let exchange = format!("{first},{answer},{unproven}");
        // The same is computed for names that are not there.
        let is_proven = self.verifier.is_proven(exchange.as_bytes(), &proof);
        if !is_proven || self.is_hopeless {
            return Err(refused(user));
        }
        Ok(format!("v={}", STANDARD.encode(self.verifier.signature(exchange.as_bytes()))))
    }
}
