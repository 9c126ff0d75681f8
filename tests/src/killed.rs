//! What processes that tests kill have in common.

use std::io::Write;

use bourse::Options;

/// A store whose log is short and whose checkpoints are frequent.
pub fn options() -> Options {
    Options {
        shards: 2,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 16,
        log_segment_bytes: 64 << 10,
        checkpoint_log_bytes: 128 << 10,
        ..Options::default()
    }
}

/// The same for whoever looks at what a kill left: nothing runs by itself.
pub fn options_to_check() -> Options {
    Options { background: false, ..options() }
}

/// What [`say_begun`] says.
pub const BEGUN: &[u8; 6] = b"begun\n";

/// Tells who kills it that the store is open. Returns whether somebody listens.
pub fn say_begun() -> bool {
    let mut output = std::io::stdout();
    output.write_all(BEGUN).and_then(|()| output.flush()).is_ok()
}
