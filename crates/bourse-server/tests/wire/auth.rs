//! Guards: who is let in, and what roles may do; nothing beyond this machine without users and TLS;
//! certificates that change are used.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bourse::Database;
use bourse_server::{Options, Server};
use bourse_sql::role::{Access, Role, Verifier, create};
use bourse_storage::sync;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::setup::{PATIENCE, Setup, field, fields, options, state};

fn add(store: &Database, name: &str, password: &str, access: Access) {
    let mut role = Role::new(name, access);
    role.verifier = Some(Verifier::of_password(password).unwrap());
    create(store, &role).unwrap();
}

fn with_users() -> Setup {
    Setup::prepared(
        |_| {},
        |store| {
            add(store, "ann", "ann's secret", Access::Admin);
            add(store, "bob", "bob's secret", Access::Write);
            add(store, "eve", "eve's secret", Access::Read);
        },
    )
}

fn config(setup: &Setup, user: &str, password: &str) -> String {
    let address = setup.address();
    format!(
        "host={} port={} user={user} password='{}' dbname=bourse",
        address.ip(),
        address.port(),
        password.replace('\'', "\\'")
    )
}

#[test]
fn passwords_are_asked_for_where_there_are_users() {
    let setup = with_users();
    assert!(setup.server().has_users());
    setup.try_client(&config(&setup, "ann", "ann's secret")).unwrap();
    for (user, password) in [("ann", "bob's secret"), ("nobody", "x"), ("bourse", "x")] {
        let refused = setup.try_client(&config(&setup, user, password)).unwrap_err();
        assert_eq!(state(&refused), "28P01", "{user}");
    }
    let mut raw = setup.raw();
    raw.begin(&[("user", "ann")]);
    let (kind, body) = raw.next().unwrap();
    assert_eq!((kind, &body[4..]), (b'R', &b"SCRAM-SHA-256\0\0"[..]));
    raw.message(b'Q', b"select 1\0");
    assert_eq!(field(&raw.error(), 'C'), Some("08P01"), "a query is no proof");
}

#[test]
fn wrong_passwords_cost_time() {
    let setup = with_users();
    let mut took = Duration::ZERO;
    for _ in 0..6 {
        let began = sync::monotonic();
        setup.try_client(&config(&setup, "bob", "guess")).unwrap_err();
        took = sync::monotonic() - began;
    }
    assert!(took >= Duration::from_millis(400), "{took:?}");
    // The right one does not.
    let began = sync::monotonic();
    setup.try_client(&config(&setup, "bob", "bob's secret")).unwrap();
    assert!((sync::monotonic() - began) < took + PATIENCE);
}

#[test]
fn roles_may_do_what_they_may() {
    let setup = with_users();
    let client =
        |user: &str| setup.try_client(&config(&setup, user, &format!("{user}'s secret"))).unwrap();
    let (ann, bob, eve) = (client("ann"), client("bob"), client("eve"));
    setup.run(async {
        ann.batch_execute("create table t (a int primary key, b int)").await.unwrap();
        bob.batch_execute("insert into t values (1, 1)").await.unwrap();
        assert_eq!(eve.query("select * from t", &[]).await.unwrap().len(), 1);
        for text in [
            "insert into t values (2, 2)",
            "update t set b = 2",
            "delete from t",
            "with x as (delete from t returning a) select * from x",
            "select * from t for update",
            "explain analyze delete from t",
            "create table u (a int)",
            "drop table t",
            "truncate t",
            "create role x",
            "grant admin to eve",
        ] {
            let refused = eve.batch_execute(text).await.unwrap_err();
            assert_eq!(state(&refused), "42501", "{text}");
        }
        for text in ["create table u (a int)", "truncate t", "alter role bob superuser"] {
            let refused = bob.batch_execute(text).await.unwrap_err();
            assert_eq!(state(&refused), "42501", "{text}");
        }
        let rows = bob.query("select b from t", &[]).await.unwrap();
        assert_eq!(rows[0].get::<_, i32>(0), 1);
        // No statement reads what proves passwords.
        let refused = ann.batch_execute("select * from bourse_sql_roles").await.unwrap_err();
        assert_eq!(state(&refused), "42P01");
    });
}

#[test]
fn grants_hold_for_sessions_that_are_there() {
    let setup = with_users();
    let ann = setup.try_client(&config(&setup, "ann", "ann's secret")).unwrap();
    setup
        .run(ann.batch_execute(
            "create table t (a int); create table u (a int); create schema s;
             create table s.v (a int);
             create user fay password 'fay''s secret'",
        ))
        .unwrap();
    let fay = setup.try_client(&config(&setup, "fay", "fay's secret")).unwrap();
    setup.run(async {
        let may = async |text: &str| match fay.batch_execute(text).await {
            Ok(()) => true,
            Err(error) => {
                assert_eq!(state(&error), "42501", "{text}");
                false
            }
        };
        assert!(!may("select * from t").await);
        ann.batch_execute("grant select, insert on t to fay").await.unwrap();
        assert!(may("select * from t").await);
        assert!(may("insert into t values (1)").await);
        assert!(!may("delete from t").await);
        assert!(!may("select * from t, u").await);
        assert!(!may("insert into t select a from u").await);
        ann.batch_execute("grant all on all tables in schema s to fay").await.unwrap();
        assert!(may("delete from s.v").await);
        assert!(!may("select * from u").await);
        ann.batch_execute("revoke insert on t from fay").await.unwrap();
        assert!(!may("insert into t values (1)").await);
        ann.batch_execute("grant read to fay").await.unwrap();
        assert!(may("select * from u").await);
        // A statement that was prepared before is asked again.
        let statement = fay.prepare("select * from u").await.unwrap();
        fay.query(&statement, &[]).await.unwrap();
        ann.batch_execute("revoke read from fay").await.unwrap();
        assert_eq!(state(&fay.query(&statement, &[]).await.unwrap_err()), "42501");
        ann.batch_execute("alter role fay password 'another'").await.unwrap();
    });
    let refused = setup.try_client(&config(&setup, "fay", "fay's secret")).unwrap_err();
    assert_eq!(state(&refused), "28P01");
    setup.try_client(&config(&setup, "fay", "another")).unwrap();
    setup.run(ann.batch_execute("drop user fay")).unwrap();
    assert!(setup.run(fay.batch_execute("select 1")).is_err());
    assert!(setup.try_client(&config(&setup, "fay", "another")).is_err());
}

#[test]
fn nothing_is_open_to_other_machines_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), bourse::Options::default()).unwrap();
    let open = Options { listen: SocketAddr::from(([0, 0, 0, 0], 0)), ..options() };
    let refused = Server::start(store.clone(), open.clone()).unwrap_err();
    assert!(refused.to_string().contains("user add"), "{refused}");
    add(&store, "ann", "secret", Access::Admin);
    let refused = Server::start(store.clone(), open.clone()).unwrap_err();
    assert!(refused.to_string().contains("--tls-cert"), "{refused}");
    let half = Options { tls_cert: Some("cert.pem".into()), ..open.clone() };
    assert!(Server::start(store.clone(), half).is_err());
    Server::start(store.clone(), Options { insecure: true, ..open.clone() }).unwrap();
    let (certificate, key) = certificate(folder.path());
    let options = Options { tls_cert: Some(certificate), tls_key: Some(key), ..open };
    Server::start(store, options).unwrap();
}

/// A certificate of its own and its key, written to files.
fn certificate(folder: &Path) -> (std::path::PathBuf, std::path::PathBuf) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (certificate, key)
}

/// Begins a session over TLS that trusts the certificate in a file; returns the first messages.
async fn over_tls(address: SocketAddr, certificate: &Path) -> std::io::Result<Vec<u8>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    stream.write_all(b"\0\0\0\x08\x04\xd2\x16\x2f").await?;
    assert_eq!(stream.read_u8().await?, b'S');
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await?;
    stream.write_all(b"\0\0\0\x12\0\x03\0\0user\0ann\0\0").await?;
    stream.flush().await?;
    let mut answer = vec![0; 512];
    let length = stream.read(&mut answer).await?;
    answer.truncate(length);
    Ok(answer)
}

#[test]
fn sessions_are_encrypted_and_certificates_are_read_anew() {
    let certificates = tempfile::tempdir().unwrap();
    let (cert, key) = certificate(certificates.path());
    let (of_options, of_key) = (cert.clone(), key);
    let setup = Setup::prepared(
        move |options| {
            options.tls_cert = Some(of_options);
            options.tls_key = Some(of_key);
        },
        |store| add(store, "ann", "secret", Access::Admin),
    );
    let answer = setup.run(over_tls(setup.address(), &cert)).unwrap();
    // SCRAM bound to the certificate is offered first.
    let body = String::from_utf8_lossy(&answer[9..]).into_owned();
    assert!(body.starts_with("SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0"), "{body:?}");
    // In the clear only what needs no certificate is.
    let mut raw = setup.raw();
    raw.begin(&[("user", "ann")]);
    assert_eq!(&raw.next().unwrap().1[4..], b"SCRAM-SHA-256\0\0");
    let before = certificates.path().join("before.pem");
    std::fs::copy(&cert, &before).unwrap();
    certificate(certificates.path());
    let deadline = sync::monotonic() + PATIENCE;
    while setup.run(over_tls(setup.address(), &cert)).is_err() {
        assert!(sync::monotonic() < deadline, "the certificate of before stays");
        sync::sleep(Duration::from_millis(100));
    }
    assert!(setup.run(over_tls(setup.address(), &before)).is_err());
    // Files that are no certificate change nothing.
    std::fs::write(certificates.path().join("key.pem"), "no key").unwrap();
    sync::sleep(Duration::from_secs(6));
    setup.run(over_tls(setup.address(), &cert)).unwrap();
}

#[test]
fn a_socket_of_the_file_system_is_one_more_way_in() {
    let folder = tempfile::tempdir().unwrap();
    let of_options = folder.path().to_owned();
    let setup = Setup::with(move |options| options.socket_folder = Some(of_options));
    let path = folder.path().join(format!(".s.PGSQL.{}", setup.address().port()));
    let config =
        format!("host={} port={} user=bourse", folder.path().display(), setup.address().port());
    let client = setup.try_client(&config).unwrap();
    let row = setup.run(client.query_one("select 1", &[])).unwrap();
    assert_eq!(row.get::<_, i32>(0), 1);
    drop(client);
    drop(setup);
    assert!(!path.exists());
}

#[test]
fn malformed_proofs_are_refused() {
    let setup = with_users();
    let answers: [&[u8]; 6] = [
        b"SCRAM-SHA-256\0\0\0\0\x05n,,n=",
        b"SCRAM-SHA-256\0\xff\xff\xff\xff",
        b"SCRAM-SHA-1\0\0\0\0\0",
        b"SCRAM-SHA-256-PLUS\0\0\0\0\x15p=tls-unique,,n=,r=abc",
        b"no end",
        b"",
    ];
    for answer in answers {
        let mut raw = setup.raw();
        raw.begin(&[("user", "ann")]);
        raw.next().unwrap();
        raw.message(b'p', answer);
        let (kind, body) = raw.next().unwrap();
        assert_eq!(kind, b'E', "{answer:?}");
        assert_eq!(field(&fields(&body), 'C'), Some("08P01"), "{answer:?}");
    }
}
