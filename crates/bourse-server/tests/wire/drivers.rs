//! Guards: what single drivers lean on that is in no table of messages. psycopg takes a message of
//! COPY for a row; asyncpg knows by PostgreSQL's routine that it may prepare anew, and moves
//! portals by their names; psql shows where in its data a COPY failed.

use crate::setup::{Setup, field, fields, message};

#[test]
fn copy_sends_a_message_for_each_row() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"copy (select g from generate_series(1, 300) g) to stdout\0");
    assert_eq!(raw.until(b'Z'), format!("H{}cCZ", "d".repeat(300)));
    // The header of CSV is a message too; the binary format's comes with the first row, and its end
    // by itself.
    raw.message(b'Q', b"copy (select 1 as a) to stdout (format csv, header)\0");
    assert_eq!(raw.until(b'Z'), "HddcCZ");
    raw.message(b'Q', b"copy (select 1 as a) to stdout (format binary)\0");
    assert_eq!(raw.until(b'Z'), "HddcCZ");
}

#[test]
fn errors_of_copy_tell_the_line() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"create table t (a int primary key)\0");
    raw.until(b'Z');
    raw.message(b'Q', b"copy t from stdin\0");
    raw.until(b'G');
    raw.message(b'd', b"1\nx\n");
    raw.message(b'c', b"");
    let error = raw.error();
    assert_eq!(field(&error, 'C'), Some("22P02"));
    assert!(field(&error, 'W').unwrap().contains("line 2"), "{error:?}");
}

#[test]
fn a_statement_with_other_columns_names_the_routine() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"create table t (a int primary key)\0");
    raw.until(b'Z');
    raw.send(&message(b'P', b"s\0select * from t\0\0\0"));
    raw.send(&message(b'S', b""));
    raw.until(b'Z');
    raw.message(b'Q', b"alter table t add column b int\0");
    raw.until(b'Z');
    raw.send(&message(b'B', b"\0s\0\0\0\0\0\0\0"));
    raw.send(&message(b'E', b"\0\0\0\0\0"));
    raw.send(&message(b'S', b""));
    let refused = loop {
        let (kind, body) = raw.next().unwrap();
        if kind == b'E' {
            break fields(&body);
        }
    };
    assert_eq!(field(&refused, 'C'), Some("0A000"));
    assert_eq!(field(&refused, 'R'), Some("RevalidateCachedQuery"));
}

#[test]
fn a_portal_is_moved_by_its_name() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"begin\0");
    raw.until(b'Z');
    raw.send(&message(b'P', b"\0select g from generate_series(1, 9) g\0\0\0"));
    raw.send(&message(b'B', b"c\0\0\0\0\0\0\0\0"));
    raw.send(&message(b'S', b""));
    raw.until(b'Z');
    raw.message(b'Q', b"move forward 4 from c\0");
    let (kind, body) = raw.next().unwrap();
    assert_eq!((kind, &*body), (b'C', &b"MOVE 4\0"[..]));
    raw.until(b'Z');
    raw.send(&message(b'E', b"c\0\0\0\0\x01"));
    raw.send(&message(b'S', b""));
    let (kind, body) = raw.next().unwrap();
    assert_eq!((kind, &body[6..]), (b'D', &b"5"[..]));
    raw.until(b'Z');
}
