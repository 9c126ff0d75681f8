//! The cluster's secret: what every node of it knows and nobody else.
//!
//! Both sides prove that they know it without saying it: HMAC-SHA-256 over what both have said so
//! far and over keys that the TLS session between them has (RFC 5705). Whoever sits in between has
//! two sessions with other keys, so a proof that is passed on is none. That is why the certificates
//! need no authority: each node makes one of its own when it starts.
//!
//! The node that connects proves itself first, so a stranger learns nothing that it could try
//! guesses on.

use std::path::Path;

use bourse_storage::{Error, Result};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::message::NONCE_BYTES;

/// Bytes of a secret at least: what cannot be guessed.
const SECRET_BYTES_MIN: usize = 32;

/// Bytes of a secret's file at most.
const SECRET_BYTES_MAX: usize = 4 << 10;

/// The secret.
#[derive(Clone)]
pub(crate) struct Secret(Vec<u8>);

/// Whose proof it is: neither can be shown in place of the other's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Follower,
    Leader,
}

/// What a proof is about.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    /// Keys that the TLS session has, and no other session.
    pub(crate) session: [u8; NONCE_BYTES],
    pub(crate) follower_nonce: [u8; NONCE_BYTES],
    pub(crate) leader_nonce: [u8; NONCE_BYTES],
    pub(crate) version: u16,
    pub(crate) node: String,
    pub(crate) instance: u128,
}

impl Secret {
    /// Reads the file of the secret. White space at its end does not count.
    ///
    /// # Errors
    /// A file that cannot be read, or has less than 32 bytes.
    pub(crate) fn read(path: &Path) -> Result<Secret> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| {
            Error::io(format!("cannot read the cluster's secret {shown}"), error)
        })?;
        Secret::of(&bytes).map_err(|what| {
            Error::invalid(format!(
                "{shown} {what}: make one by `head -c 32 /dev/urandom | base64 > {shown}`"
            ))
        })
    }

    /// The secret that a file's bytes are.
    pub(crate) fn of(bytes: &[u8]) -> std::result::Result<Secret, String> {
        let secret = bytes.trim_ascii_end();
        if !(SECRET_BYTES_MIN..=SECRET_BYTES_MAX).contains(&secret.len()) {
            let length = secret.len();
            return Err(format!(
                "has {length} bytes; a secret has {SECRET_BYTES_MIN} to {SECRET_BYTES_MAX}"
            ));
        }
        Ok(Secret(secret.to_vec()))
    }

    /// What proves that a side knows it.
    pub(crate) fn proof(&self, side: Side, exchange: &Exchange) -> [u8; NONCE_BYTES] {
        self.mac(side, exchange).finalize().into_bytes().into()
    }

    /// Whether a side has proven it. Takes the same time whatever the proof is.
    pub(crate) fn is_proven(&self, side: Side, exchange: &Exchange, proof: &[u8]) -> bool {
        self.mac(side, exchange).verify_slice(proof).is_ok()
    }

    fn mac(&self, side: Side, exchange: &Exchange) -> Hmac<Sha256> {
        let mut mac = match Hmac::<Sha256>::new_from_slice(&self.0) {
            Ok(mac) => mac,
            Err(_) => unreachable!("HMAC takes keys of any length"),
        };
        mac.update(match side {
            Side::Follower => b"bourse replication follower",
            Side::Leader => b"bourse replication leader  ",
        });
        mac.update(&exchange.version.to_le_bytes());
        mac.update(&exchange.session);
        mac.update(&exchange.follower_nonce);
        mac.update(&exchange.leader_nonce);
        mac.update(&exchange.instance.to_le_bytes());
        mac.update(exchange.node.as_bytes());
        mac
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}
