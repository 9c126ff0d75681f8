//! An archive in which a store has claimed its term: what its leader writes goes through here.

use bourse::replication::{History, ReplicationPosition};
use bourse_storage::{Error, Result};
use bytes::Bytes;
use object_store::path::Path;

use super::contents;
use super::names::{Segment, term_path};
use super::place::{Archive, Listing};

/// An archive, and the term that this process has claimed in it.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) archive: Archive,
    lineage: u128,
    term: u64,
}

impl Claim {
    /// Claims the store's term, so that no other store writes in it (A3), and that it is noticed
    /// when the archive is no longer there (A4): one that this process has claimed `before` is not
    /// begun again.
    ///
    /// # Errors
    /// A term that another store has; an archive that is gone; the network's and the disk's.
    pub(super) async fn make(
        archive: &Archive,
        position: &ReplicationPosition,
        before: Option<&Claim>,
    ) -> Result<Claim> {
        let own = &position.history;
        let (lineage, term) = (own.lineage(), own.newest().term);
        let claim = Claim { archive: archive.clone(), lineage, term };
        let path = claim.path();
        match archive.find(&path).await? {
            Some(bytes) => {
                let theirs = contents::history(&bytes, &path, lineage, term)?;
                check_is_own(own, &theirs, term)?;
            }
            None if before.is_some_and(|before| before.path() == path) => return Err(claim.gone()),
            None => archive.put(&path, Bytes::from(contents::claim(position))).await?,
        }
        Ok(claim)
    }

    fn path(&self) -> Path {
        term_path(&self.root(), self.term)
    }

    /// Below which all objects of the store's lineage are.
    pub(super) fn root(&self) -> Path {
        self.archive.root(self.lineage)
    }

    /// Refuses an archive in which a store writes that is no ancestor of this one.
    ///
    /// # Errors
    /// Such a one; the network's and the disk's.
    pub(super) async fn check_others(&self, own: &History, listing: &Listing) -> Result<()> {
        // Who claimed a term had those before in its history.
        for term in listing.terms.iter().copied().filter(|term| *term >= self.term) {
            let path = term_path(&self.root(), term);
            let bytes = self.archive.get(&path).await?;
            let theirs = contents::history(&bytes, &path, self.lineage, term)?;
            check_is_own(own, &theirs, term)?;
        }
        Ok(())
    }

    /// Whether the archive is still the one that was claimed (A4).
    ///
    /// # Errors
    /// It is not; the network's and the disk's.
    pub(super) async fn check_is_there(&self) -> Result<()> {
        match self.archive.find(&self.path()).await? {
            Some(_) => Ok(()),
            None => Err(self.gone()),
        }
    }

    /// Writes a segment, durably, into the archive that was claimed (A4).
    ///
    /// # Errors
    /// The archive is gone; the network's and the disk's.
    pub(super) async fn put(&self, first: u64, last: u64, bytes: Vec<u8>) -> Result<()> {
        let segment = Segment { first, last, term: self.term };
        self.check_is_there().await?;
        self.archive.put(&segment.path(&self.root()), Bytes::from(bytes)).await?;
        // It may have been taken away meanwhile.
        self.check_is_there().await
    }

    #[cold]
    fn gone(&self) -> Error {
        Error::invalid(format!(
            "the archive that was written to is no longer at {}: bring it back (is its disk \
             mounted?), or restart the server to begin a new one there",
            self.archive.url
        ))
    }
}

fn check_is_own(own: &History, theirs: &History, term: u64) -> Result<()> {
    let begun = theirs.newest().id;
    match own.epochs().iter().any(|epoch| epoch.id == begun) {
        true => Ok(()),
        false => Err(Error::invalid(format!(
            "another store of this lineage was promoted and writes to this archive in term {term}, \
             this one is in term {}: give this one an archive of its own",
            own.newest().term
        ))),
    }
}
