//! What a password is proven by: SCRAM-SHA-256's keys (RFC 5802, RFC 7677), never the password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::error::{Result, SqlError};

/// As PostgreSQL has it: more would be slower for whoever guesses, and for whoever logs in.
const ITERATIONS: usize = 4096;

const SALT_BYTES: usize = 16;

/// How PostgreSQL's text of one begins.
const MECHANISM: &str = "SCRAM-SHA-256$";

/// See the module's head.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    /// What is mixed into the password, so that the same one has other keys elsewhere.
    pub salt: Vec<u8>,
    /// How often it is hashed.
    pub iterations: usize,
    /// By which the client's proof is checked.
    pub stored_key: Vec<u8>,
    /// By which the server proves that it knows the password too.
    pub server_key: Vec<u8>,
}

impl Verifier {
    /// That of a password, with a salt of its own. A text that is a verifier already, as PostgreSQL
    /// writes it, is taken for what it is.
    ///
    /// # Errors
    /// 22023 for an empty password; 58000 when the operating system has no random numbers.
    pub fn of_password(password: &str) -> Result<Verifier> {
        if let Some(verifier) = Verifier::from_text(password) {
            return Ok(verifier);
        }
        if password.is_empty() {
            return Err(SqlError::new("22023", "a password cannot be empty"));
        }
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|error| {
            SqlError::new("58000", format!("the operating system has no random numbers: {error}"))
        })?;
        Ok(Verifier::with_salt(password, &salt, ITERATIONS))
    }

    pub(super) fn with_salt(password: &str, salt: &[u8], iterations: usize) -> Verifier {
        // What SASLprep refuses is taken as it is, as PostgreSQL does.
        let prepared = stringprep::saslprep(password);
        let prepared = prepared.as_deref().unwrap_or(password);
        let salted = salted(prepared.as_bytes(), salt, iterations);
        let client_key = keyed(&salted, b"Client Key");
        Verifier {
            salt: salt.to_vec(),
            iterations,
            stored_key: Sha256::digest(client_key).to_vec(),
            server_key: keyed(&salted, b"Server Key").to_vec(),
        }
    }

    /// One that no password proves, for a name that is not there: the same each time.
    pub fn mock(name: &str, secret: &[u8]) -> Verifier {
        let of = |what: &str| keyed(secret, format!("{what} {name}").as_bytes()).to_vec();
        let mut salt = of("salt");
        salt.truncate(SALT_BYTES);
        Verifier {
            salt,
            iterations: ITERATIONS,
            stored_key: of("stored"),
            server_key: of("server"),
        }
    }

    /// Whether the client's proof over an exchange shows that it knows the password. It takes the
    /// same time whatever the proof is.
    pub fn is_proven(&self, exchange: &[u8], proof: &[u8]) -> bool {
        let mut client_key = keyed(&self.stored_key, exchange);
        if proof.len() != client_key.len() {
            return false;
        }
        for (byte, of_proof) in client_key.iter_mut().zip(proof) {
            *byte ^= of_proof;
        }
        Sha256::digest(client_key).ct_eq(&self.stored_key).into()
    }

    /// By which the server shows that it knows the password too.
    pub fn signature(&self, exchange: &[u8]) -> [u8; 32] {
        keyed(&self.server_key, exchange)
    }

    /// As PostgreSQL writes it: `SCRAM-SHA-256$iterations:salt$stored key:server key`.
    pub fn to_text(&self) -> String {
        format!(
            "{MECHANISM}{}:{}${}:{}",
            self.iterations,
            STANDARD.encode(&self.salt),
            STANDARD.encode(&self.stored_key),
            STANDARD.encode(&self.server_key)
        )
    }

    /// What such a text is; `None` for any other.
    pub fn from_text(text: &str) -> Option<Verifier> {
        let (head, keys) = text.strip_prefix(MECHANISM)?.split_once('$')?;
        let (iterations, salt) = head.split_once(':')?;
        let (stored_key, server_key) = keys.split_once(':')?;
        let bytes = |text: &str| STANDARD.decode(text).ok();
        let verifier = Verifier {
            salt: bytes(salt)?,
            iterations: iterations.parse().ok().filter(|iterations| *iterations > 0)?,
            stored_key: bytes(stored_key)?,
            server_key: bytes(server_key)?,
        };
        (verifier.stored_key.len() == 32 && verifier.server_key.len() == 32).then_some(verifier)
    }
}

/// HMAC of a text with a key.
fn keyed(key: &[u8], text: &[u8]) -> [u8; 32] {
    // A key of any length is one.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// PBKDF2 with HMAC-SHA-256, one block.
fn salted(password: &[u8], salt: &[u8], iterations: usize) -> [u8; 32] {
    let mut block = salt.to_vec();
    block.extend_from_slice(&1_u32.to_be_bytes());
    let mut last = keyed(password, &block);
    let mut sum = last;
    for _ in 1..iterations {
        last = keyed(password, &last);
        for (sum, byte) in sum.iter_mut().zip(last) {
            *sum ^= byte;
        }
    }
    sum
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Keys are for nobody's log.
        f.debug_struct("Verifier").field("iterations", &self.iterations).finish_non_exhaustive()
    }
}
