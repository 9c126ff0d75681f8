//! Members of a group that run in a world by seed: the consensus, the network's two sides, storage
//! and the store are those of a server, and what is simulated is beneath them.
//!
//! ```text
//! real:       openraft  leading  chores  levels  network  link  serving  storage  bourse::Database
//! simulated:  turns and time      |      wires (channels of messages)      |      SimVfs
//! ```
//!
//! One thread, one seed. [`Turns`] draws which task goes on, and time goes on when none can;
//! [`Wires`] carry messages late, or break; a flush takes a time that is drawn; the disk forgets
//! what was not flushed when its power is cut. What the worlds do with that, and what they promise,
//! is in `bourse-tests`, module `consensus`.
//!
//! Not simulated: what is above a store's interface (sessions, the gate of a switchover), and the
//! bytes of a connection.

mod member;
pub mod turns;
pub mod wires;

pub use member::{Beginning, NOBODY, SimulatedMember, Simulation, Wish, founder};
pub use turns::Turns;
pub use wires::Wires;
