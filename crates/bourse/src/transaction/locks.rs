//! Row locks of one shard: a key that only one owner may change until it lets go.
//!
//! A lock names a key of a table, present or not. It is granted under the shard's mutex, and
//! **every commit path asks here** before it writes: what meets another's lock waits without the
//! mutex and runs again. While no lock is held the check is one comparison.

use hashbrown::HashMap;

/// Who holds a lock.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Owner(pub(crate) u64);

/// The locks of one shard, part of the state behind its mutex.
#[derive(Default, Debug)]
pub(crate) struct RowLocks {
    held: HashMap<(u32, Vec<u8>), Owner>,
}

impl RowLocks {
    /// Takes the lock, unless another owner has it. Taking it twice is fine.
    pub(crate) fn acquire(&mut self, tree: u32, key: &[u8], owner: Owner) -> bool {
        *self.held.entry((tree, key.to_vec())).or_insert(owner) == owner
    }

    /// Lets go of a lock that the owner has.
    pub(crate) fn release(&mut self, tree: u32, key: &[u8], owner: Owner) {
        let lock = (tree, key.to_vec());
        if self.held.get(&lock) == Some(&owner) {
            self.held.remove(&lock);
        }
    }

    /// Whether nobody holds any lock here.
    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether somebody holds the lock of any key of the tree.
    pub(crate) fn has_any_of(&self, tree: u32) -> bool {
        self.held.keys().any(|(locked, _)| *locked == tree)
    }

    /// Whether somebody other than `owner` holds the key's lock.
    pub(crate) fn is_locked(&self, tree: u32, key: &[u8], owner: Option<Owner>) -> bool {
        if self.held.is_empty() {
            return false;
        }
        let holder = self.held.get(&(tree, key.to_vec()));
        holder.is_some_and(|holder| Some(*holder) != owner)
    }
}
