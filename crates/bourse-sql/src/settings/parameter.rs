//! The parameters of a session: their kinds, and what holds where nobody has set them.
//!
//! Those that PostgreSQL's clients set are known by name, also where they have no meaning here;
//! a value that would ask for something else than what Bourse does is refused.

/// A parameter.
pub struct Parameter {
    /// Its name, as SHOW writes it.
    pub name: &'static str,
    /// Its value at first.
    pub default: &'static str,
    pub(super) kind: Kind,
    pub(super) rights: Rights,
    /// The values among those that can be said which mean something here; all without any.
    pub(super) supported: &'static [&'static str],
    /// What it does.
    pub description: &'static str,
}

/// What values a parameter has.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Kind {
    Boolean,
    Integer {
        least: i64,
        most: i64,
        unit: Unit,
    },
    Real {
        least: f64,
        most: f64,
        unit: Unit,
    },
    Choice(&'static [&'static str]),
    Text,
    /// Names of schemas.
    Names,
    Zone,
    DateStyle,
    Encoding,
    /// A position in the log, or none.
    Position,
}

/// In what a number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    None,
    Milliseconds,
    Bytes,
    Kilobytes,
    /// Of 8 kB.
    Blocks,
}

/// Who may set it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rights {
    /// The session.
    Session,
    /// Nobody.
    Nobody,
    /// Who starts the server.
    Start,
}

impl Parameter {
    /// What `pg_settings` calls its kind.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Boolean => "bool",
            Kind::Integer { .. } => "integer",
            Kind::Real { .. } => "real",
            Kind::Choice(_) => "enum",
            Kind::Text
            | Kind::Names
            | Kind::Zone
            | Kind::DateStyle
            | Kind::Encoding
            | Kind::Position => "string",
        }
    }

    /// What `pg_settings` calls the unit of its value.
    pub(crate) fn unit_name(&self) -> Option<&'static str> {
        let (Kind::Integer { unit, .. } | Kind::Real { unit, .. }) = self.kind else { return None };
        match unit {
            Unit::None => None,
            Unit::Milliseconds => Some("ms"),
            Unit::Bytes => Some("B"),
            Unit::Kilobytes => Some("kB"),
            Unit::Blocks => Some("8kB"),
        }
    }

    /// When it can be set, as `pg_settings` says it.
    pub(crate) fn context_name(&self) -> &'static str {
        match self.rights {
            Rights::Session => "user",
            Rights::Nobody => "internal",
            Rights::Start => "postmaster",
        }
    }

    const fn new(name: &'static str, default: &'static str, kind: Kind) -> Parameter {
        Parameter {
            name,
            default,
            kind,
            rights: Rights::Session,
            supported: &[],
            description: "Taken, and without effect here.",
        }
    }

    const fn does(mut self, description: &'static str) -> Parameter {
        self.description = description;
        self
    }

    const fn only(mut self, supported: &'static [&'static str]) -> Parameter {
        self.supported = supported;
        self.description = "Known; other values are refused.";
        self
    }

    const fn fixed(mut self, description: &'static str) -> Parameter {
        self.rights = Rights::Nobody;
        self.description = description;
        self
    }

    const fn at_start(mut self) -> Parameter {
        self.rights = Rights::Start;
        self.description = "As it is here.";
        self
    }
}

const fn switch(name: &'static str, default: &'static str) -> Parameter {
    Parameter::new(name, default, Kind::Boolean)
}

const fn text(name: &'static str, default: &'static str) -> Parameter {
    Parameter::new(name, default, Kind::Text)
}

const fn number(name: &'static str, default: &'static str, least: i64, most: i64) -> Parameter {
    Parameter::new(name, default, Kind::Integer { least, most, unit: Unit::None })
}

const fn real(name: &'static str, default: &'static str, least: f64, most: f64) -> Parameter {
    Parameter::new(name, default, Kind::Real { least, most, unit: Unit::None })
}

const fn time(name: &'static str, default: &'static str) -> Parameter {
    let kind = Kind::Integer { least: 0, most: INTEGER_MAX, unit: Unit::Milliseconds };
    Parameter::new(name, default, kind)
}

const fn size(name: &'static str, default: &'static str, least: i64, unit: Unit) -> Parameter {
    Parameter::new(name, default, Kind::Integer { least, most: INTEGER_MAX, unit })
}

const fn choice(
    name: &'static str,
    default: &'static str,
    values: &'static [&'static str],
) -> Parameter {
    Parameter::new(name, default, Kind::Choice(values))
}

const INTEGER_MAX: i64 = 2_147_483_647;
const REAL_MAX: f64 = f64::MAX;
const ISOLATION: &[&str] =
    &["serializable", "repeatable read", "read committed", "read uncommitted"];
const MESSAGES: &[&str] =
    &["debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"];
const ON: &[&str] = &["on"];
const OFF: &[&str] = &["off"];

const VIEWS: &[&str] = &["off", "exact", "all"];

/// All parameters, in the order of their names in lower case.
pub(super) static PARAMETERS: &[Parameter] = &[
    text("application_name", "").does("The client's name for itself."),
    switch("array_nulls", "on").only(ON),
    choice("backslash_quote", "safe_encoding", &["safe_encoding", "on", "off"]),
    number("block_size", "8192", 8192, 8192).fixed("As PostgreSQL's; Bourse's pages are of 4 KiB."),
    time("bourse.max_staleness", "0")
        .does("How old what a replica shows may be; 0 is as old as it is."),
    Parameter::new("bourse.read_after_lsn", "", Kind::Position)
        .does("A write that a replica must show before it is read."),
    choice("bourse.read_level", "local", &["local", "linearizable"])
        .does("Whether a read sees all that its group had acknowledged when it began."),
    time("bourse.read_timeout", "10000").does("How long a read waits for that write."),
    choice("bytea_output", "hex", &["escape", "hex"]).does("How bytes are written as text."),
    switch("check_function_bodies", "on"),
    time("client_connection_check_interval", "0"),
    Parameter::new("client_encoding", "UTF8", Kind::Encoding).does("How the client writes texts."),
    choice("client_min_messages", "notice", MESSAGES).does("What a client is told of."),
    choice("constraint_exclusion", "partition", &["partition", "on", "off"]),
    real("cpu_index_tuple_cost", "0.005", 0.0, REAL_MAX),
    real("cpu_operator_cost", "0.0025", 0.0, REAL_MAX),
    real("cpu_tuple_cost", "0.01", 0.0, REAL_MAX),
    real("cursor_tuple_fraction", "0.1", 0.0, 1.0),
    switch("data_checksums", "on").fixed("Every page has a checksum."),
    Parameter::new("DateStyle", "ISO, MDY", Kind::DateStyle)
        .does("In which order dates in numbers are read."),
    time("deadlock_timeout", "1000").does("Deadlocks are found when a wait begins."),
    number("default_statistics_target", "100", 1, 10_000),
    text("default_table_access_method", "heap").only(&["heap"]),
    text("default_tablespace", "").only(&["", "pg_default"]),
    text("default_text_search_config", "pg_catalog.simple"),
    choice("default_toast_compression", "pglz", &["pglz", "lz4"]),
    switch("default_transaction_deferrable", "off"),
    choice("default_transaction_isolation", "read committed", ISOLATION)
        .does("How transactions are isolated that do not say."),
    switch("default_transaction_read_only", "off")
        .does("Whether transactions may change something that do not say."),
    choice("dialect", "postgres", &["postgres", "sqlite"])
        .does("Whose SQL a session of a server speaks."),
    size("effective_cache_size", "524288", 1, Unit::Blocks),
    number("effective_io_concurrency", "1", 0, 1000),
    switch("enable_async_append", "on"),
    switch("enable_bitmapscan", "on"),
    switch("enable_gathermerge", "on"),
    switch("enable_hashagg", "on"),
    switch("enable_hashjoin", "on"),
    switch("enable_incremental_sort", "on"),
    switch("enable_indexonlyscan", "on"),
    switch("enable_indexscan", "on"),
    switch("enable_material", "on"),
    switch("enable_memoize", "on"),
    switch("enable_mergejoin", "on"),
    switch("enable_nestloop", "on"),
    switch("enable_parallel_append", "on"),
    switch("enable_parallel_hash", "on"),
    switch("enable_partition_pruning", "on"),
    switch("enable_partitionwise_aggregate", "off"),
    switch("enable_partitionwise_join", "off"),
    switch("enable_seqscan", "on"),
    switch("enable_sort", "on"),
    switch("enable_tidscan", "on"),
    switch("escape_string_warning", "on"),
    switch("exit_on_error", "off").only(OFF),
    number("extra_float_digits", "1", -15, 3).only(&["1", "2", "3"]),
    choice("force_parallel_mode", "off", &["off", "on", "regress"]),
    number("from_collapse_limit", "8", 1, INTEGER_MAX),
    switch("fsync", "on").at_start(),
    switch("geqo", "on"),
    number("geqo_effort", "5", 1, 10),
    real("geqo_seed", "0", 0.0, 1.0),
    number("geqo_threshold", "12", 2, INTEGER_MAX),
    real("hash_mem_multiplier", "2", 1.0, 1000.0),
    time("idle_in_transaction_session_timeout", "0")
        .does("How long a server lets a transaction wait for its client."),
    time("idle_session_timeout", "0").does("How long a server lets a session wait for its client."),
    switch("in_hot_standby", "off").fixed("Whether the store only follows another one."),
    switch("integer_datetimes", "on").fixed("Times are whole numbers of microseconds."),
    choice(
        "IntervalStyle",
        "postgres",
        &["postgres", "postgres_verbose", "sql_standard", "iso_8601"],
    )
    .only(&["postgres"]),
    switch("is_superuser", "on").fixed("There are no roles."),
    switch("jit", "on"),
    real("jit_above_cost", "100000", -1.0, REAL_MAX),
    real("jit_inline_above_cost", "500000", -1.0, REAL_MAX),
    real("jit_optimize_above_cost", "500000", -1.0, REAL_MAX),
    number("join_collapse_limit", "8", 1, INTEGER_MAX),
    text("lc_collate", "C").fixed("Texts are ordered by bytes."),
    text("lc_ctype", "C").fixed("ASCII letters alone are folded."),
    text("lc_messages", "C"),
    text("lc_monetary", "C"),
    text("lc_numeric", "C"),
    text("lc_time", "C"),
    text("listen_addresses", "").at_start(),
    switch("lo_compat_privileges", "off"),
    time("lock_timeout", "0").does("How long a statement waits for a lock; 0 is for ever."),
    time("log_min_duration_statement", "0"),
    choice("log_statement", "none", &["none", "ddl", "mod", "all"]),
    text("log_timezone", "UTC").at_start(),
    size("logical_decoding_work_mem", "65536", 64, Unit::Kilobytes),
    size("maintenance_work_mem", "65536", 1024, Unit::Kilobytes),
    number("max_connections", "100", 1, INTEGER_MAX).at_start(),
    number("max_function_args", "100", 100, 100).fixed("Arguments of a function at most."),
    number("max_identifier_length", "63", 63, 63).fixed("Bytes of a name in PostgreSQL."),
    number("max_index_keys", "32", 32, 32).fixed("Columns of an index in PostgreSQL."),
    number("max_parallel_maintenance_workers", "2", 0, 1024),
    number("max_parallel_workers", "8", 0, 1024),
    number("max_parallel_workers_per_gather", "2", 0, 1024),
    number("max_prepared_transactions", "0", 0, INTEGER_MAX).at_start(),
    size("max_stack_depth", "2048", 100, Unit::Kilobytes),
    size("min_parallel_index_scan_size", "64", 0, Unit::Blocks),
    size("min_parallel_table_scan_size", "1024", 0, Unit::Blocks),
    switch("parallel_leader_participation", "on"),
    real("parallel_setup_cost", "1000", 0.0, REAL_MAX),
    real("parallel_tuple_cost", "0.1", 0.0, REAL_MAX),
    choice("password_encryption", "scram-sha-256", &["md5", "scram-sha-256"]),
    choice("plan_cache_mode", "auto", &["auto", "force_generic_plan", "force_custom_plan"]),
    number("port", "5432", 1, 65_535).at_start(),
    switch("quote_all_identifiers", "off").only(OFF),
    real("random_page_cost", "4", 0.0, REAL_MAX),
    text("role", "none").only(&["none"]),
    switch("row_security", "on"),
    Parameter::new("search_path", "\"$user\", public", Kind::Names)
        .does("Schemas in which names are looked for."),
    real("seq_page_cost", "1", 0.0, REAL_MAX),
    text("server_encoding", "UTF8").fixed("How texts are stored."),
    text("server_version", SERVER_VERSION).fixed("The PostgreSQL whose dialect is spoken."),
    number("server_version_num", "150018", 150_018, 150_018)
        .fixed("The PostgreSQL whose dialect is spoken, as a number."),
    choice("session_replication_role", "origin", &["origin", "replica", "local"])
        .only(&["origin", "local"]),
    size("shared_buffers", "16384", 16, Unit::Blocks).at_start(),
    switch("ssl", "off").at_start(),
    switch("standard_conforming_strings", "on").only(ON),
    Parameter::new(
        "statement_memory",
        "268435456",
        Kind::Integer { least: 1, most: i64::MAX, unit: Unit::Bytes },
    )
    .does("Bytes that a statement keeps in memory: what is more goes to temporary files."),
    time("statement_timeout", "0").does("How long a statement takes at most; 0 is for ever."),
    switch("synchronize_seqscans", "on"),
    choice("synchronous_commit", "on", &["local", "remote_write", "remote_apply", "on", "off"])
        .does("With remote_apply a commit in a group waits until another member shows it."),
    number("tcp_keepalives_count", "0", 0, INTEGER_MAX),
    number("tcp_keepalives_idle", "0", 0, INTEGER_MAX),
    number("tcp_keepalives_interval", "0", 0, INTEGER_MAX),
    time("tcp_user_timeout", "0"),
    size("temp_buffers", "1024", 100, Unit::Blocks),
    Parameter::new(
        "temp_file_limit",
        "-1",
        Kind::Integer { least: -1, most: INTEGER_MAX, unit: Unit::Kilobytes },
    )
    .does("Size of the session's temporary files at most; -1 is without bound."),
    text("temp_tablespaces", ""),
    Parameter::new("TimeZone", "UTC", Kind::Zone)
        .does("The zone in which times are read and written."),
    text("timezone_abbreviations", "Default").only(&["Default"]),
    switch("track_activities", "on"),
    switch("track_counts", "on"),
    choice("track_functions", "none", &["none", "pl", "all"]),
    switch("track_io_timing", "off"),
    switch("transaction_deferrable", "off").does("Whether this transaction waits to begin."),
    choice("transaction_isolation", "read committed", ISOLATION)
        .does("How this transaction is isolated."),
    switch("transaction_read_only", "off").does("Whether this transaction changes nothing."),
    switch("transform_null_equals", "off").only(OFF),
    choice("use_aggregate_views", "exact", VIEWS)
        .does("Whether views answer queries that do not name them."),
    Parameter::new(
        "vacuum_cost_delay",
        "0",
        Kind::Real { least: 0.0, most: 100.0, unit: Unit::Milliseconds },
    ),
    text("wal_level", "replica").at_start(),
    size("work_mem", "4096", 64, Unit::Kilobytes),
    choice("xmlbinary", "base64", &["base64", "hex"]),
    choice("xmloption", "content", &["content", "document"]),
];

/// The PostgreSQL whose dialect is spoken.
pub const SERVER_VERSION: &str = "15.18";

/// The parameter of a name in any case.
pub(super) fn find(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
}
