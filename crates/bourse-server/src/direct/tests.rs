//! Guards: which clients are quick; that what is sent to a socket arrives whole; that a client that
//! is gone is seen to be.

use std::io::{Read as _, Write as _};

use super::*;

fn milliseconds(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Asks and is answered: `gap` microseconds between an answer and the next message.
fn asks(pace: &mut Pace, now: &mut Duration, gap: u64) {
    *now += Duration::from_micros(gap);
    pace.asks(*now);
    *now += milliseconds(7); // However long the statement takes.
    pace.answered(*now);
}

#[test]
fn a_client_is_quick_that_asks_at_once_twice() {
    let (mut pace, mut now) = (Pace::default(), milliseconds(1));
    let mut is_quick = |gap: u64| {
        asks(&mut pace, &mut now, gap);
        pace.is_quick()
    };
    // Before the first answer there is no gap.
    assert_eq!([50, 50, 50, 50].map(&mut is_quick), [false, false, true, true]);
    assert_eq!([999, 1_000, 50, 50].map(&mut is_quick), [true, false, false, true]);
}

#[test]
fn after_a_pause_it_begins_anew() {
    let (mut pace, mut now) = (Pace::default(), milliseconds(1));
    for _ in 0..5 {
        asks(&mut pace, &mut now, 50);
    }
    assert!(pace.is_quick());
    pace.begin_anew();
    let mut turns = 0;
    while !pace.is_quick() {
        asks(&mut pace, &mut now, 50);
        turns += 1;
    }
    assert_eq!(turns, 2);
}

fn pair() -> (Socket, UnixStream) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    (Socket::Unix(ours), theirs)
}

#[test]
fn what_is_more_than_a_socket_takes_at_once_arrives_whole() {
    let (socket, mut client) = pair();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    let expected = bytes.clone();
    let reading = sync::spawn("reader", move || {
        let mut read = vec![0; expected.len()];
        client.read_exact(&mut read).unwrap();
        assert!(read == expected);
        client
    });
    socket.write_all(&bytes, Duration::from_secs(60)).unwrap();
    drop(reading.join().unwrap());
    // Who takes nothing is given up, and so is who is gone.
    let (socket, _client) = pair();
    assert!(socket.write_all(&bytes, milliseconds(20)).is_err());
    let (socket, client) = pair();
    drop(client);
    assert!(socket.write_all(&bytes, Duration::from_secs(60)).is_err());
}

#[test]
fn who_is_gone_is_seen_to_be() {
    let (socket, mut client) = pair();
    assert!(!socket.is_gone());
    assert!(!socket.wait(PollFlags::IN, milliseconds(1)));
    client.write_all(b"x").unwrap();
    assert!(socket.wait(PollFlags::IN, Duration::from_secs(60)));
    assert!(!socket.is_gone(), "what it has sent is to be read first");
    let mut byte = [0];
    assert_eq!(socket.read(&mut byte).unwrap(), 1, "looking has taken nothing");
    drop(client);
    assert!(socket.is_gone());
}
