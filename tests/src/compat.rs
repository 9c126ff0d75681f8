//! Stores of every format version, kept for ever: how one is made, and how all of it is read.
//!
//! A kept store is a file `tests/compat/format-N.tar.gz`:
//!
//! ```text
//! store/          as a crash left it, with a log to replay
//! full/ next/     a full backup and an incremental one upon it, taken before that
//! expected        what the store must hold, as text::describe writes it
//! expected-next   what the two backups must hold
//! ```
//! What is expected was read by the version that made the store, before it stopped, and is kept as
//! text of its own, so that no later change of a type can change it.

use std::path::{Path, PathBuf};

use bourse::{Error, Options, Result};

pub mod archive;
mod content;
pub mod text;

/// The most that a kept store may take in the repository.
pub const BYTES_MAX: u64 = 300_000;

/// Where the kept stores lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("compat")
}

/// Options for a kept store: small, and with nothing running by itself.
pub fn options() -> Options {
    Options {
        shards: 3,
        cache_bytes: 32 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 2 << 20,
        background: false,
        ..Options::default()
    }
}

/// Makes a store of the present format in `folder`, which holds nothing: what an archive has.
///
/// # Errors
/// The store's.
pub fn make(folder: &Path) -> Result<()> {
    let expected = content::fill(folder)?;
    for (name, text) in expected {
        let path = folder.join(name);
        std::fs::write(&path, text)
            .map_err(|error| Error::io(format!("cannot write {}", path.display()), error))?;
    }
    Ok(())
}

/// The format version that the store in a folder says.
///
/// # Errors
/// The file cannot be read.
pub fn version(store: &Path) -> Result<u32> {
    let path = store.join("STORE");
    let bytes = std::fs::read(&path)
        .map_err(|error| Error::io(format!("cannot read {}", path.display()), error))?;
    match bytes.get(8..12) {
        Some(&[a, b, c, d]) => Ok(u32::from_le_bytes([a, b, c, d])),
        _ => Err(Error::corrupt(format!("{} is too short", path.display()))),
    }
}
