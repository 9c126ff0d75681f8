use super::{Counts, Operation, compare, decode, decode_list, encode, total};

fn counts(compiler: &str, operations: &[(&str, f64)]) -> Counts {
    let operations = operations.iter().map(|(name, count)| (name.to_string(), *count)).collect();
    Counts { compiler: compiler.to_string(), operations }
}

// Guards the bound: 5 % more fails and names the operation, and so does 5 % less, that the gain is
// not lost to the next change unseen.
#[test]
fn more_than_five_percent_either_way_is_a_finding() {
    let committed = counts("rustc 1", &[("get", 1_000.0), ("put", 5_000.0), ("scan", 100.0)]);
    let near = counts("rustc 1", &[("get", 1_049.0), ("put", 4_760.0), ("scan", 100.0)]);
    assert_eq!(compare(&committed, &near).1, Vec::<String>::new());
    let far = counts("rustc 1", &[("get", 1_051.0), ("put", 4_740.0), ("scan", 100.0)]);
    let (table, findings) = compare(&committed, &far);
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings[0].contains("get takes 5.1 % more"), "{findings:?}");
    assert!(findings[1].contains("put takes 5.2 % less"), "{findings:?}");
    assert!(table.contains("+5.10") && table.contains("-5.20"), "{table}");
}

// Guards an update of the compiler: it alone does not fail, a large rise still does.
#[test]
fn another_compiler_has_a_wider_bound() {
    let committed = counts("rustc 1", &[("get", 1_000.0)]);
    let (table, findings) = compare(&committed, &counts("rustc 2", &[("get", 1_120.0)]));
    assert!(findings.is_empty() && table.contains("rustc 2"), "{table}{findings:?}");
    assert_eq!(compare(&committed, &counts("rustc 2", &[("get", 1_160.0)])).1.len(), 1);
}

// Guards against an operation that is compared with nothing.
#[test]
fn both_sides_must_know_an_operation() {
    let committed = counts("rustc 1", &[("get", 1_000.0), ("gone", 1.0)]);
    let findings = compare(&committed, &counts("rustc 1", &[("get", 1_000.0), ("new", 9.0)])).1;
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings[0].contains("new is not in") && findings[1].contains("gone of"));
}

// Guards the committed file: what is written is read, and what is not a count is refused.
#[test]
fn the_record_is_read_back() {
    let written = counts("rustc 1.2.3 (abc 2026-01-01)", &[("get", 1_000.0), ("put", 5_000.0)]);
    assert_eq!(decode(&encode(&written)).unwrap(), written);
    for wrong in ["get 1", "get = many", "get = 0", "get = nan"] {
        assert!(decode(wrong).unwrap_err().contains(wrong));
    }
}

// Guards what is read of the programs: a count of nothing would pass any bound.
#[test]
fn lists_and_counts_are_read_or_refused() {
    let list = decode_list("get 200\n").unwrap();
    let wanted = Operation { name: "get".into(), count: 200 };
    assert_eq!(list, [wanted]);
    assert!(decode_list("get").is_err());
    assert_eq!(total("version: 1\nevents: Ir\nsummary: 1234\n\nfn=x\n").unwrap(), 1_234);
    assert_eq!(total("events: Ir\ntotals: 99\n").unwrap(), 99);
    assert!(total("events: Ir\n").is_err());
}
