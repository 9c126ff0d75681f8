//! The library, called as a statement would call it.

use super::Context;
use crate::Dialect;

mod golden;

/// A statement at a fixed time.
pub(crate) struct Statement {
    pub(crate) dialect: Dialect,
    pub(crate) zone: &'static str,
}

impl Statement {
    pub(crate) const POSTGRES: Statement = Statement { dialect: Dialect::Postgres, zone: "UTC" };
}

impl Context for Statement {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// 2024-02-29 13:14:15.161718 UTC.
    fn transaction_time(&self) -> i64 {
        1_709_212_455_161_718
    }

    fn statement_time(&self) -> i64 {
        self.transaction_time()
    }

    fn setting(&self, name: &str) -> Option<String> {
        (name == "timezone").then(|| self.zone.to_owned())
    }

    fn random(&self) -> u64 {
        0x0123_4567_89ab_cdef
    }
}
