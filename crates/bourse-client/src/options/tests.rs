//! Guards: what cannot be meant is refused with its name.

use std::time::Duration;

use super::{Builder, Options, split_address};
use crate::error::Kind;

#[test]
fn addresses() {
    assert_eq!(split_address("a:1").unwrap(), ("a", 1));
    assert_eq!(split_address("[::1]:5432").unwrap(), ("::1", 5432));
    for wrong in ["", "a", ":1", "a:", "a:0", "a:65536", "a:b"] {
        assert_eq!(split_address(wrong).unwrap_err().kind(), Kind::Usage, "{wrong}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let refused = |builder: Builder, word: &str| {
        let error = builder.check().unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.to_string().contains(word), "{error}");
    };
    let one = || Builder::new().node("a:1");
    assert!(one().check().is_ok());
    refused(Builder::new(), "node");
    refused(one().node("a:1"), "twice");
    refused(one().node("a"), "HOST:PORT");
    let options = Options { read_connections_max: 0, ..Options::default() };
    refused(one().options(options), "read_connections_max");
    let options = Options { leak_after: Duration::ZERO, ..Options::default() };
    refused(one().options(options), "leak_after");
}

#[test]
fn outside_of_a_runtime_it_is_refused() {
    let error = Builder::new().node("a:1").build().unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
}
