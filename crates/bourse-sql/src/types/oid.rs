//! The numbers by which PostgreSQL's protocol names its own types.

use super::{OidKind, SqlType};

impl SqlType {
    /// The number of the type in PostgreSQL's `pg_type`; `None` for what is not PostgreSQL's own
    /// (enumerated types, and arrays of them).
    pub fn builtin_oid(&self) -> Option<u32> {
        Some(self.oids()?.0)
    }

    /// The numbers of the type and of an array of it.
    fn oids(&self) -> Option<(u32, u32)> {
        Some(match self {
            SqlType::Unknown => (705, 1009),
            SqlType::Any | SqlType::Text => (25, 1009),
            SqlType::Boolean => (16, 1000),
            SqlType::SmallInt => (21, 1005),
            SqlType::Integer => (23, 1007),
            SqlType::BigInt => (20, 1016),
            SqlType::Oid(OidKind::Oid) => (26, 1028),
            SqlType::Oid(OidKind::Class) => (2205, 2210),
            SqlType::Oid(OidKind::Type) => (2206, 2211),
            SqlType::Oid(OidKind::Namespace) => (4089, 4090),
            SqlType::Oid(OidKind::Procedure) => (24, 1008),
            SqlType::Oid(OidKind::Role) => (4096, 4097),
            SqlType::QuotedChar => (18, 1002),
            SqlType::Vector(element) if **element == SqlType::SmallInt => (22, 1006),
            SqlType::Vector(_) => (30, 1013),
            SqlType::Real => (700, 1021),
            SqlType::Double => (701, 1022),
            SqlType::Numeric(_) => (1700, 1231),
            SqlType::Varchar(_) => (1043, 1015),
            SqlType::Char(_) => (1042, 1014),
            SqlType::Name => (19, 1003),
            SqlType::Bytea => (17, 1001),
            SqlType::Date => (1082, 1182),
            SqlType::Time(_) => (1083, 1183),
            SqlType::Timestamp(_) => (1114, 1115),
            SqlType::TimestampTz(_) => (1184, 1185),
            SqlType::Interval => (1186, 1187),
            SqlType::Uuid => (2950, 2951),
            SqlType::Json => (114, 199),
            SqlType::Jsonb => (3802, 3807),
            SqlType::Record(_) => (2249, 2287),
            SqlType::Void => (2278, 0),
            SqlType::Array(element) => return element.oids().map(|(_, array)| (array, array)),
            SqlType::Enum(_) => return None,
        })
    }
}
