//! What functions may ask of the statement that calls them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bourse_storage::sync;

use super::Connection;
use crate::Dialect;
use crate::catalog::Catalog;
use crate::function::Context;
use crate::function::user::UserFunctions;
use crate::session::SessionState;
use crate::settings::Settings;
use crate::types::OidKind;

/// A statement's times, settings and random numbers.
pub(crate) struct StatementContext<'s> {
    dialect: Dialect,
    settings: &'s Settings,
    session: &'s SessionState,
    catalog: Option<Arc<Catalog>>,
    transaction_time: i64,
    statement_time: i64,
    random: AtomicU64,
    /// Isolation, and whether it only reads, of the transaction that is open.
    modes: Option<(&'static str, bool)>,
    /// The store takes its records from another one.
    is_standby: bool,
}

impl<'s> StatementContext<'s> {
    /// That of a statement of a connection which begins now, in a transaction that began then.
    pub(crate) fn new(
        connection: &'s Connection,
        settings: &'s Settings,
        transaction_time: Option<i64>,
    ) -> StatementContext<'s> {
        let now = sync::wall_clock_us();
        let seed = now.unsigned_abs() ^ std::ptr::from_ref(settings).addr() as u64;
        StatementContext {
            dialect: connection.dialect,
            settings,
            session: &connection.state,
            catalog: connection.catalog.borrow().clone(),
            transaction_time: transaction_time.unwrap_or(now),
            statement_time: now,
            random: AtomicU64::new(seed),
            modes: None,
            is_standby: connection.is_standby(),
        }
    }

    /// The same in a transaction that is so isolated, and may only read or not.
    pub(crate) fn with_modes(mut self, modes: Option<(&'static str, bool)>) -> Self {
        self.modes = modes;
        self
    }

    /// The schemas in which names are looked for.
    fn path(&self) -> Vec<String> {
        let own = std::iter::once(self.session.temporary_schema());
        own.chain(self.settings.search_path().iter().cloned()).collect()
    }
}

impl Context for StatementContext<'_> {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn transaction_time(&self) -> i64 {
        self.transaction_time
    }

    fn statement_time(&self) -> i64 {
        self.statement_time
    }

    fn setting(&self, name: &str) -> Option<String> {
        self.settings.get(name).map(str::to_owned)
    }

    fn shown_setting(&self, name: &str) -> Option<String> {
        match (name, self.modes) {
            ("transaction_isolation", Some((isolation, _))) => Some(isolation.to_owned()),
            ("transaction_read_only", Some((_, read_only))) => {
                Some(if read_only { "on" } else { "off" }.to_owned())
            }
            ("in_hot_standby" | "transaction_read_only", _) if self.is_standby => {
                Some("on".to_owned())
            }
            _ => self.settings.show(name).ok(),
        }
    }

    fn user(&self) -> String {
        self.settings.user().to_owned()
    }

    fn database_name(&self) -> String {
        self.settings.database().to_owned()
    }

    fn session(&self) -> Option<&SessionState> {
        Some(self.session)
    }

    fn functions(&self) -> Option<&UserFunctions> {
        Some(self.settings.functions())
    }

    fn catalog(&self) -> Option<&Catalog> {
        self.catalog.as_deref()
    }

    fn number_of_name(&self, kind: OidKind, name: &str) -> Option<u32> {
        let catalog = self.catalog.as_deref()?;
        catalog.system().number_of_name(kind, name, &self.path(), catalog)
    }

    fn name_of_number(&self, kind: OidKind, number: u32) -> Option<String> {
        if kind == OidKind::Role {
            return Some(self.user());
        }
        let catalog = self.catalog.as_deref()?;
        catalog.system().name_of_number(kind, number, &self.path())
    }

    fn random(&self) -> u64 {
        // Each step is another number, whoever takes it.
        mixed(self.random.fetch_add(STEP, Ordering::Relaxed))
    }

    fn seeded_random(&self) -> u64 {
        self.session.next_of_seed(STEP).map_or_else(|| self.random(), mixed)
    }
}

/// How far the steps of random numbers are apart.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64: the random number of a step.
fn mixed(step: u64) -> u64 {
    let mut mixed = step.wrapping_add(STEP);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
