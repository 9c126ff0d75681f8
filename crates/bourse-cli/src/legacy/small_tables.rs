//! The 41 small tables of the platform, as data: names, declared types, constraints, and what each
//! column holds. Between them they have every declared type that SQLite's users write.

use super::small_rows::Field;
use super::small_rows::Field::{
    Accents, Address, Anything, Bytes, Choice, Clock, Day, DayOver, Decimal, Flag, Hexadecimal,
    Integer, Json, Label, LabelOf, Moment, Rare, Real, Reference, RowOf, RowOver, Sentence, Serial,
    SerialBytes, SerialHexadecimal, StepOf, Symbol, SymbolRow, User, Words,
};

/// A table whose rows do not grow with the scale.
pub(crate) struct SmallTable {
    /// The table's name.
    pub(crate) name: &'static str,
    /// How many rows it has, at every scale.
    pub(crate) rows: u64,
    /// Name, declaration and content of each column.
    pub(crate) columns: &'static [(&'static str, &'static str, Field)],
    constraints: &'static str,
    options: &'static str,
}

impl SmallTable {
    /// The statement that makes the table.
    pub(crate) fn definition(&self) -> String {
        let mut parts: Vec<String> = self
            .columns
            .iter()
            .map(|(name, declaration, _)| format!("{name} {declaration}").trim_end().to_owned())
            .collect();
        if !self.constraints.is_empty() {
            parts.push(self.constraints.to_owned());
        }
        let text = format!("CREATE TABLE {} ({}) {}", self.name, parts.join(", "), self.options);
        text.trim_end().to_owned()
    }
}

/// Indexes and a view over the small tables: descending, partial and unique ones, an expression,
/// a collation.
pub(crate) const EXTRAS: [&str; 7] = [
    "CREATE INDEX idx_signals_symbol_created ON signals(symbol, created_at DESC)",
    "CREATE INDEX idx_alerts_active ON alerts(symbol, user_id) WHERE active = 1",
    "CREATE UNIQUE INDEX idx_accounts_user ON accounts(user_id, account_id)",
    "CREATE INDEX idx_comments_unanswered ON comments(user_id) \
     WHERE parent_id IS NULL AND votes >= 0",
    "CREATE INDEX idx_comments_body ON comments(body COLLATE NOCASE)",
    "CREATE INDEX idx_reports_title ON reports(lower(title))",
    "CREATE VIEW active_alerts AS SELECT alert_id, user_id, symbol FROM alerts WHERE active = 1",
];

/// All of them, in the order in which they are written.
pub(crate) const SMALL_TABLES: [SmallTable; 41] = [
    SmallTable {
        name: "exchanges",
        rows: 12,
        columns: &[
            ("code", "CHARACTER(8) PRIMARY KEY NOT NULL", Label("X", 2)),
            ("name", "VARCHAR(255) NOT NULL", Words),
            ("country", "CHAR(2)", Choice(&["US", "DE", "GB", "JP", "CH"])),
            ("fee_rate", "DECIMAL(10,5) NOT NULL DEFAULT 0.001", Decimal(0, 1_000, 5)),
            ("opened", "DATE", Day),
        ],
        constraints: "",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "strategies",
        rows: 60,
        columns: &[
            ("strategy_id", "INTEGER PRIMARY KEY AUTOINCREMENT", Serial),
            ("name", "VARCHAR(100) NOT NULL UNIQUE COLLATE NOCASE", Label("Strategy ", 3)),
            (
                "kind",
                "TEXT NOT NULL DEFAULT 'momentum'",
                Choice(&["momentum", "reversal", "pairs", "carry"]),
            ),
            ("parameters", "JSON", Json),
            ("max_drawdown", "DOUBLE PRECISION", Rare(&Real(0.01, 0.5))),
            ("enabled", "BOOLEAN NOT NULL DEFAULT 1", Flag),
        ],
        constraints: "CHECK (kind <> '')",
        options: "",
    },
    SmallTable {
        name: "signals",
        rows: 2_000,
        columns: &[
            ("signal_id", "INTEGER PRIMARY KEY", Serial),
            ("strategy_id", "INT NOT NULL REFERENCES strategies(strategy_id)", Reference(60)),
            ("symbol", "TEXT NOT NULL", Symbol),
            ("strength", "REAL NOT NULL", Real(-1.0, 1.0)),
            ("horizon", "SMALLINT", Rare(&Integer(1, 90))),
            ("created_at", "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP", Moment),
        ],
        constraints: "CHECK (strength BETWEEN -1 AND 1)",
        options: "",
    },
    SmallTable {
        name: "sessions",
        rows: 1_500,
        columns: &[
            ("token", "TEXT PRIMARY KEY NOT NULL", Hexadecimal(32)),
            ("user_id", "INTEGER NOT NULL REFERENCES users(user_id)", User),
            ("address", "VARCHAR(45)", Address),
            ("started_at", "DATETIME NOT NULL", Moment),
            ("ended_at", "DATETIME", Rare(&Moment)),
        ],
        constraints: "",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "audit_log",
        rows: 2_000,
        columns: &[
            ("entry_id", "BIGINT NOT NULL", Serial),
            ("actor", "TEXT", Rare(&Label("agent-", 2))),
            (
                "action",
                "NVARCHAR(100) NOT NULL",
                Choice(&["login", "logout", "order", "cancel", "transfer"]),
            ),
            ("details", "CLOB", Rare(&Sentence)),
            ("checksum", "BLOB", Bytes(16, 16)),
            ("at", "TIMESTAMP NOT NULL", Moment),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "watchlists",
        rows: 400,
        columns: &[
            ("user_id", "INTEGER NOT NULL", User),
            ("position", "TINYINT NOT NULL", RowOf(400)),
            ("symbol", "TEXT NOT NULL COLLATE NOCASE", Symbol),
            ("note", "TEXT", Rare(&Accents)),
        ],
        constraints: "PRIMARY KEY (user_id, position)",
        options: "",
    },
    SmallTable {
        name: "alerts",
        rows: 800,
        columns: &[
            ("alert_id", "INTEGER PRIMARY KEY", Serial),
            ("user_id", "INTEGER NOT NULL", User),
            ("symbol", "TEXT NOT NULL", Symbol),
            ("above", "FLOAT", Rare(&Real(1.0, 900.0))),
            ("below", "FLOAT", Rare(&Real(1.0, 900.0))),
            ("active", "BOOLEAN NOT NULL", Flag),
            ("fired_at", "DATETIME", Rare(&Moment)),
        ],
        constraints: "CHECK (above IS NULL OR above > 0)",
        options: "",
    },
    SmallTable {
        name: "model_versions",
        rows: 120,
        columns: &[
            ("model", "TEXT NOT NULL", LabelOf("model-", 12)),
            ("version", "INTEGER NOT NULL", RowOver(12)),
            ("weights", "BLOB NOT NULL", Bytes(64, 2_048)),
            ("accuracy", "REAL", Real(0.4, 0.99)),
            ("trained_on", "DATE NOT NULL", Day),
        ],
        constraints: "PRIMARY KEY (model, version)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "model_metrics",
        rows: 960,
        columns: &[
            ("model", "TEXT NOT NULL", LabelOf("model-", 12)),
            ("version", "INTEGER NOT NULL", RowOver(96)),
            (
                "metric",
                "TEXT NOT NULL",
                StepOf(
                    12,
                    &[
                        "loss",
                        "recall",
                        "precision",
                        "sharpe",
                        "turnover",
                        "drawdown",
                        "hit_rate",
                        "calmar",
                    ],
                ),
            ),
            ("value", "DOUBLE", Rare(&Real(-3.0, 3.0))),
        ],
        constraints: "PRIMARY KEY (model, version, metric), FOREIGN KEY (model, version) REFERENCES model_versions(model, version)",
        options: "",
    },
    SmallTable {
        name: "currencies",
        rows: 30,
        columns: &[
            ("code", "CHAR(3) PRIMARY KEY NOT NULL", Label("C", 2)),
            ("digits", "TINYINT NOT NULL DEFAULT 2", Integer(0, 4)),
            ("name", "TEXT", Accents),
        ],
        constraints: "",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "exchange_rates",
        rows: 900,
        columns: &[
            ("base", "CHAR(3) NOT NULL", LabelOf("C", 30)),
            ("day", "DATE NOT NULL", DayOver(30)),
            ("rate", "DECIMAL(18,8) NOT NULL", Decimal(10_000, 900_000_000, 8)),
        ],
        constraints: "PRIMARY KEY (base, day DESC)",
        options: "",
    },
    SmallTable {
        name: "accounts",
        rows: 600,
        columns: &[
            ("account_id", "INTEGER PRIMARY KEY", Serial),
            ("iban", "VARCHAR(34) NOT NULL UNIQUE", Label("DE89370400440532", 6)),
            ("user_id", "INTEGER NOT NULL", User),
            ("currency", "CHAR(3) NOT NULL", LabelOf("C", 30)),
            ("balance", "NUMERIC(18,2) NOT NULL DEFAULT 0", Decimal(0, 90_000_000, 2)),
            ("frozen", "BOOLEAN", Rare(&Flag)),
        ],
        constraints: "CHECK (balance >= 0)",
        options: "",
    },
    SmallTable {
        name: "transfers",
        rows: 1_200,
        columns: &[
            ("transfer_id", "INTEGER PRIMARY KEY", Serial),
            (
                "from_account",
                "INTEGER REFERENCES accounts(account_id) ON DELETE SET NULL",
                Rare(&Reference(600)),
            ),
            ("to_account", "INTEGER REFERENCES accounts(account_id)", Reference(600)),
            ("amount", "DECIMAL(12,2) NOT NULL", Decimal(1, 5_000_000, 2)),
            ("reference", "NCHAR(55)", Accents),
            ("booked_at", "DATETIME NOT NULL", Moment),
        ],
        constraints: "CHECK (amount > 0)",
        options: "",
    },
    SmallTable {
        name: "fees",
        rows: 300,
        columns: &[
            ("fee_id", "INTEGER PRIMARY KEY", Serial),
            ("trade_id", "UNSIGNED BIG INT", Reference(200)),
            ("amount", "REAL NOT NULL", Real(0.0, 20.0)),
            ("kind", "VARYING CHARACTER(255)", Choice(&["commission", "slippage", "borrow"])),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "dividends",
        rows: 500,
        columns: &[
            ("symbol", "TEXT NOT NULL", SymbolRow),
            ("ex_date", "DATE NOT NULL", Day),
            ("amount", "NUMERIC", Decimal(1, 9_999, 4)),
            ("currency", "CHAR(3)", Choice(&["USD", "EUR"])),
        ],
        constraints: "UNIQUE (symbol, ex_date)",
        options: "",
    },
    SmallTable {
        name: "splits",
        rows: 40,
        columns: &[
            ("symbol", "TEXT PRIMARY KEY NOT NULL", SymbolRow),
            ("numerator", "INT2 NOT NULL", Integer(2, 10)),
            ("denominator", "INT8 NOT NULL", Integer(1, 2)),
            ("effective", "DATE", Day),
        ],
        constraints: "CHECK (numerator > 0 AND denominator > 0)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "sectors",
        rows: 11,
        columns: &[
            ("sector_id", "TINYINT PRIMARY KEY", Serial),
            ("name", "TEXT NOT NULL UNIQUE", Label("Sector ", 2)),
            ("color", "CHARACTER(7)", Hexadecimal(6)),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "instruments",
        rows: 500,
        columns: &[
            ("symbol", "TEXT PRIMARY KEY NOT NULL", SymbolRow),
            ("isin", "CHAR(12) UNIQUE", Label("US", 10)),
            ("sector_id", "TINYINT REFERENCES sectors(sector_id)", Reference(11)),
            ("lot", "MEDIUMINT NOT NULL DEFAULT 1", Integer(1, 100)),
            ("tick", "DECIMAL(8,4) NOT NULL", Decimal(1, 100, 4)),
            ("listed", "DATE", Rare(&Day)),
            ("logo", "BLOB", Rare(&Bytes(0, 300))),
        ],
        constraints: "",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "daily_bars",
        rows: 2_000,
        columns: &[
            ("symbol", "TEXT NOT NULL", SymbolRow),
            ("day", "DATE NOT NULL", DayOver(500)),
            ("open", "REAL", Real(10.0, 99.0)),
            ("high", "REAL", Real(100.0, 120.0)),
            ("low", "REAL", Real(5.0, 10.0)),
            ("close", "REAL", Real(10.0, 99.0)),
            ("volume", "BIGINT", Integer(0, 9_000_000_000)),
        ],
        constraints: "PRIMARY KEY (symbol, day), CHECK (high >= low)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "order_events",
        rows: 1_800,
        columns: &[
            ("event_id", "INTEGER PRIMARY KEY", Serial),
            ("order_id", "INTEGER NOT NULL", Reference(200)),
            ("from_status", "TEXT", Rare(&Choice(&["open", "partial"]))),
            ("to_status", "TEXT NOT NULL", Choice(&["filled", "cancelled", "rejected"])),
            ("payload", "", Anything),
            ("at", "TEXT NOT NULL", Moment),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "executions",
        rows: 1_000,
        columns: &[
            ("venue", "TEXT NOT NULL", LabelOf("X", 10)),
            ("sequence", "INTEGER NOT NULL", RowOver(10)),
            ("order_id", "INTEGER NOT NULL", Reference(200)),
            ("quantity", "REAL NOT NULL", Real(0.5, 100.0)),
            ("price", "REAL NOT NULL", Real(1.0, 500.0)),
        ],
        constraints: "PRIMARY KEY (venue, sequence)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "api_keys",
        rows: 150,
        columns: &[
            ("key_hash", "BLOB PRIMARY KEY NOT NULL", SerialBytes(20)),
            ("user_id", "INTEGER NOT NULL", User),
            ("scopes", "TEXT NOT NULL DEFAULT 'read'", Choice(&["read", "read,trade", "admin"])),
            ("expires", "INTEGER", Rare(&Integer(1_750_000_000, 1_800_000_000))),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "rate_limits",
        rows: 50,
        columns: &[
            ("route", "TEXT PRIMARY KEY NOT NULL COLLATE NOCASE", Label("/api/v1/route", 2)),
            ("per_minute", "INT NOT NULL", Integer(10, 6_000)),
            ("burst", "INT", Rare(&Integer(1, 100))),
        ],
        constraints: "",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "notifications",
        rows: 1_500,
        columns: &[
            ("notification_id", "INTEGER PRIMARY KEY AUTOINCREMENT", Serial),
            ("user_id", "INTEGER NOT NULL", User),
            ("channel", "TEXT NOT NULL", Choice(&["mail", "push", "sms"])),
            ("body", "TEXT", Sentence),
            ("sent_at", "DATETIME", Rare(&Moment)),
            ("attempts", "SMALLINT NOT NULL DEFAULT 0", Integer(0, 5)),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "preferences",
        rows: 700,
        columns: &[
            ("user_id", "INTEGER NOT NULL", User),
            ("name", "TEXT NOT NULL COLLATE RTRIM", Label("option ", 4)),
            ("value", "", Anything),
        ],
        constraints: "PRIMARY KEY (user_id, name)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "devices",
        rows: 350,
        columns: &[
            ("device_id", "UUID PRIMARY KEY NOT NULL", SerialHexadecimal),
            ("user_id", "INTEGER NOT NULL", User),
            ("platform", "NATIVE CHARACTER(70)", Choice(&["ios", "android", "web"])),
            ("push_token", "BLOB", Rare(&Bytes(32, 32))),
            ("seen_at", "DATETIME", Moment),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "holidays",
        rows: 90,
        columns: &[
            ("exchange", "CHARACTER(8) NOT NULL REFERENCES exchanges(code)", LabelOf("X", 12)),
            ("day", "DATE NOT NULL", DayOver(12)),
            ("name", "TEXT", Accents),
        ],
        constraints: "PRIMARY KEY (exchange, day)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "backtests",
        rows: 200,
        columns: &[
            ("backtest_id", "INTEGER PRIMARY KEY", Serial),
            ("strategy_id", "INTEGER NOT NULL REFERENCES strategies(strategy_id)", Reference(60)),
            ("from_day", "DATE", Day),
            ("to_day", "DATE", Day),
            ("result", "JSON", Json),
            ("equity", "BLOB", Bytes(100, 3_000)),
            ("sharpe", "REAL", Rare(&Real(-2.0, 4.0))),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "backtest_trades",
        rows: 1_600,
        columns: &[
            ("backtest_id", "INTEGER NOT NULL", RowOver(8)),
            ("number", "INTEGER NOT NULL", RowOf(8)),
            ("symbol", "TEXT NOT NULL", Symbol),
            ("profit", "REAL", Real(-500.0, 500.0)),
        ],
        constraints: "PRIMARY KEY (backtest_id, number)",
        options: "",
    },
    SmallTable {
        name: "risk_limits",
        rows: 250,
        columns: &[
            ("user_id", "INTEGER NOT NULL", User),
            ("metric", "TEXT NOT NULL", Label("limit-", 3)),
            ("ceiling", "NUMERIC(20,4)", Decimal(100, 90_000_000, 4)),
            ("hard", "BOOLEAN NOT NULL DEFAULT FALSE", Flag),
        ],
        constraints: "UNIQUE (user_id, metric), CHECK (ceiling > 0)",
        options: "",
    },
    SmallTable {
        name: "risk_events",
        rows: 300,
        columns: &[
            ("event_id", "INTEGER PRIMARY KEY", Serial),
            ("user_id", "INTEGER NOT NULL", User),
            ("severity", "TINYINT NOT NULL", Integer(1, 5)),
            ("message", "TEXT NOT NULL", Sentence),
            ("resolved", "BOOLEAN", Rare(&Flag)),
        ],
        constraints: "CHECK (severity BETWEEN 1 AND 5)",
        options: "",
    },
    SmallTable {
        name: "feature_store",
        rows: 1_200,
        columns: &[
            ("entity", "TEXT NOT NULL", Symbol),
            ("feature", "TEXT NOT NULL", Label("feature_", 4)),
            ("vector", "BLOB", Bytes(32, 256)),
            ("scalar", "DOUBLE", Rare(&Real(-10.0, 10.0))),
            ("computed_at", "REAL", Real(2_460_676.5, 2_461_041.5)),
        ],
        constraints: "PRIMARY KEY (feature, entity)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "data_sources",
        rows: 15,
        columns: &[
            ("source_id", "INT PRIMARY KEY NOT NULL", Serial),
            ("url", "TEXT NOT NULL UNIQUE", Label("https://feeds.example.com/", 2)),
            ("reliability", "FLOAT", Real(0.5, 1.0)),
            ("last_error", "TEXT", Rare(&Sentence)),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "ingest_runs",
        rows: 450,
        columns: &[
            ("run_id", "INTEGER PRIMARY KEY", Serial),
            ("source_id", "INT REFERENCES data_sources(source_id)", Reference(15)),
            ("rows_read", "BIGINT", Integer(0, 4_000_000)),
            ("started", "INTEGER NOT NULL", Integer(1_735_689_600, 1_767_225_599)),
            ("duration", "TIME", Rare(&Clock)),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "reports",
        rows: 80,
        columns: &[
            ("report_id", "INTEGER PRIMARY KEY", Serial),
            ("title", "TEXT NOT NULL", Accents),
            ("format", "TEXT", Choice(&["pdf", "csv", "html"])),
            ("content", "BLOB", Bytes(500, 6_000)),
            ("owner", "INTEGER", Rare(&User)),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "comments",
        rows: 600,
        columns: &[
            ("comment_id", "INTEGER PRIMARY KEY", Serial),
            ("parent_id", "INTEGER REFERENCES comments(comment_id)", Rare(&Reference(600))),
            ("user_id", "INTEGER NOT NULL", User),
            ("body", "TEXT NOT NULL", Accents),
            ("votes", "INTEGER NOT NULL DEFAULT 0", Integer(-20, 200)),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "tags",
        rows: 100,
        columns: &[
            ("tag", "TEXT PRIMARY KEY NOT NULL COLLATE NOCASE", Label("Tag", 3)),
            ("uses", "INTEGER NOT NULL DEFAULT 0", Integer(0, 10_000)),
        ],
        constraints: "",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "news_tags",
        rows: 900,
        columns: &[
            ("news_id", "INTEGER NOT NULL", RowOver(9)),
            ("tag", "TEXT NOT NULL", LabelOf("Tag", 9)),
        ],
        constraints: "PRIMARY KEY (news_id, tag), FOREIGN KEY (news_id) REFERENCES news_items(news_id)",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "subscriptions",
        rows: 350,
        columns: &[
            ("subscription_id", "INTEGER PRIMARY KEY", Serial),
            ("user_id", "INTEGER NOT NULL", User),
            ("plan", "TEXT NOT NULL DEFAULT 'basic'", Choice(&["basic", "pro", "desk"])),
            ("price", "DECIMAL(8,2) NOT NULL", Decimal(0, 99_900, 2)),
            ("trial", "BOOLEAN NOT NULL DEFAULT 0", Flag),
            ("renews_on", "DATE", Rare(&Day)),
        ],
        constraints: "",
        options: "",
    },
    SmallTable {
        name: "system_settings",
        rows: 45,
        columns: &[
            ("name", "TEXT PRIMARY KEY NOT NULL", Label("setting.", 2)),
            ("value", "", Anything),
            ("default_value", "BLOB DEFAULT x'00ff'", Rare(&Bytes(1, 8))),
        ],
        constraints: "",
        options: "WITHOUT ROWID",
    },
    SmallTable {
        name: "schema_migrations",
        rows: 28,
        columns: &[
            ("version", "BIGINT PRIMARY KEY NOT NULL", Serial),
            ("name", "TEXT NOT NULL", Words),
            ("applied_at", "TIMESTAMP NOT NULL", Moment),
            ("duration_ms", "REAL", Real(0.1, 900.0)),
        ],
        constraints: "",
        options: "",
    },
];
