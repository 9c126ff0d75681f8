//! A full backup and the incremental ones upon it, found and put in order.
//!
//! # Invariants
//! - **C1** All links are of one store, with as many shards; each but the first builds upon the one
//!   before it, by id and by batch.
//! - **C2** The page of a position that the newest link's set has is the one of the newest link
//!   whose file has that position: a page that an incremental backup left out was part of the Cut
//!   that it builds upon, with the same identity.

use std::path::PathBuf;

use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, Result};

use super::manifest::Manifest;

/// A backup of the chain.
pub(super) struct ChainLink {
    pub(super) folder: PathBuf,
    pub(super) manifest: Manifest,
}

/// Backups in the order in which they were taken.
pub(super) struct Chain {
    /// At least one.
    links: Vec<ChainLink>,
}

impl Chain {
    /// Reads the manifests and puts them in order (C1). The folders may be given in any.
    ///
    /// # Errors
    /// `InvalidInput` when they are not of one chain; as [`Manifest::read`].
    pub(super) fn open(vfs: &dyn Vfs, folders: &[PathBuf]) -> Result<Chain> {
        let mut found = Vec::new();
        for folder in folders {
            let link = ChainLink { folder: folder.clone(), manifest: Manifest::read(vfs, folder)? };
            if let Some(first) = found.first() {
                check_same_store(first, &link)?;
            }
            let id = link.manifest.id;
            if let Some(twin) = found.iter().find(|other| other.manifest.id == id) {
                return Err(Error::invalid(format!(
                    "{} and {} hold the same backup: name each once",
                    twin.folder.display(),
                    link.folder.display()
                )));
            }
            found.push(link);
        }
        let is_base = |link: &ChainLink| {
            let id = link.manifest.id;
            found.iter().any(|other| other.manifest.base.is_some_and(|base| base.id == id))
        };
        let newest: Vec<usize> = (0..found.len()).filter(|at| !is_base(&found[*at])).collect();
        let &[newest] = newest.as_slice() else { return Err(no_chain(&found, &newest)) };
        let mut links = vec![found.swap_remove(newest)];
        while let Some(base) = links[0].manifest.base {
            let Some(at) = found.iter().position(|link| link.manifest.id == base.id) else { break };
            let link = found.swap_remove(at);
            if link.manifest.batch != base.batch {
                return Err(Error::corrupt(format!(
                    "{}: the backup that it builds upon has batch {}, but the one in {} has {}; \
                     use other copies of both",
                    links[0].folder.display(),
                    base.batch,
                    link.folder.display(),
                    link.manifest.batch
                )));
            }
            links.insert(0, link);
        }
        if !found.is_empty() {
            return Err(missing(&links[0]));
        }
        Ok(Chain { links })
    }

    /// The links, oldest first.
    pub(super) fn links(&self) -> &[ChainLink] {
        &self.links
    }

    /// The link whose state the chain is.
    pub(super) fn newest(&self) -> &ChainLink {
        &self.links[self.links.len() - 1]
    }

    /// Whether the chain begins with a full backup.
    pub(super) fn is_whole(&self) -> bool {
        self.links[0].manifest.base.is_none()
    }

    /// Refuses a chain that does not begin with a full backup.
    pub(super) fn check_whole(&self) -> Result<()> {
        if self.is_whole() { Ok(()) } else { Err(missing(&self.links[0])) }
    }

    /// How many shards the store has.
    pub(super) fn shards(&self) -> u16 {
        u16::try_from(self.newest().manifest.parts.len()).unwrap_or(u16::MAX)
    }
}

fn check_same_store(first: &ChainLink, other: &ChainLink) -> Result<()> {
    let (one, two) = (&first.manifest, &other.manifest);
    if one.store != two.store || one.parts.len() != two.parts.len() {
        return Err(Error::invalid(format!(
            "{} is a backup of store {:032x}, but {} is one of store {:032x}: name backups of one \
             store",
            other.folder.display(),
            two.store,
            first.folder.display(),
            one.store
        )));
    }
    Ok(())
}

fn no_chain(found: &[ChainLink], newest: &[usize]) -> Error {
    let is_there = |id: u128| found.iter().any(|link| link.manifest.id == id);
    let upon_nothing =
        |link: &&ChainLink| link.manifest.base.is_some_and(|base| !is_there(base.id));
    if let Some(link) = newest.iter().map(|at| &found[*at]).find(upon_nothing) {
        return missing(link);
    }
    let Some((one, two)) = newest.first().zip(newest.get(1)) else {
        return Error::invalid("name at least one folder with a backup");
    };
    Error::invalid(format!(
        "{} and {} are not of one chain: neither builds upon the other; name a full backup and \
         those that build upon it, up to the one that is wanted",
        found[*one].folder.display(),
        found[*two].folder.display()
    ))
}

fn missing(link: &ChainLink) -> Error {
    let base = link.manifest.base.map_or(0, |base| base.id);
    Error::invalid(format!(
        "{} is incremental: it builds upon the backup {base:032x} of the same store, which is not \
         among the folders named; name that one too, and all before it",
        link.folder.display()
    ))
}
