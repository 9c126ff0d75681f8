//! Guards: frames and messages are read as they were written, and whatever else bytes are is an
//! error and no panic; who does not know the secret proves nothing; the window, freshness and names
//! keep their invariants.

use std::net::SocketAddr;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::channel::{self, Channel, Credentials, Encryption};
use super::fault::{Fault, Reason};
use super::frame;
use super::freshness::Freshness;
use super::message::{Hello, Message, Welcome};
use super::secret::{Exchange, Secret, Side};
use super::sending::is_file_of_backup;
use super::status::{Followers, Window};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(future)
}

fn messages() -> Vec<Message> {
    let reason = Reason::Behind;
    vec![
        Message::Hello(Hello {
            version_min: 1,
            version_max: 7,
            nonce: [3; 32],
            node: "replica-1".to_owned(),
            instance: u128::MAX - 5,
        }),
        Message::Challenge { version: 1, nonce: [9; 32] },
        Message::Proof([1; 32]),
        Message::Welcome(Welcome {
            proof: [8; 32],
            newest: 77,
            host: "localhost".to_owned(),
            port: 5432,
            heartbeat_ms: 500,
        }),
        Message::Refused { reason, text: "too late".to_owned() },
        Message::Follow(vec![1, 2, 3]),
        Message::Bootstrap,
        Message::File { name: "000.pages".to_owned(), bytes: 8_192 },
        Message::Data(vec![7; 5_000]),
        Message::FileEnd { checksum: 0xfeed },
        Message::BackupEnd { files: 17, lsn: 4 },
        Message::Parcel((0..9_000_u32).flat_map(u32::to_le_bytes).collect()),
        Message::Group(vec![4; 300]),
        Message::Heartbeat { newest: 5, echo: 6, sent_us: -7 },
        Message::Acknowledge { received: 1, applied: 2, clock: 3, sent_us: 4 },
    ]
}

/// Bytes in memory are never waited for.
fn decode(mut bytes: &[u8]) -> Result<Message, Fault> {
    let reading = async {
        let frame = frame::read(&mut bytes, 1 << 20).await?;
        Message::decode(frame.kind, frame.payload)
    };
    match std::pin::pin!(reading).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(read) => read,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn messages_are_read_as_they_were_written() {
    for message in messages() {
        let mut bytes = Vec::new();
        let length = message.encode(&mut bytes);
        assert_eq!(length, bytes.len());
        assert_eq!(decode(&bytes).unwrap(), message);
    }
}

#[test]
fn what_repeats_is_sent_compressed() {
    let mut bytes = Vec::new();
    Message::Data(vec![7; 100_000]).encode(&mut bytes);
    assert!(bytes.len() < 1_000, "{} bytes", bytes.len());
}

/// Each bit of a frame is covered: by its checksum, or by what it must be.
#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    for message in messages() {
        let mut bytes = Vec::new();
        message.encode(&mut bytes);
        let step = (bytes.len() / 64).max(1);
        for at in (0..bytes.len()).step_by(step) {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                let read = decode(&damaged);
                assert!(read.is_err(), "byte {at} bit {bit} of {message:?}");
            }
        }
    }
}

#[test]
fn what_is_cut_short_is_found() {
    for message in messages() {
        let mut bytes = Vec::new();
        message.encode(&mut bytes);
        for length in (0..bytes.len()).step_by((bytes.len() / 100).max(1)) {
            assert!(decode(&bytes[..length]).is_err(), "{length} bytes of {message:?}");
        }
    }
}

/// A payload that is whole by its checksum may still be none of its kind.
#[test]
fn payloads_that_lie_are_refused() {
    for kind in 0..=u8::MAX {
        for length in [0, 1, 3, 4, 8, 31, 40, 200] {
            for filler in [0, 1, 0x7f, 0xff] {
                let _ = Message::decode(kind, vec![filler; length]);
            }
        }
        // Those are any bytes, and looked at by whom they are for.
        let any = |message: &Message| {
            matches!(message, Message::Data(_) | Message::Parcel(_) | Message::Group(_))
        };
        let whole = messages().into_iter().filter(|message| !any(message));
        for message in whole {
            let mut bytes = Vec::new();
            message.encode(&mut bytes);
            let mut payload = bytes[frame::HEADER_BYTES..].to_vec();
            payload.push(0);
            assert!(Message::decode(bytes[4], payload).is_err(), "{message:?} and a byte");
        }
    }
}

#[test]
fn no_room_is_made_for_what_a_frame_claims() {
    let mut bytes = Vec::new();
    frame::encode(b'd', &[1; 10], &mut bytes);
    bytes[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    let read = block_on(frame::read(&mut &bytes[..], 1 << 20));
    assert!(matches!(read, Err(Fault::Malformed(_))));
}

fn exchange() -> Exchange {
    Exchange {
        session: [1; 32],
        follower_nonce: [2; 32],
        leader_nonce: [3; 32],
        version: 1,
        node: "a".to_owned(),
        instance: 4,
    }
}

#[test]
fn a_proof_is_of_one_secret_one_side_and_one_session() {
    let secret = Secret::of(&[b'x'; 40]).unwrap();
    let proof = secret.proof(Side::Follower, &exchange());
    assert!(secret.is_proven(Side::Follower, &exchange(), &proof));
    assert!(!secret.is_proven(Side::Leader, &exchange(), &proof));
    let other = Secret::of(&[b'y'; 40]).unwrap();
    assert!(!other.is_proven(Side::Follower, &exchange(), &proof));
    let others = [
        Exchange { session: [9; 32], ..exchange() },
        Exchange { follower_nonce: [9; 32], ..exchange() },
        Exchange { leader_nonce: [9; 32], ..exchange() },
        Exchange { node: "b".to_owned(), ..exchange() },
        Exchange { instance: 5, ..exchange() },
        Exchange { version: 2, ..exchange() },
    ];
    for other in others {
        assert!(!secret.is_proven(Side::Follower, &other, &proof), "{other:?}");
    }
}

#[test]
fn secrets_that_can_be_guessed_are_refused() {
    assert!(Secret::of(b"short").is_err());
    assert!(Secret::of(&[b'x'; 31]).is_err());
    let with_newline = [&[b'x'; 32][..], b"\n"].concat();
    assert!(Secret::of(&with_newline).is_ok());
    assert_eq!(format!("{:?}", Secret::of(&[b'x'; 32]).unwrap()), "Secret(..)");
}

fn credentials(secret: u8) -> Credentials {
    Credentials {
        encryption: Encryption::new().unwrap(),
        secret: Secret::of(&[secret; 32]).unwrap(),
        timeout: Duration::from_secs(2),
    }
}

fn welcome() -> Welcome {
    Welcome { proof: [0; 32], newest: 1, host: "h".to_owned(), port: 1, heartbeat_ms: 100 }
}

/// Both sides of a greeting, the follower with a secret of its own.
async fn greet(
    leader: u8,
    follower: u8,
) -> (Result<(Channel, Hello), Fault>, Result<(Channel, Welcome), Fault>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let accepting = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        channel::accept(stream, &credentials(leader), welcome()).await
    });
    let connected = channel::connect(&address, &credentials(follower), "node", 7).await;
    (accepting.await.unwrap(), connected)
}

#[test]
fn nodes_with_the_same_secret_talk() {
    block_on(async {
        let (accepted, connected) = greet(1, 1).await;
        let ((mut leader, hello), (mut follower, told)) = (accepted.unwrap(), connected.unwrap());
        assert_eq!((hello.node.as_str(), hello.instance, told.newest), ("node", 7, 1));
        for message in messages() {
            if matches!(message, Message::Refused { .. }) {
                continue;
            }
            leader.sender.send(&message).await.unwrap();
            assert_eq!(follower.receiver.next().await.unwrap().0, message);
        }
        drop(leader);
        assert!(matches!(follower.receiver.next().await, Err(Fault::Lost(_))));
    });
}

/// The wait for a message is given up and begun again at each heartbeat of this node's own.
#[test]
fn silence_is_noticed_by_who_does_something_meanwhile() {
    block_on(async {
        let (accepted, connected) = greet(1, 1).await;
        let (_silent, (mut follower, _)) = (accepted.unwrap(), connected.unwrap());
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        let ended = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                tokio::select! {
                    heard = follower.receiver.next() => return heard,
                    _ = beat.tick() => {}
                }
            }
        });
        assert!(matches!(ended.await.unwrap(), Err(Fault::Lost(_))));
    });
}

#[test]
fn a_node_with_another_secret_is_refused() {
    block_on(async {
        let (accepted, connected) = greet(1, 2).await;
        assert!(matches!(accepted, Err(Fault::Refused(Reason::Unknown, _))));
        assert!(matches!(connected, Err(Fault::Refused(Reason::Unknown, _))));
    });
}

#[test]
fn what_is_no_node_is_not_let_in() {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            channel::accept(stream, &credentials(1), welcome()).await.is_err()
        });
        let mut stream = TcpStream::connect(address).await.unwrap();
        use tokio::io::AsyncWriteExt as _;
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        assert!(accepting.await.unwrap());
    });
}

/// L1 of the leader: what is taken makes room, what is not does not.
#[test]
fn a_window_counts_what_was_not_taken() {
    let mut window = Window::default();
    for last in 1..=10 {
        window.sent(last * 10, 100);
    }
    assert_eq!(window.bytes(), 1_000);
    assert!(window.taken(9).is_none());
    assert_eq!(window.bytes(), 1_000);
    assert!(window.taken(35).is_some());
    assert_eq!(window.bytes(), 700);
    window.taken(100);
    assert_eq!(window.bytes(), 0);
}

/// F3 of the follower: a moment counts only once all that was committed by then is applied.
#[test]
fn a_state_is_as_fresh_as_what_is_applied() {
    let mut freshness = Freshness::default();
    assert_eq!(freshness.as_of(), None);
    freshness.told(10, 100);
    freshness.told(20, 200);
    freshness.applied(9);
    assert_eq!(freshness.as_of(), None);
    freshness.applied(10);
    assert_eq!(freshness.as_of(), Some(100));
    freshness.applied(19);
    assert_eq!(freshness.as_of(), Some(100));
    freshness.applied(25);
    assert_eq!(freshness.as_of(), Some(200));
    freshness.told(25, 300);
    assert_eq!(freshness.as_of(), Some(300));
    // However many wait, what is kept stays true.
    for step in 0..5_000 {
        freshness.told(1_000 + step, 1_000 + step);
    }
    freshness.applied(1_500);
    assert_eq!(freshness.as_of(), Some(1_500));
    freshness.applied(5_998);
    assert!(freshness.as_of().unwrap() <= 5_998);
    freshness.applied(5_999);
    assert_eq!(freshness.as_of(), Some(5_999));
}

#[test]
fn a_name_is_had_once() {
    let followers = Followers::default();
    let peer: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let first = followers.add("a", 1, peer, 0).unwrap();
    assert!(followers.add("a", 2, peer, 0).is_err());
    // The same node again: the connection before is over.
    let again = followers.add("a", 1, peer, 0).unwrap();
    assert_eq!(followers.count(), 1);
    followers.remove(&first);
    assert_eq!(followers.count(), 1);
    followers.remove(&again);
    assert!(followers.add("a", 2, peer, 0).is_ok());
}

#[test]
fn files_of_a_backup_lie_in_its_folder() {
    for name in ["BACKUP", "000.pages", "1023.pages"] {
        assert!(is_file_of_backup(name), "{name}");
    }
    for name in ["", "LOCK", "../000.pages", "/etc/passwd", "0.pages", "a.pages", "000.pages/x"] {
        assert!(!is_file_of_backup(name), "{name}");
    }
}
