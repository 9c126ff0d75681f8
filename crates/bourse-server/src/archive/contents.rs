//! What is in an archive's objects, as bytes: segments of parcels, and histories of terms.

use bourse::replication::{History, Parcel, ReplicationPosition};
use bourse_storage::{Error, Result};
use object_store::path::Path;

use crate::replication::{Fault, frame};

/// The first bytes of a segment, and of a term's object; the last of them is the version.
const SEGMENT: &[u8; 8] = b"BRSARCH\x01";
const TERM: &[u8; 8] = b"BRSTERM\x01";

/// Kinds of frames.
const PARCEL: u8 = b'p';
const POSITION: u8 = b'h';

/// The beginning of a segment.
pub(super) fn begin_segment() -> Vec<u8> {
    SEGMENT.to_vec()
}

/// Adds a parcel to a segment.
pub(super) fn push_parcel(segment: &mut Vec<u8>, parcel: &Parcel) {
    frame::encode(PARCEL, parcel.as_bytes(), segment);
}

/// The parcels of a segment.
///
/// # Errors
/// `Corrupt`, naming the object; also of each parcel.
pub(super) fn parcels<'b>(
    bytes: &'b [u8],
    path: &'b Path,
) -> Result<impl Iterator<Item = Result<Parcel>> + 'b> {
    let mut rest = body(bytes, SEGMENT, path)?;
    Ok(std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let parcel =
            frame::take(&mut rest).map_err(|fault| unframed(path, fault)).and_then(|frame| {
                match frame.kind {
                    PARCEL => Parcel::decode(&frame.payload).map_err(|error| within(path, error)),
                    _ => Err(damaged(path, "has a frame that is no parcel")),
                }
            });
        if parcel.is_err() {
            rest = &[];
        }
        Some(parcel)
    }))
}

/// The object by which a store claims its term.
pub(super) fn claim(position: &ReplicationPosition) -> Vec<u8> {
    let mut bytes = TERM.to_vec();
    frame::encode(POSITION, &position.encode(), &mut bytes);
    bytes
}

/// The history of who claimed a term of a lineage.
///
/// # Errors
/// `Corrupt`, naming the object.
pub(super) fn history(bytes: &[u8], path: &Path, lineage: u128, term: u64) -> Result<History> {
    let mut rest = body(bytes, TERM, path)?;
    let frame = frame::take(&mut rest).map_err(|fault| unframed(path, fault))?;
    if frame.kind != POSITION || !rest.is_empty() {
        return Err(damaged(path, "has more than the history of a store, or something else"));
    }
    let position = ReplicationPosition::decode(&frame.payload);
    let history = position.map_err(|error| within(path, error))?.history;
    match history.lineage() == lineage && history.newest().term == term {
        true => Ok(history),
        false => Err(damaged(path, "has the history of another store than its name says")),
    }
}

/// What follows the magic number.
fn body<'b>(bytes: &'b [u8], magic: &[u8; 8], path: &Path) -> Result<&'b [u8]> {
    match bytes.split_first_chunk::<8>() {
        Some((begin, rest)) if begin == magic => Ok(rest),
        Some((begin, _)) if begin[..7] == magic[..7] => Err(Error::invalid(format!(
            "{path} of the archive is of version {}, this version of Bourse reads {}: use the one \
             that wrote it",
            begin[7], magic[7]
        ))),
        _ => Err(damaged(path, "does not begin as such an object does")),
    }
}

#[cold]
fn unframed(path: &Path, fault: Fault) -> Error {
    let what = match fault {
        Fault::Malformed(what) => what,
        other => other.to_string(),
    };
    damaged(path, &format!("is damaged (it has {what})"))
}

/// What is told of an object that is not as it was written.
#[cold]
pub(super) fn damaged(path: &Path, what: &str) -> Error {
    Error::corrupt(format!(
        "{path} of the archive {what}: restore to a moment before it, or get the object from a copy"
    ))
}

/// An error of what an object has, with the object's name.
#[cold]
pub(super) fn within(path: &Path, error: Error) -> Error {
    Error::new(error.kind(), format!("{path} of the archive: {error}")).with_source(error)
}
