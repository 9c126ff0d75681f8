use super::judge;

const GOOD: &str = r#"
100 pwritev2(7, [{iov_base="x<000000000001>y", iov_len=4096}], 1, 0, RWF_DSYNC <unfinished ...>
101 pwrite64(8, "x<000000000002>y", 4096, 0) = 4096
100 <... pwritev2 resumed>) = 4096
101 fdatasync(8) = 0
100 write(1, "<000000000001>\n", 15) = 15
101 write(1, "<000000000002>\n", 15) = 15
"#;

#[test]
fn acknowledgements_after_their_syncs_count() {
    assert_eq!(judge(GOOD), Ok(2));
}

/// One that comes before its durable write has returned, or whose file is never synced.
#[test]
fn acknowledgements_before_their_syncs_are_found() {
    let early = GOOD.replace("100 <... pwritev2 resumed>) = 4096\n", "");
    let early = format!("{early}100 <... pwritev2 resumed>) = 4096\n");
    assert!(judge(&early).unwrap_err().contains("<000000000001>"));
    let never = GOOD.replace("fdatasync(8)", "fdatasync(9)");
    assert!(judge(&never).unwrap_err().contains("<000000000002> was acknowledged and never"));
    assert!(judge("").is_err());
}
