//! A memory control group, in which data larger than memory are had with a small file: what a
//! process and the pages of its files take is limited.
//!
//! It is made inside of the group of this process, so that no process leaves where it was put.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// A group that goes with this value.
pub(crate) struct MemoryGroup(PathBuf);

impl MemoryGroup {
    /// Makes a group of so many bytes.
    pub(crate) fn new(bytes: u64) -> Outcome<MemoryGroup> {
        let (parent, limit) = own_group()?;
        let folder = parent.join(format!("bourse-bench-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let group = MemoryGroup(folder);
        let limit = group.0.join(limit);
        fs::write(&limit, bytes.to_string())
            .map_err(|error| format!("{}: {error}", limit.display()))?;
        Ok(group)
    }

    /// Where the group is.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for MemoryGroup {
    fn drop(&mut self) {
        // An empty folder of a machine that is looked at no more: nobody can do anything about it.
        let _ = fs::remove_dir(&self.0);
    }
}

/// The folder of this process's memory group, and the file with a group's limit: of version 1 of
/// control groups, else of version 2.
fn own_group() -> Outcome<(PathBuf, &'static str)> {
    let own = fs::read_to_string("/proc/self/cgroup")?;
    let path_of = |controller: &str| {
        own.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            controllers.split(',').any(|one| one == controller).then_some(path)
        })
    };
    if let Some(path) = path_of("memory") {
        let root = Path::new("/sys/fs/cgroup/memory");
        return Ok((root.join(path.trim_start_matches('/')), "memory.limit_in_bytes"));
    }
    let path = path_of("").ok_or("this process is in no control group")?;
    Ok((Path::new("/sys/fs/cgroup").join(path.trim_start_matches('/')), "memory.max"))
}
