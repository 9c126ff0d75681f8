//! What a member wants of the server that it is part of. A simulation has servers of its own.

use std::sync::Arc;

use bourse::Database;

use super::handover;
use super::node::GroupNode;
use super::runtime;
use crate::server::Shared;

/// See the module's head.
pub(crate) trait Host: Send + Sync + 'static {
    /// The store.
    fn database(&self) -> &Database;

    /// The member that it is.
    fn group(&self) -> Option<&Arc<GroupNode>>;

    /// Ends when the server begins to stop.
    fn stopped(&self) -> impl Future<Output = ()> + Send;

    fn is_stopping(&self) -> bool;

    /// The store is to be opened anew. One that has handed its leadership over by its own will lets
    /// who asked for that have his answer first.
    fn open_anew(self: &Arc<Self>, hands_over: bool);

    /// The store is to be made anew, of a backup.
    fn begin_anew(&self);

    /// It is no member any more.
    fn leave(&self);

    /// The store is to be read from now on.
    fn settled(&self);

    /// How far the group is, as the leader said to what was asked when the clock was there.
    fn told(&self, newest: u64, clock: u64);
}

impl Host for Shared {
    fn database(&self) -> &Database {
        &self.database
    }

    fn group(&self) -> Option<&Arc<GroupNode>> {
        self.replication.group()
    }

    fn stopped(&self) -> impl Future<Output = ()> + Send {
        self.stopped()
    }

    fn is_stopping(&self) -> bool {
        self.is_stopping()
    }

    fn open_anew(self: &Arc<Self>, hands_over: bool) {
        self.gate.send_away();
        match (hands_over, self.replication.group()) {
            (true, Some(node)) => {
                runtime::spawn_on(node.handle(), handover::leave(Arc::clone(self)));
            }
            (_, _) => self.ask_to_open_anew(),
        }
    }

    fn begin_anew(&self) {
        self.ask_to_begin_anew();
    }

    fn leave(&self) {
        self.ask_to_leave();
    }

    fn settled(&self) {
        self.roles_changed();
    }

    fn told(&self, newest: u64, clock: u64) {
        self.replication.told(newest, clock);
        self.replication.note_applied(super::super::engine::newest(&self.database));
    }
}
