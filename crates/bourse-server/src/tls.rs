//! TLS: a certificate and its key, read again when their files change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bourse_storage::sync::Mutex;
use bourse_storage::{Error, Result};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at.
pub(crate) const INTERVAL: Duration = Duration::from_secs(5);

/// The certificate of now.
pub(crate) struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

#[derive(Clone)]
struct Current {
    config: Arc<ServerConfig>,
    /// What a proof of a password is bound to.
    binding: Option<Vec<u8>>,
    changed: Option<SystemTime>,
}

impl Tls {
    /// Reads both files.
    ///
    /// # Errors
    /// What cannot be read, or is no certificate and its key.
    pub(crate) fn open(certificate: &Path, key: &Path) -> Result<Tls> {
        let current = Mutex::new(read(certificate, key)?);
        Ok(Tls { certificate: certificate.to_owned(), key: key.to_owned(), current })
    }

    /// What accepts a connection now.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.current.lock().config))
    }

    /// What a proof of a password is bound to: the hash of the certificate of now.
    pub(crate) fn binding(&self) -> Option<Vec<u8>> {
        self.current.lock().binding.clone()
    }

    /// Reads the files again if they have changed. Where they are no good, those of before stay.
    pub(crate) fn refresh(&self) {
        if changed(&self.certificate, &self.key) == self.current.lock().changed {
            return;
        }
        match read(&self.certificate, &self.key) {
            Ok(current) => {
                *self.current.lock() = current;
                tracing::info!("read the certificate {} anew", self.certificate.display());
            }
            Err(error) => {
                // Once, and not again until they change again.
                self.current.lock().changed = changed(&self.certificate, &self.key);
                tracing::error!("the certificate of before stays: {error}");
            }
        }
    }
}

/// When either file was changed last.
fn changed(certificate: &Path, key: &Path) -> Option<SystemTime> {
    let of = |path: &Path| std::fs::metadata(path).ok()?.modified().ok();
    Some(of(certificate)?.max(of(key)?))
}

fn read(certificate: &Path, key: &Path) -> Result<Current> {
    let changed = changed(certificate, key);
    let invalid = |path: &Path, error: &dyn std::fmt::Display| {
        Error::invalid(format!("{}: {error}", path.display()))
    };
    let pem = std::fs::read(certificate)
        .map_err(|error| Error::io(format!("cannot read {}", certificate.display()), error))?;
    let chain: std::result::Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_slice_iter(&pem).collect();
    let chain = chain.map_err(|error| invalid(certificate, &error))?;
    if chain.is_empty() {
        return Err(invalid(certificate, &"it has no certificate in PEM"));
    }
    let binding = binding_of(&chain[0]);
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| invalid(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| invalid(certificate, &error))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| invalid(certificate, &error))?;
    // Clients that ask for a protocol by name ask for this one.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(Current { config: Arc::new(config), binding, changed })
}

/// `tls-server-end-point` of RFC 5929: the certificate's hash, by the function that its signature
/// is made with, or a better one. `None` for signatures that name none.
fn binding_of(certificate: &[u8]) -> Option<Vec<u8>> {
    /// Last bytes of the numbers of signatures, and what they hash with.
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OID, ... }, ... }
    let (whole, _) = element(certificate)?;
    let (_, rest) = element(whole)?;
    let (algorithm, _) = element(rest)?;
    let (number, _) = element(algorithm)?;
    let is = |family: &[u8], kinds: &[u8]| {
        number.strip_prefix(family).is_some_and(|kind| kind.len() == 1 && kinds.contains(&kind[0]))
    };
    // MD5, SHA-1 and SHA-256, of which the first two are replaced by the third.
    if is(RSA, &[4, 5, 11]) || is(ECDSA, &[2]) || number == [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1] {
        return Some(Sha256::digest(certificate).to_vec());
    }
    if is(RSA, &[12]) || is(ECDSA, &[3]) {
        return Some(Sha384::digest(certificate).to_vec());
    }
    (is(RSA, &[13]) || is(ECDSA, &[4])).then(|| Sha512::digest(certificate).to_vec())
}

/// The content of the first element of DER, and what follows it.
fn element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.get(1..)?.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        long => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let digits = digits.iter().try_fold(0_usize, |sum, digit| {
                sum.checked_mul(256).map(|sum| sum + usize::from(*digit))
            });
            (digits?, rest)
        }
    };
    rest.split_at_checked(length)
}
