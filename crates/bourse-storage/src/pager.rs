//! One shard's file.
