//! The folder that an import or a restore fills: built aside, put in place when all of it is there.
//!
//! ```text
//! PATH                     DESCRIPTION
//! DIR                      the store, once it is complete
//! DIR.importing/IMPORT     locked while an import runs; tells that the folder is an import's
//! DIR.importing/store      the store while it is built
//! DIR.importing/replaced   what was in DIR, while the two are exchanged
//! ```
//! A restore has DIR.restoring/RESTORE instead.
//!
//! # Invariants
//!
//! - **I1** DIR is what it was, or the whole new store, at every moment but one: between the two
//!   renames of an exchange. The next of its kind finds that and undoes it.
//! - **I2** Only an empty folder or a store that nobody has open is ever replaced.

use std::path::{Path, PathBuf};

use bourse_storage::vfs::Vfs;
use bourse_storage::vfs::os::{OsVfs, remove_folder};
use bourse_storage::{Error, Result};

/// The file that makes a folder a store, and the one that whoever opens it locks.
const STORE: &str = "STORE";
const LOCK: &str = "LOCK";

/// What a folder is filled for.
#[derive(Clone, Copy)]
pub(crate) struct Purpose {
    /// What it is called in messages.
    noun: &'static str,
    /// What the name of the folder aside ends in.
    ending: &'static str,
    /// The file that is locked in it.
    marker: &'static str,
}

/// An import.
pub(crate) const IMPORT: Purpose =
    Purpose { noun: "import", ending: ".importing", marker: "IMPORT" };
/// A restore.
pub(crate) const RESTORE: Purpose =
    Purpose { noun: "restore", ending: ".restoring", marker: "RESTORE" };

/// A claimed folder.
pub(crate) struct Target {
    folder: PathBuf,
    parent: PathBuf,
    aside: PathBuf,
    /// Keep others that would fill it, and users of the old store, away.
    _locks: Vec<Box<dyn Send + Sync>>,
}

impl Target {
    /// Claims `folder`, which must be new or empty, or a store that may be replaced. What an
    /// interrupted one for the same purpose left is removed.
    pub(crate) fn claim(folder: &Path, replace: bool, purpose: Purpose) -> Result<Target> {
        let (parent, name) = parent_and_name(folder)?;
        make_folder(&parent)?;
        let folder = parent.join(&name);
        let mut aside_name = name;
        aside_name.push(purpose.ending);
        let aside = parent.join(aside_name);
        let mut locks = vec![claim_aside(&aside, purpose)?];
        let replaced = aside.join("replaced");
        if replaced.exists() && !folder.exists() {
            rename(&replaced, &folder)?; // I1
        }
        remove_folder(&aside.join("store"))?;
        remove_folder(&replaced)?;
        match refusal(&folder, replace) {
            Ok(true) => locks.push(OsVfs.lock(&folder.join(LOCK))?), // I2
            Ok(false) => {}
            Err(error) => {
                drop(locks);
                remove_folder(&aside)?;
                return Err(error);
            }
        }
        Ok(Target { folder, parent, aside, _locks: locks })
    }

    /// Where the store is built.
    pub(crate) fn building(&self) -> PathBuf {
        self.aside.join("store")
    }

    /// Puts the store, which is closed, in place (I1).
    pub(crate) fn finish(self) -> Result<()> {
        if self.folder.exists() {
            rename(&self.folder, &self.aside.join("replaced"))?;
        }
        rename(&self.building(), &self.folder)?;
        OsVfs.sync_folder(&self.parent)?;
        remove_folder(&self.aside)
    }

    /// Gives up: removes what was built.
    pub(crate) fn abandon(self) -> Result<()> {
        remove_folder(&self.aside)
    }
}

fn parent_and_name(folder: &Path) -> Result<(PathBuf, std::ffi::OsString)> {
    let absolute = std::path::absolute(folder)
        .map_err(|error| Error::io(format!("cannot find {}", folder.display()), error))?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => Ok((parent.to_owned(), name.to_owned())),
        _ => Err(Error::invalid(format!(
            "{} cannot be a store: name a folder inside another one",
            folder.display()
        ))),
    }
}

/// Makes or finds the folder aside, and locks it.
fn claim_aside(aside: &Path, purpose: Purpose) -> Result<Box<dyn Send + Sync>> {
    let noun = purpose.noun;
    let marker = aside.join(purpose.marker);
    if aside.exists() && !marker.exists() && !is_empty(aside)? {
        return Err(Error::invalid(format!(
            "{} is needed for the {noun} but holds something else: move it away",
            aside.display()
        )));
    }
    make_folder(aside)?;
    OsVfs.lock(&marker).map_err(|error| {
        let what = format!("another {noun} into {} runs: wait for it", aside.display());
        Error::new(error.kind(), what).with_source(error)
    })
}

/// Whether there is a store to be replaced; refuses what must stay.
fn refusal(folder: &Path, replace: bool) -> Result<bool> {
    let shown = folder.display();
    if !folder.exists() {
        return Ok(false);
    }
    if !folder.is_dir() {
        return Err(Error::invalid(format!("{shown} is a file: name a folder")));
    }
    if is_empty(folder)? {
        return Ok(false);
    }
    let store = folder.join(STORE).exists();
    match (store, replace) {
        (true, true) => Ok(true),
        (true, false) => Err(Error::invalid(format!(
            "{shown} holds a store already: give --replace to replace it, or name another folder"
        ))),
        (false, _) => Err(Error::invalid(format!(
            "{shown} is not empty and no store: name an empty or a new folder"
        ))),
    }
}

fn is_empty(folder: &Path) -> Result<bool> {
    let mut entries = std::fs::read_dir(folder)
        .map_err(|error| Error::io(format!("cannot read {}", folder.display()), error))?;
    Ok(entries.next().is_none())
}

fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Error::io(format!("cannot make the folder {}", folder.display()), error))
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|error| {
        Error::io(format!("cannot rename {} to {}", from.display(), to.display()), error)
    })
}
