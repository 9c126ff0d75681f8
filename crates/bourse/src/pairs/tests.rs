//! Pairs sort as their keys do, also where heads say nothing.

use super::Pairs;

/// Guards the order of keys that are shorter than a head, or that differ behind it.
#[test]
fn pairs_sort_as_their_keys_do() {
    let mut keys: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"\0".to_vec(),
        b"\0\0".to_vec(),
        b"a".to_vec(),
        b"a\0".to_vec(),
        b"sixteen bytes 16".to_vec(),
        b"sixteen bytes 16\0".to_vec(),
        b"sixteen bytes 16b".to_vec(),
        b"sixteen bytes 16a and more".to_vec(),
        vec![0xFF; 20],
        vec![0xFF; 16],
    ];
    let mut pairs = Pairs::default();
    for key in keys.iter().rev() {
        pairs.push(key, &[key.as_slice(), b"=value"].concat()).unwrap();
    }
    pairs.sort();
    keys.sort();
    assert!(pairs.iter().map(|(key, _)| key).eq(keys.iter().map(Vec::as_slice)));
    for (key, value) in pairs.iter() {
        assert_eq!(value, [key, b"=value"].concat());
    }
    assert!(!pairs.has_equal_neighbours(), "a key and the same with a zero differ");
    pairs.push(b"a\0", b"again").unwrap();
    pairs.sort();
    assert!(pairs.has_equal_neighbours());
}
