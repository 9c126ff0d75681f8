//! Guards: a password's keys are those of RFC 7677; roles outlive the store's closing; grants add
//! up and are taken back; names that mean something else are refused.

use bourse::Options;

use super::*;

/// The example of RFC 7677.
#[test]
fn keys_are_those_of_the_standard() {
    let salt = [
        0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e, 0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa,
        0x81,
    ];
    let verifier = Verifier::with_salt("pencil", &salt, 4096);
    let text = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$\
                WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:\
                wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    assert_eq!(verifier.to_text(), text);
    assert_eq!(Verifier::from_text(text), Some(verifier));
    assert_eq!(Verifier::of_password(text).unwrap().to_text(), text);
}

/// The exchange of RFC 7677.
#[test]
fn proofs_are_those_of_the_standard() {
    let text = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$\
                WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:\
                wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    let verifier = Verifier::from_text(text).unwrap();
    let exchange = b"n=user,r=rOprNGfwEbeRWgbNEkqO,\
        r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
        c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    let decode = |text: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(text).unwrap()
    };
    let mut proof = decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    assert!(verifier.is_proven(exchange, &proof));
    assert_eq!(
        verifier.signature(exchange).to_vec(),
        decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    );
    assert!(!verifier.is_proven(exchange, &proof[1..]));
    proof[31] ^= 1;
    assert!(!verifier.is_proven(exchange, &proof));
}

#[test]
fn each_password_has_its_own_salt() {
    let [one, other] = [(); 2].map(|()| Verifier::of_password("secret").unwrap());
    assert_ne!(one.salt, other.salt);
    assert!(Verifier::of_password("").is_err());
    assert_eq!(Verifier::mock("bob", b"key"), Verifier::mock("bob", b"key"));
    assert_ne!(Verifier::mock("bob", b"key").salt, Verifier::mock("eve", b"key").salt);
    for text in ["SCRAM-SHA-256$0:aa$bb:cc", "SCRAM-SHA-256$4096:!$bb:cc", "md5abc", ""] {
        assert_eq!(Verifier::from_text(text), None, "{text}");
    }
}

#[test]
fn roles_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), Options::default()).unwrap();
    assert_eq!(all(&store).unwrap(), []);
    let mut bob = Role::new("bob", Access::Read);
    bob.verifier = Some(Verifier::of_password("secret").unwrap());
    bob.grant("public", Some("trades"), Privileges::default().with(Privilege::Insert));
    create(&store, &bob).unwrap();
    assert_eq!(create(&store, &bob).unwrap_err().sqlstate(), "42710");
    for name in ["", "public", "pg_x", "read"] {
        let refused = create(&store, &Role::new(name, Access::None)).unwrap_err();
        assert_eq!(refused.sqlstate(), "42939", "{name}");
    }
    store.close().unwrap();
    let store = Database::open(folder.path(), Options::default()).unwrap();
    assert_eq!(find(&store, "bob").unwrap(), Some(bob));
    change(&store, "bob", |bob| {
        bob.access = Access::Write;
        Ok(())
    })
    .unwrap();
    assert_eq!(find(&store, "bob").unwrap().unwrap().access, Access::Write);
    assert_eq!(change(&store, "eve", |_| Ok(())).unwrap_err().sqlstate(), "42704");
    assert!(remove(&store, "bob").unwrap());
    assert!(!remove(&store, "bob").unwrap());
}

#[test]
fn grants_add_up() {
    let mut role = Role::new("bob", Access::None);
    let select = Privileges::default().with(Privilege::Select);
    role.grant("public", None, select);
    role.grant("public", Some("t"), Privileges::ALL);
    let rights = Rights::of(&role);
    assert!(rights.allow("public", "other", Privilege::Select));
    assert!(!rights.allow("public", "other", Privilege::Insert));
    assert!(!rights.allow("private", "t", Privilege::Select));
    assert!(rights.allow("public", "t", Privilege::Delete));
    role.revoke("public", Some("t"), Privileges::ALL);
    assert!(!Rights::of(&role).allow("public", "t", Privilege::Delete));
    assert!(Rights::of(&role).allow("public", "t", Privilege::Select));
    role.revoke("public", None, select);
    assert_eq!(Rights::of(&role), Rights::default());
}

#[test]
fn an_access_is_for_all_tables() {
    let may =
        |access, privilege| Rights::of(&Role::new("bob", access)).allow("public", "t", privilege);
    assert!(may(Access::Read, Privilege::Select));
    assert!(!may(Access::Read, Privilege::Update));
    assert!(may(Access::Write, Privilege::Update));
    assert!(!may(Access::Write, Privilege::Truncate));
    assert!(may(Access::Admin, Privilege::Truncate));
}
