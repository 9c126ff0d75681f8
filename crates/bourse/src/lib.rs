//! Bourse, an embedded trading store.
