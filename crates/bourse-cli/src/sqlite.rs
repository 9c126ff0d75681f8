//! SQLite's files and errors, in the words of this command.

use std::path::{Path, PathBuf};

use bourse_storage::{Error, ErrorKind, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags};

/// An error of SQLite with what was being done, to which file, and what to do about it.
pub(crate) fn error(doing: &str, path: &Path, error: rusqlite::Error) -> Error {
    let file = path.display();
    let code = error.sqlite_error_code();
    let (kind, advice) = match code {
        Some(ErrorCode::NotADatabase) => (
            ErrorKind::InvalidInput,
            "it is not an SQLite database, or it is encrypted; decrypt it first",
        ),
        Some(ErrorCode::DatabaseCorrupt) => {
            (ErrorKind::Corrupt, "its bytes are damaged; restore it, or try sqlite3's .recover")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (ErrorKind::Busy, "another process holds its lock; stop that process and try again")
        }
        Some(ErrorCode::CannotOpen) => {
            (ErrorKind::Io, "it cannot be opened; look at its path and permissions")
        }
        Some(ErrorCode::PermissionDenied) => (ErrorKind::Io, "permission was denied"),
        Some(ErrorCode::ReadOnly) => (
            ErrorKind::Busy,
            "it needs a recovery that writes (a journal lies beside it); open it once with the \
             application or sqlite3",
        ),
        Some(ErrorCode::DiskFull) => (ErrorKind::Full, "the disk is full; make space"),
        Some(ErrorCode::SystemIoFailure) => (ErrorKind::Io, "the disk failed"),
        _ => (ErrorKind::InvalidInput, "SQLite refused"),
    };
    Error::new(kind, format!("{doing} {file}: {advice}")).with_source(error)
}

/// Deletes a database and the files that SQLite keeps beside it, where they exist.
pub(crate) fn remove_database(path: &Path) -> Result<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let file = beside(path, suffix);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(format!("cannot remove {}", file.display()), error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The path of a file that SQLite keeps beside a database.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens a database that must not be changed.
pub(crate) fn open_read_only(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags)
        .and_then(|connection| {
            connection.execute_batch("PRAGMA query_only = ON")?;
            Ok(connection)
        })
        .map_err(|cause| error("cannot open", file, cause))
}
