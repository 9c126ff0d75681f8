//! Where an archive is: objects in a folder or in S3.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bourse_storage::vfs::Vfs as _;
use bourse_storage::vfs::os::OsVfs;
use bourse_storage::{Error, Result};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};

use super::names::{Base, Segment, lineage_name, term_of_name};

/// An object store, and where in it.
#[derive(Clone)]
pub(crate) struct Archive {
    pub(super) store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Where it is a folder, that.
    folder: Option<PathBuf>,
    /// As it was named.
    pub(super) url: String,
}

/// What an archive has of a lineage.
#[derive(Default, Debug)]
pub(super) struct Listing {
    pub(super) segments: Vec<Segment>,
    /// Backups that are whole.
    pub(super) bases: Vec<Base>,
    pub(super) terms: Vec<u64>,
}

fn failed(what: impl Into<String>, error: object_store::Error) -> Error {
    Error::io(what, std::io::Error::other(error))
}

impl Archive {
    /// The archive at a URL, to read it.
    ///
    /// # Errors
    /// A URL that is none, or of what is not known; a folder that is not there.
    pub(crate) fn open(url: &str) -> Result<Archive> {
        match folder_of(url)? {
            None => bucket(url),
            Some(folder) if folder.is_dir() => Archive::in_folder(url, folder),
            Some(folder) => Err(Error::invalid(format!(
                "there is no archive at {}: no such folder",
                folder.display()
            ))),
        }
    }

    /// The archive at a URL, to write it: a folder is made.
    ///
    /// # Errors
    /// As [`Archive::open`]; a folder that cannot be made.
    pub(crate) fn create(url: &str) -> Result<Archive> {
        match folder_of(url)? {
            None => bucket(url),
            Some(folder) => {
                OsVfs.create_folder(&folder)?;
                Archive::in_folder(url, folder)
            }
        }
    }

    fn in_folder(url: &str, folder: PathBuf) -> Result<Archive> {
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| failed(format!("cannot open the archive {url}"), error))?;
        // What was acknowledged stays, also over a power cut. Of a backup that was given up nothing
        // does, no folder either.
        let store = Arc::new(store.with_fsync(true).with_automatic_cleanup(true));
        Ok(Archive { store, prefix: Path::default(), folder: Some(folder), url: url.to_owned() })
    }

    pub(super) fn root(&self, lineage: u128) -> Path {
        self.prefix.clone().join(lineage_name(lineage))
    }

    /// The one lineage that there is.
    ///
    /// # Errors
    /// None, or several; the network's and the disk's.
    pub(super) async fn only_lineage(&self) -> Result<u128> {
        let listed = self.store.list_with_delimiter(Some(&self.prefix)).await;
        let listed = listed.map_err(|error| failed(format!("cannot list {}", self.url), error))?;
        let names = listed.common_prefixes.iter().filter_map(Path::filename);
        let lineage = |name: &str| {
            let number = u128::from_str_radix(name, 16).ok()?;
            (lineage_name(number) == name).then_some(number)
        };
        match names.filter_map(lineage).collect::<Vec<_>>().as_slice() {
            [lineage] => Ok(*lineage),
            [] => Err(Error::invalid(format!(
                "there is no archive at {}: it has no folder that is called as a store's lineage, \
                 by 32 hexadecimal digits; name what a server's --archive-to names",
                self.url
            ))),
            several => Err(Error::invalid(format!(
                "the archive at {} has the records of {} stores: give each an archive of its own",
                self.url,
                several.len()
            ))),
        }
    }

    /// What there is of a lineage.
    ///
    /// # Errors
    /// The network's and the disk's.
    pub(super) async fn list(&self, lineage: u128) -> Result<Listing> {
        let told = |error| failed(format!("cannot list {}", self.url), error);
        let mut listing = Listing::default();
        let root = self.root(lineage);
        for folder in ["log", "base", "term"] {
            let folder = root.clone().join(folder);
            let mut objects = self.store.list(Some(&folder));
            while let Some(object) = objects.try_next().await.map_err(told)? {
                let mut parts: Vec<String> =
                    object.location.parts().map(|part| part.as_ref().to_owned()).collect();
                let name = parts.pop().unwrap_or_default();
                let above = parts.pop().unwrap_or_default();
                match above.as_str() {
                    "log" => listing.segments.extend(Segment::of_name(&name)),
                    "term" => listing.terms.extend(term_of_name(&name)),
                    // The file that makes it a backup is written last.
                    base if name == "BACKUP" => listing.bases.extend(Base::of_name(base)),
                    _ => {}
                }
            }
        }
        listing.segments.sort_by_key(|segment| (segment.first, segment.last, segment.term));
        listing.bases.sort_by_key(|base| (base.lsn, base.taken_us));
        listing.terms.sort_unstable();
        Ok(listing)
    }

    /// Makes durable what an earlier process may have left in a folder before it had done so
    /// itself: what is listed there then stays.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn settle(&self, lineage: u128, listing: &Listing) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let root = self.root(lineage);
        let bases = listing.bases.iter().map(|base| base.path(&root));
        let all = ["log", "base", "term"].map(|name| root.clone().join(name)).into_iter();
        for path in all.chain(bases).chain([root.clone(), Path::default()]) {
            let path = folder.join(path.as_ref());
            if path.is_dir() {
                OsVfs.sync_folder(&path)?;
            }
        }
        Ok(())
    }

    /// Writes an object, durably (A1). One that is there already with the same bytes is the same
    /// one, which an attempt wrote whose answer was lost.
    ///
    /// # Errors
    /// `InvalidInput` for one with other bytes; the network's and the disk's.
    pub(super) async fn put(&self, path: &Path, bytes: Bytes) -> Result<()> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(path, bytes.clone().into(), options).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => {
                match self.get(path).await? == bytes {
                    true => Ok(()),
                    false => Err(Error::invalid(format!(
                        "{path} is in {} already with other bytes: another store writes to this \
                     archive; give each its own",
                        self.url
                    ))),
                }
            }
            Err(error) => Err(self.unwritten(path, error)),
        }
    }

    /// Reads an object.
    ///
    /// # Errors
    /// None of the name; the network's and the disk's.
    pub(super) async fn get(&self, path: &Path) -> Result<Bytes> {
        let told = |error| self.unread(path, error);
        self.store.get(path).await.map_err(told)?.bytes().await.map_err(told)
    }

    /// As [`Archive::get`], if there is one of the name.
    ///
    /// # Errors
    /// The network's and the disk's.
    pub(super) async fn find(&self, path: &Path) -> Result<Option<Bytes>> {
        match self.store.get(path).await {
            Ok(found) => found.bytes().await.map(Some).map_err(|error| self.unread(path, error)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.unread(path, error)),
        }
    }

    pub(super) fn unread(&self, path: &Path, error: object_store::Error) -> Error {
        failed(format!("cannot read {path} of the archive {}", self.url), error)
    }

    pub(super) fn unwritten(&self, path: &Path, error: object_store::Error) -> Error {
        failed(format!("cannot write {path} to the archive {}", self.url), error)
    }
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("url", &self.url).finish_non_exhaustive()
    }
}

/// The folder that a URL names; none for a bucket of S3.
fn folder_of(url: &str) -> Result<Option<PathBuf>> {
    let wrong = |why: &str| {
        Error::invalid(format!(
            "{url:?} names no archive: {why}; it is a folder or s3://BUCKET/PREFIX"
        ))
    };
    let folder = match url.split_once("://") {
        None => url,
        Some(("file", folder)) => folder,
        Some(("s3", bucket)) if !bucket.is_empty() && !bucket.starts_with('/') => return Ok(None),
        Some(("s3", _)) => return Err(wrong("it has no bucket")),
        Some((scheme, _)) => return Err(wrong(&format!("{scheme:?} is not known"))),
    };
    match folder.is_empty() {
        true => Err(wrong("it is empty")),
        false => Ok(Some(FilePath::new(folder).to_owned())),
    }
}

/// The archive at `s3://BUCKET/PREFIX`, with what the environment says of it (`AWS_ACCESS_KEY_ID`,
/// `AWS_REGION`, `AWS_ENDPOINT`, ...).
#[cfg(feature = "s3")]
fn bucket(url: &str) -> Result<Archive> {
    // Others of the process may have chosen one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (bucket, prefix) = match url.trim_start_matches("s3://").split_once('/') {
        Some((bucket, prefix)) => (bucket, Path::from(prefix)),
        None => (url.trim_start_matches("s3://"), Path::default()),
    };
    let store = object_store::aws::AmazonS3Builder::from_env().with_bucket_name(bucket).build();
    let store = store.map_err(|error| failed(format!("cannot open the archive {url}"), error))?;
    Ok(Archive { store: Arc::new(store), prefix, folder: None, url: url.to_owned() })
}

#[cfg(not(feature = "s3"))]
fn bucket(url: &str) -> Result<Archive> {
    Err(Error::invalid(format!(
        "{url}: this program was built without archives in S3; build it with the feature s3 \
         (cargo build -p bourse-cli --features s3), or name a folder"
    ))
    .with_sqlstate("0A000"))
}
