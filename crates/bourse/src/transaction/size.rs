//! How large a transaction may become.

use bourse_storage::{Error, Result};

use super::Transaction;
use super::write_set;

impl Transaction<'_> {
    /// Refuses one more change of a row where the transaction would hold too much, before anything
    /// of that change is made. Index entries of the row come on top, so that the limit is passed by
    /// those of one row at most.
    ///
    /// # Errors
    /// `InvalidInput` (54000).
    pub(super) fn check_room(&self, key: usize, value: usize) -> Result<()> {
        let limit = self.core.options.transaction_bytes_max;
        let bytes = (self.writes.bytes() + write_set::bytes_with(key, value)) as u64;
        if bytes <= limit {
            return Ok(());
        }
        Err(too_large(bytes, limit))
    }
}

#[cold]
fn too_large(bytes: u64, limit: u64) -> Error {
    Error::invalid(format!(
        "the transaction would change {bytes} bytes of rows and index entries, more than the limit \
         of {limit}: split it, or raise Options::transaction_bytes_max"
    ))
    .with_sqlstate("54000")
}
