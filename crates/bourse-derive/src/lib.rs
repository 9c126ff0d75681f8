//! Derive macros for Bourse.
