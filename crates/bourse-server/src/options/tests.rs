//! Guards: a file is overruled by the environment; a name that means nothing is refused by name.

use super::*;

fn of(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    pairs.into_iter()
}

#[test]
fn the_environment_overrules_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bourse.toml");
    std::fs::write(&file, "max_connections = 7\nslow_query_ms = 5\n").unwrap();
    let environment = of(&[("BOURSE_MAX_CONNECTIONS", "9"), ("BOURSE_OTHER", "x"), ("HOME", "/")]);
    let options = Options::load(Some(&file), environment).unwrap();
    assert_eq!((options.max_connections, options.slow_query_ms), (9, 5));
    assert_eq!(options.listen, Options::default().listen);
}

#[test]
fn what_means_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bourse.toml");
    std::fs::write(&file, "max_conections = 7\n").unwrap();
    let error = Options::load(Some(&file), of(&[])).unwrap_err();
    assert!(error.to_string().contains("max_conections"), "{error}");
    assert!(Options::load(None, of(&[("BOURSE_LISTEN", "nowhere")])).is_err());
}

#[test]
fn what_is_shown_can_be_read() {
    let options = Options {
        http: Some("127.0.0.1:8080".parse().unwrap()),
        database: "a \"name\"".to_owned(),
        ..Options::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bourse.toml");
    std::fs::write(&file, options.to_toml().unwrap()).unwrap();
    assert_eq!(Options::load(Some(&file), of(&[])).unwrap(), options);
}

#[test]
fn members_of_a_group_are_listed() {
    let of = |id, peers: &str| Options {
        node_id: id,
        peers: Some(peers.to_owned()),
        ..Options::default()
    };
    let options = of(Some(2), "1=a:5433, 2=127.0.0.1:5434,3=[::1]:5435");
    options.check().unwrap();
    assert_eq!(options.peers().unwrap()[&3], "[::1]:5435");
    let address = options.replication_address().unwrap().unwrap();
    assert_eq!(address.to_string(), "127.0.0.1:5434");
    for wrong in ["", "1=a:1", "2=a", "2=a:1,2=b:1", "0=a:1,2=b:1", "2=a:99999", "nonsense"] {
        let error = of(Some(2), wrong).check().unwrap_err();
        assert!(error.to_string().contains("--peers"), "{wrong}: {error}");
    }
    assert!(of(None, "1=a:1").check().is_err());
    let both = Options { follow: Some("a:1".to_owned()), ..of(Some(1), "1=a:1") };
    assert!(both.check().is_err());
}
