//! Guards: what no client would send costs its sender the connection at most, and others nothing.

use std::time::Duration;

use bourse_storage::sync;

use crate::setup::{PATIENCE, Raw, Setup, field, message};

/// The server serves others as before.
fn serves(setup: &Setup) {
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"select 1\0");
    assert_eq!(raw.until(b'Z'), "TDCZ");
}

#[test]
fn bytes_that_are_no_startup() {
    let setup = Setup::new();
    let cases: [&[u8]; 7] = [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0\0\0\x04",
        b"\0\0\0\x08\0\x02\0\0",
        b"\xff\xff\xff\xff\0\x03\0\0",
        b"\0\0\0\x09\0\x03\0\0x",
        b"\0\0\0\x0c\x04\xd2\x16\x2e\0\0\0\0",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
    ];
    for bytes in cases {
        let mut raw = setup.raw();
        raw.send(bytes);
        assert!(raw.is_closed(), "{bytes:?}");
    }
    serves(&setup);
}

#[test]
fn messages_that_are_none_end_the_connection() {
    let setup = Setup::new();
    for bytes in [&b"\0\0\0\0\x04"[..], b"Q\0\0\0\0", b"Q\x7f\xff\xff\xff", b"~\0\0\0\x04"] {
        let mut raw = setup.raw_session();
        raw.send(bytes);
        let error = raw.error();
        assert_eq!((field(&error, 'S'), field(&error, 'C')), (Some("FATAL"), Some("08P01")));
        assert!(raw.is_closed());
    }
    serves(&setup);
}

#[test]
fn malformed_bodies_are_errors_of_their_series() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    for (kind, body) in [
        (b'B', &b"p\0s\0\0\0\0\x01\0\0\xff\xff"[..]),
        (b'P', b"x\0select 1\0\0\x09"),
        (b'D', b"?x\0"),
        (b'E', b"no end"),
        (b'F', b"\0\0\0\x01"),
    ] {
        raw.send(&message(kind, body));
        raw.send(&message(b'S', b""));
        let error = raw.error();
        assert_eq!(field(&error, 'S'), Some("ERROR"), "{}", char::from(kind));
        assert_eq!(raw.until(b'Z'), "Z");
    }
    raw.message(b'Q', b"select \xff\0");
    assert_eq!(field(&raw.error(), 'C'), Some("22021"));
    raw.until(b'Z');
    raw.message(b'Q', b"select 1\0");
    assert_eq!(raw.until(b'Z'), "TDCZ");
}

#[test]
fn messages_out_of_place() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    // Data of no COPY is forgotten, as PostgreSQL does.
    raw.message(b'd', b"1\t2\n");
    raw.message(b'c', b"");
    raw.message(b'f', b"why\0");
    raw.message(b'Q', b"select 1\0");
    assert_eq!(raw.until(b'Z'), "TDCZ");
    raw.message(b'p', b"secret\0");
    assert_eq!(field(&raw.error(), 'C'), Some("08P01"));
    assert!(raw.is_closed());
    let mut raw = setup.raw();
    raw.send(&message(b'Q', b"select 1\0"));
    assert!(raw.is_closed(), "a query before the session");
    serves(&setup);
}

#[test]
fn messages_that_are_too_long() {
    let setup = Setup::with(|options| options.max_message_bytes = 1 << 20);
    let mut raw = setup.raw_session();
    let text = format!("select length('{}')\0", "x".repeat(900_000));
    raw.message(b'Q', text.as_bytes());
    assert_eq!(raw.until(b'Z'), "TDCZ");
    raw.send(b"Q\0\x20\0\0");
    let error = raw.error();
    assert_eq!((field(&error, 'S'), field(&error, 'C')), (Some("FATAL"), Some("08P01")));
    assert!(raw.is_closed());
}

#[test]
fn half_a_message_is_not_waited_for() {
    let setup = Setup::with(|options| options.message_timeout_ms = 1_500);
    let mut halves: Vec<Raw> = (0..20).map(|_| setup.raw_session()).collect();
    for raw in &mut halves {
        raw.send(b"Q\0\0\0\x20sel");
    }
    let mut silent: Vec<Raw> = (0..20).map(|_| setup.raw()).collect();
    for raw in silent.iter_mut().take(10) {
        raw.send(b"\0\0\0\x50\0\x03");
    }
    serves(&setup);
    for raw in halves.iter_mut().chain(&mut silent) {
        assert!(raw.is_closed());
    }
    serves(&setup);
}

#[test]
fn connections_by_the_thousand() {
    let setup = Setup::with(|options| options.max_connections = 200);
    let began = sync::monotonic();
    let flood: Vec<_> =
        (0..2_000).filter_map(|_| std::net::TcpStream::connect(setup.address()).ok()).collect();
    assert!(flood.len() > 1_000, "{}", flood.len());
    // Those that are over the limit were closed, so there is a place among those who ask.
    drop(flood);
    let deadline = sync::monotonic() + PATIENCE;
    loop {
        let mut raw = setup.raw();
        raw.begin(&[("user", "bourse"), ("database", "bourse")]);
        if raw.next().is_some_and(|(kind, _)| kind == b'R') {
            break;
        }
        assert!(sync::monotonic() < deadline);
        sync::sleep(Duration::from_millis(50));
    }
    eprintln!("2,000 connections and a session after them: {:?}", (sync::monotonic() - began));
    serves(&setup);
}

#[test]
fn names_are_not_statements() {
    let setup = Setup::new();
    let mut raw = setup.raw();
    raw.begin(&[
        ("user", "bourse"),
        ("database", "bourse"),
        ("application_name", "'; drop table t; --"),
    ]);
    raw.until(b'Z');
    raw.message(b'P', b"x\"; drop table t; --\0select 1\0\0\0");
    raw.message(b'C', b"Sx\"; drop table t; --\0");
    raw.message(b'S', b"");
    assert_eq!(raw.until(b'Z'), "13Z");
    raw.message(b'Q', b"show application_name\0");
    assert_eq!(raw.until(b'Z'), "TDCZ");
}

#[test]
fn encryption_is_not_asked_for_with_more_behind() {
    let setup = Setup::new();
    let mut raw = setup.raw();
    let mut bytes = b"\0\0\0\x08\x04\xd2\x16\x2f".to_vec();
    bytes.extend_from_slice(b"\0\0\0\x20\0\x03\0\0user\0bourse\0\0");
    raw.send(&bytes);
    assert_eq!(field(&raw.error(), 'C'), Some("08P01"));
    let mut raw = setup.raw();
    raw.send(b"\0\0\0\x08\x04\xd2\x16\x2f");
    let mut answer = [0];
    std::io::Read::read_exact(&mut raw.0, &mut answer).unwrap();
    assert_eq!(&answer, b"N");
    raw.begin(&[("user", "bourse")]);
    raw.until(b'Z');
}
