//! Parameters: what they take, and how they are shown.

use super::Settings;

fn set(settings: &mut Settings, name: &str, value: &str) -> Result<String, (String, String)> {
    settings
        .assign(name, &[value.to_owned()])
        .and_then(|()| settings.show(name))
        .map_err(|error| (error.sqlstate().to_owned(), error.message().to_owned()))
}

/// Each line was answered so by PostgreSQL 15.
#[test]
fn values_are_shown_as_postgresql_shows_them() {
    let mut settings = Settings::default();
    for (name, value, shown) in [
        ("statement_timeout", "5s", "5s"),
        ("statement_timeout", "1.5s", "1500ms"),
        ("statement_timeout", "10.7", "11ms"),
        ("lock_timeout", "1 h", "1h"),
        ("lock_timeout", "90000", "90s"),
        ("lock_timeout", "0", "0"),
        ("work_mem", "1GB", "1GB"),
        ("work_mem", "4096", "4MB"),
        ("vacuum_cost_delay", "1.5ms", "1500us"),
        ("jit", "t", "on"),
        ("jit", "of", "off"),
        ("geqo_seed", "0.25", "0.25"),
        ("timezone", "utc", "UTC"),
        ("timezone", "-7", "<-07>+07"),
        ("timezone", "5.5", "<+05:30>-05:30"),
        ("timezone", "europe/rome", "Europe/Rome"),
        ("timezone", "EST5EDT", "EST5EDT"),
        ("datestyle", "dmy", "ISO, DMY"),
        ("client_encoding", "utf-8", "UTF8"),
        ("search_path", "a, b", "\"a, b\""),
        ("search_path", "", "\"\""),
        ("my.x", "3", "3"),
        ("bytea_output", "ESCAPE", "escape"),
    ] {
        assert_eq!(set(&mut settings, name, value).as_deref(), Ok(shown), "{name} = {value}");
    }
    let values = ["My".to_owned(), "foo".to_owned(), "$user".to_owned()];
    settings.assign("search_path", &values).unwrap();
    assert_eq!(settings.show("search_path").unwrap(), "\"My\", foo, \"$user\"");
    assert_eq!(settings.search_path(), ["My", "foo", "postgres"]);
}

/// Each line was answered so by PostgreSQL 15.
#[test]
fn values_are_refused_as_postgresql_refuses_them() {
    let mut settings = Settings::default();
    let range = "-1 ms is outside the valid range for parameter \"statement_timeout\" \
                 (0 .. 2147483647)";
    let shown = "parameter \"max_connections\" cannot be changed without restarting the server";
    for (name, value, sqlstate, message) in [
        ("statement_timeout", "-1", "22023", range),
        (
            "statement_timeout",
            "abc",
            "22023",
            "invalid value for parameter \"statement_timeout\": \"abc\"",
        ),
        ("work_mem", "3x", "22023", "invalid value for parameter \"work_mem\": \"3x\""),
        (
            "work_mem",
            "5",
            "22023",
            "5 kB is outside the valid range for parameter \"work_mem\" (64 .. 2147483647)",
        ),
        (
            "geqo_seed",
            "7",
            "22023",
            "7 is outside the valid range for parameter \"geqo_seed\" (0 .. 1)",
        ),
        ("timezone", "foo", "22023", "invalid value for parameter \"TimeZone\": \"foo\""),
        ("server_version", "1", "55P02", "parameter \"server_version\" cannot be changed"),
        ("max_connections", "3", "55P02", shown),
        ("nix", "1", "42704", "unrecognized configuration parameter \"nix\""),
        ("a b.c", "1", "42602", "invalid configuration parameter name \"a b.c\""),
        ("jit", "foo", "22023", "parameter \"jit\" requires a Boolean value"),
    ] {
        let refused = set(&mut settings, name, value).unwrap_err();
        assert_eq!(refused, (sqlstate.to_owned(), message.to_owned()), "{name} = {value}");
    }
    // What Bourse would not do is refused, where PostgreSQL does it.
    assert_eq!(set(&mut settings, "datestyle", "german").unwrap_err().0, "0A000");
    assert_eq!(set(&mut settings, "standard_conforming_strings", "off").unwrap_err().0, "0A000");
    assert_eq!(set(&mut settings, "client_encoding", "latin1").unwrap_err().0, "0A000");
}

/// RESET goes back to what the client said when it connected.
#[test]
fn reset_goes_back_to_the_beginning() {
    let mut settings = Settings::default();
    settings.assign_default("TimeZone", "Europe/Rome").unwrap();
    set(&mut settings, "timezone", "UTC").unwrap();
    set(&mut settings, "my.x", "3").unwrap();
    settings.reset("timezone").unwrap();
    assert_eq!(settings.show("timezone").unwrap(), "Europe/Rome");
    settings.reset_all();
    assert_eq!(settings.show("my.x").unwrap(), "");
    assert_eq!(settings.reset("nix").unwrap_err().sqlstate(), "42704");
    let mut names: Vec<_> =
        settings.all().map(|(parameter, _)| parameter.name.to_lowercase()).collect();
    let known = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), known);
    assert!(settings.all().map(|(parameter, _)| parameter.name.to_lowercase()).eq(names));
}
