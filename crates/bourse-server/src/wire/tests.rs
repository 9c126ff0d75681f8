//! Guards: bodies that are too short, too long or say what they may not are refused one by one and
//! never panic; impossible lengths end the stream; startup packets are read as clients write them.

use bytes::{BufMut as _, BytesMut};

use super::frontend::{Bind, Message, Target, decode};
use super::startup::{Packet, Startup};

fn message(kind: u8, body: &[u8]) -> BytesMut {
    let mut bytes = BytesMut::new();
    bytes.put_u8(kind);
    bytes.put_u32(u32::try_from(body.len() + 4).unwrap());
    bytes.put_slice(body);
    bytes
}

fn read(kind: u8, body: &[u8]) -> Message {
    let mut bytes = message(kind, body);
    let message = decode(&mut bytes, 1000).unwrap().unwrap();
    assert!(bytes.is_empty());
    message
}

#[test]
fn messages_are_read() {
    assert_eq!(read(b'Q', b"select 1\0"), Message::Query("select 1".into()));
    let parse = read(b'P', b"name\0select $1\0\0\x01\0\0\0\x17");
    let types = vec![23];
    assert_eq!(parse, Message::Parse { name: "name".into(), text: "select $1".into(), types });
    let bind = read(b'B', b"p\0s\0\0\x01\0\x01\0\x02\0\0\0\x02ab\xff\xff\xff\xff\0\x01\0\0");
    let wanted = Bind {
        portal: "p".into(),
        statement: "s".into(),
        formats: vec![1],
        parameters: vec![Some("ab".into()), None],
        result_formats: vec![0],
    };
    assert_eq!(bind, Message::Bind(wanted));
    assert_eq!(read(b'D', b"Sname\0"), Message::Describe(Target::Statement, "name".into()));
    assert_eq!(
        read(b'E', b"\0\0\0\0\x05"),
        Message::Execute { portal: String::new(), rows_max: 5 }
    );
    assert_eq!(read(b'S', b""), Message::Sync);
}

#[test]
fn bodies_that_are_not_what_they_say_are_refused_alone() {
    let bodies: [(u8, &[u8]); 12] = [
        (b'Q', b"no end"),
        (b'Q', b"text\0and more"),
        (b'P', b"name\0text\0\0\x05\0\0"),
        (b'B', b"p\0s\0\0\0\0\x01\0\0\0\x50ab"),
        (b'B', b"p\0s\0\0\0\0\x01\xff\xff\xff\xfe\0\0"),
        (b'B', b"p\0s\0\xff\xff"),
        (b'B', b"p\0s\0\0\x01\0\x07\0\0\0\0"),
        (b'D', b"Xname\0"),
        (b'E', b"\0\0"),
        (b'C', b""),
        (b'S', b"x"),
        (b'F', b"call"),
    ];
    for (kind, body) in bodies {
        let mut bytes = message(kind, body);
        bytes.put_slice(&message(b'S', b""));
        let refused = decode(&mut bytes, 1000).unwrap().unwrap();
        let is_refused = matches!(refused, Message::Refused(..) | Message::RefusedQuery(..));
        assert!(is_refused, "{kind} {body:?}: {refused:?}");
        assert_eq!(decode(&mut bytes, 1000).unwrap(), Some(Message::Sync), "{kind}");
    }
    assert!(matches!(read(b'Q', b"\xff\0"), Message::RefusedQuery("22021", _)));
}

#[test]
fn a_stream_that_cannot_be_followed_ends() {
    for head in [&b"Q\0\0\0\x03"[..], b"Q\xff\xff\xff\xff", b"Q\0\0\x10\0", b"\0\0\0\0\x08"] {
        assert!(decode(&mut BytesMut::from(head), 1000).is_err(), "{head:?}");
    }
    assert_eq!(decode(&mut BytesMut::from(&b"Q\0\0\0\x20ab"[..]), 1000), Ok(None));
    assert_eq!(decode(&mut BytesMut::from(&b"Q\0\0"[..]), 1000), Ok(None));
}

/// Every prefix and every changed byte of a stream of messages is read or refused, and no byte is
/// read twice.
#[test]
fn no_bytes_panic() {
    let mut stream = BytesMut::new();
    stream.put_slice(&message(b'P', b"n\0select $1\0\0\x01\0\0\0\x17"));
    stream.put_slice(&message(b'B', b"p\0n\0\0\x01\0\0\0\x01\0\0\0\x01x\0\x01\0\x01"));
    stream.put_slice(&message(b'E', b"p\0\0\0\0\0"));
    stream.put_slice(&message(b'S', b""));
    for at in 0..stream.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff, b'Q'] {
            let mut changed = stream.clone();
            changed[at] = byte;
            let mut left = changed.len();
            while let Ok(Some(_)) = decode(&mut changed, 1000) {
                assert!(changed.len() < left);
                left = changed.len();
            }
        }
        let mut cut = BytesMut::from(&stream[..at]);
        while let Ok(Some(_)) = decode(&mut cut, 1000) {}
    }
}

fn startup(version: u32, pairs: &[u8]) -> BytesMut {
    let mut bytes = BytesMut::new();
    bytes.put_u32(u32::try_from(pairs.len() + 8).unwrap());
    bytes.put_u32(version);
    bytes.put_slice(pairs);
    bytes
}

#[test]
fn startups_are_read() {
    let options =
        b"user\0bob\0database\0shop\0options\0-c statement_timeout=5 -cDateStyle=a\\ b\0\0";
    let read = super::startup::decode(&mut startup(0x0003_0000, options)).unwrap().unwrap();
    let wanted = Startup {
        minor: 0,
        user: "bob".into(),
        database: Some("shop".into()),
        settings: vec![
            ("statement_timeout".into(), "5".into()),
            ("datestyle".into(), "a b".into()),
        ],
        unknown: Vec::new(),
    };
    assert_eq!(read, Packet::Begin(wanted));
    let tls = super::startup::decode(&mut startup(80_877_103, b"")).unwrap();
    assert_eq!(tls, Some(Packet::Tls));
    let cancel = startup(80_877_102, b"\0\0\0\x07\0\0\0\x09");
    let cancel = super::startup::decode(&mut cancel.clone()).unwrap();
    assert_eq!(cancel, Some(Packet::Cancel { process: 7, secret: 9 }));
}

#[test]
fn startups_that_mean_nothing_are_refused() {
    let cases: [(u32, &[u8]); 7] = [
        (0x0002_0000, b"user\0bob\0\0"),
        (0x0003_0000, b"user\0bob"),
        (0x0003_0000, b"user\0\0"),
        (0x0003_0000, b"database\0shop\0\0"),
        (0x0003_0000, b"user\0bob\0options\0nonsense\0\0"),
        (0x0003_0000, b"user\0\xff\0\0"),
        (80_877_102, b"\0\0"),
    ];
    for (version, pairs) in cases {
        let refused = super::startup::decode(&mut startup(version, pairs));
        assert!(refused.is_err(), "{version} {pairs:?}");
    }
    let mut long = BytesMut::from(&b"\x7f\xff\xff\xff\0\x03\0\0"[..]);
    assert!(super::startup::decode(&mut long).is_err());
}
