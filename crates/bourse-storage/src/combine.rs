//! Flat combining.
