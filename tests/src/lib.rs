//! What the integration tests and the simulator are made of.

pub mod forgetful;
