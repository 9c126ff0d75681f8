//! The library, called as a statement would call it.
