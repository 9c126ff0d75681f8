//! Values that whoever builds on the engine keeps once a store: what all sessions of a store
//! share, whichever handle of it they were given.

use std::any::Any;
use std::sync::Arc;

use bourse_storage::sync::Mutex;

use crate::database::Database;

/// One value of each type that was asked for.
#[derive(Default)]
pub(crate) struct Companions(Mutex<Vec<Arc<dyn Any + Send + Sync>>>);

impl Database {
    /// The store's one value of a type, which is made when it is first asked for. It lives as long
    /// as the store is open, and must not hold a handle of it: that would never close.
    pub fn companion<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut companions = self.core().companions.0.lock();
        let found = companions.iter().find_map(|one| Arc::clone(one).downcast::<T>().ok());
        found.unwrap_or_else(|| {
            let made = Arc::new(T::default());
            companions.push(Arc::clone(&made) as Arc<dyn Any + Send + Sync>);
            made
        })
    }
}
