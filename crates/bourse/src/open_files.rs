//! Whether the process may open as many files as the store needs, asked before it is in the middle.

use std::path::Path;

use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, ErrorKind, Result};

/// Files beside those of the shards: segments of the log, identity, lock, a backup's.
const OTHER_FILES: u64 = 24;

/// Refuses when the process may not open as many files as a store of so many shards has. Whoever
/// has files of his own comes on top, and is not known here.
///
/// # Errors
/// `Full` (53000).
pub(crate) fn check(vfs: &dyn Vfs, shards: u16) -> Result<()> {
    let needed = u64::from(shards) + OTHER_FILES;
    let limits = vfs.system_text(Path::new("/proc/self/limits"));
    match limits.as_deref().and_then(limit) {
        Some(most) if most < needed => Err(Error::new(
            ErrorKind::Full,
            format!(
                "a store of {shards} shards has up to {needed} files open, but this process may \
                 open {most}: raise the limit (ulimit -n {needed} or more)"
            ),
        )
        .with_sqlstate("53000")),
        _ => Ok(()),
    }
}

/// The soft limit of open files, by the text of `/proc/self/limits`; none when there is no limit.
fn limit(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::limit;

    #[test]
    fn the_soft_limit_is_read() {
        let text = "Limit                     Soft Limit           Hard Limit           Units\n\
                    Max processes             95722                95722                processes\n\
                    Max open files            1024                 524288               files\n";
        assert_eq!(limit(text), Some(1024));
        assert_eq!(limit("Max open files            unlimited            unlimited  files"), None);
        assert_eq!(limit(""), None);
    }
}
