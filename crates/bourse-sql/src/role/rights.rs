//! What a role may do with a table.

use serde_json::{Value as Json, json};

use super::{Access, Role};

/// Something that is done with a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Privilege {
    /// Its rows are read.
    Select,
    /// Rows are added.
    Insert,
    /// Rows are changed, or locked.
    Update,
    /// Rows are deleted.
    Delete,
    /// All rows are.
    Truncate,
    /// Foreign keys refer to it.
    References,
}

impl Privilege {
    /// All of them.
    pub const ALL: [(Privilege, &'static str); 6] = [
        (Privilege::Select, "SELECT"),
        (Privilege::Insert, "INSERT"),
        (Privilege::Update, "UPDATE"),
        (Privilege::Delete, "DELETE"),
        (Privilege::Truncate, "TRUNCATE"),
        (Privilege::References, "REFERENCES"),
    ];

    /// That of a name, in any case.
    pub fn of_name(name: &str) -> Option<Privilege> {
        let mut all = Privilege::ALL.iter();
        all.find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(privilege, _)| *privilege)
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// A set of privileges.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Privileges(u8);

impl Privileges {
    /// All.
    pub const ALL: Privileges = Privileges(0x3f);

    /// With one more.
    #[must_use]
    pub fn with(self, privilege: Privilege) -> Privileges {
        Privileges(self.0 | privilege.bit())
    }

    /// What either has.
    #[must_use]
    pub fn union(self, other: Privileges) -> Privileges {
        Privileges(self.0 | other.0)
    }

    /// What the other has not.
    #[must_use]
    pub fn without(self, other: Privileges) -> Privileges {
        Privileges(self.0 & !other.0)
    }

    /// Whether it has one.
    pub fn has(self, privilege: Privilege) -> bool {
        self.0 & privilege.bit() != 0
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their names.
    pub fn names(self) -> Vec<&'static str> {
        let all = Privilege::ALL.iter().filter(|(privilege, _)| self.has(*privilege));
        all.map(|(_, name)| *name).collect()
    }
}

/// Privileges on the tables of a schema, or on one of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The schema.
    pub schema: String,
    /// The table; all of the schema, those to come among them, without one.
    pub table: Option<String>,
    /// What may be done.
    pub privileges: Privileges,
}

impl Grant {
    pub(super) fn to_json(&self) -> Json {
        json!({
            "schema": self.schema,
            "table": self.table,
            "privileges": self.privileges.names(),
        })
    }

    pub(super) fn from_json(json: &Json) -> Option<Grant> {
        let names = json.get("privileges")?.as_array()?.iter().filter_map(Json::as_str);
        Some(Grant {
            schema: json.get("schema")?.as_str()?.to_owned(),
            table: json.get("table").and_then(Json::as_str).map(str::to_owned),
            privileges: names
                .filter_map(Privilege::of_name)
                .fold(Privileges::default(), Privileges::with),
        })
    }
}

/// What a session may do.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Rights {
    access: Access,
    grants: Vec<Grant>,
}

impl Rights {
    /// Those of a role.
    pub fn of(role: &Role) -> Rights {
        Rights { access: role.access, grants: role.grants.clone() }
    }

    /// What it may do everywhere.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Whether something may be done with a table.
    pub fn allow(&self, schema: &str, table: &str, privilege: Privilege) -> bool {
        let everywhere = match privilege {
            Privilege::Select => Access::Read,
            Privilege::Insert | Privilege::Update | Privilege::Delete => Access::Write,
            Privilege::Truncate | Privilege::References => Access::Admin,
        };
        self.access >= everywhere
            || self.grants.iter().any(|grant| {
                grant.schema == schema
                    && grant.table.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(table))
                    && grant.privileges.has(privilege)
            })
    }
}

impl Role {
    /// Adds privileges.
    pub fn grant(&mut self, schema: &str, table: Option<&str>, privileges: Privileges) {
        let known = self
            .grants
            .iter_mut()
            .find(|grant| grant.schema == schema && grant.table.as_deref() == table);
        match known {
            Some(grant) => grant.privileges = grant.privileges.union(privileges),
            None => self.grants.push(Grant {
                schema: schema.to_owned(),
                table: table.map(str::to_owned),
                privileges,
            }),
        }
    }

    /// Takes privileges away, of the same schema or table that they were granted on.
    pub fn revoke(&mut self, schema: &str, table: Option<&str>, privileges: Privileges) {
        for grant in &mut self.grants {
            // Those on all tables of a schema take those on single ones with them.
            let is_same = grant.table.as_deref() == table || table.is_none();
            if grant.schema == schema && is_same {
                grant.privileges = grant.privileges.without(privileges);
            }
        }
        self.grants.retain(|grant| !grant.privileges.is_empty());
    }
}
