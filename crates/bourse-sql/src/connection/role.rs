//! CREATE, ALTER and DROP ROLE, GRANT, REVOKE.

use sqlparser::ast::ObjectName;

use super::Connection;
use super::owned::Done;
use super::session::told;
use crate::catalog::Relation;
use crate::error::{Result, SqlError};
use crate::parse::{GrantObject, RoleOptions, RoleStatement};
use crate::role::{self, Access, Privileges, Role, Verifier};
use crate::session::Notice;

/// What privileges are on, by names of the catalog.
type Place = (String, Option<String>);

impl Connection {
    pub(super) fn role_statement(&self, statement: &RoleStatement) -> Result<Done> {
        let database = &self.database;
        match statement {
            RoleStatement::Create { name, options } => {
                let mut made = Role::new(name, Access::None);
                apply(&mut made, options)?;
                role::create(database, &made)?;
            }
            RoleStatement::Alter { name, options } => {
                let name = self.role_name(name);
                role::change(database, &name, |role| apply(role, options))?;
            }
            RoleStatement::Drop { names, if_exists } => self.drop_roles(names, *if_exists)?,
            RoleStatement::Privileges { privileges, objects, roles, revokes } => {
                let places = objects.iter().map(|object| self.place(object));
                let places = places.collect::<Result<Vec<Place>>>()?;
                for name in roles {
                    self.change_grants(&self.role_name(name), &places, *privileges, *revokes)?;
                }
            }
            RoleStatement::Access { accesses, roles, revokes } => {
                let highest = highest(accesses)?;
                for name in roles {
                    role::change(database, &self.role_name(name), |role| {
                        role.access = match (*revokes, role.access == highest) {
                            (false, _) => role.access.max(highest),
                            (true, true) => Access::None,
                            (true, false) => role.access,
                        };
                        Ok(())
                    })?;
                }
            }
            RoleStatement::Nothing { .. } => {}
        }
        told(statement.tag())
    }

    /// CURRENT_USER and its like are the session's.
    fn role_name(&self, name: &str) -> String {
        match name {
            "current_user" | "current_role" | "session_user" => {
                self.settings.borrow().user().to_owned()
            }
            name => name.to_owned(),
        }
    }

    fn drop_roles(&self, names: &[String], if_exists: bool) -> Result<()> {
        for name in names {
            if *name == self.settings.borrow().user() {
                return Err(SqlError::new("55006", "current user cannot be dropped"));
            }
            if role::remove(&self.database, name)? {
                continue;
            }
            if !if_exists {
                return Err(role::unknown(name));
            }
            let notice = format!("role \"{name}\" does not exist, skipping");
            self.state.tell(Notice::told(notice));
        }
        Ok(())
    }

    fn change_grants(
        &self,
        name: &str,
        places: &[Place],
        privileges: Privileges,
        revokes: bool,
    ) -> Result<()> {
        if name == "public" {
            let message = "privileges of PUBLIC are not supported: grant them to roles";
            return if revokes { Ok(()) } else { Err(SqlError::unsupported(message)) };
        }
        role::change(&self.database, name, |role| {
            for (schema, table) in places {
                if revokes {
                    role.revoke(schema, table.as_deref(), privileges);
                } else {
                    role.grant(schema, table.as_deref(), privileges);
                }
            }
            Ok(())
        })
    }

    fn place(&self, object: &GrantObject) -> Result<Place> {
        let catalog = self.catalog()?;
        match object {
            GrantObject::Schema(name) if catalog.has_schema(name) => Ok((name.clone(), None)),
            GrantObject::Schema(name) => {
                Err(SqlError::new("3F000", format!("schema \"{name}\" does not exist")))
            }
            GrantObject::Table(name) => {
                let (schema, name) = parts(name)?;
                let settings = self.settings.borrow();
                match catalog.relation(schema.as_deref(), &name, &settings) {
                    Some(Relation::Table(table)) => {
                        Ok((table.schema.clone(), Some(table.name.clone())))
                    }
                    Some(_) => Err(SqlError::new("42809", format!("\"{name}\" is not a table"))
                        .with_hint("A view needs the privileges on the tables that it reads.")),
                    None => {
                        let message = format!("relation \"{name}\" does not exist");
                        Err(SqlError::new("42P01", message))
                    }
                }
            }
        }
    }
}

/// Schema and name of a table.
fn parts(name: &ObjectName) -> Result<(Option<String>, String)> {
    let fold = |ident: &sqlparser::ast::Ident| match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    };
    let idents: Vec<String> = name.0.iter().filter_map(|part| part.as_ident()).map(fold).collect();
    match idents.as_slice() {
        [name] => Ok((None, name.clone())),
        [schema, name] | [_, schema, name] => Ok((Some(schema.clone()), name.clone())),
        _ => Err(SqlError::new("42601", format!("improper relation name: {name}"))),
    }
}

fn highest(accesses: &[String]) -> Result<Access> {
    let each = accesses.iter().map(|name| {
        Access::of_name(name).ok_or_else(|| {
            SqlError::new("42704", format!("role \"{name}\" does not exist"))
                .with_hint("A role can be granted an access: read, write or admin.")
        })
    });
    let all = each.collect::<Result<Vec<Access>>>()?;
    Ok(all.into_iter().max().unwrap_or_default())
}

fn apply(role: &mut Role, options: &RoleOptions) -> Result<()> {
    if let Some(login) = options.login {
        role.can_login = login;
    }
    match options.superuser {
        Some(true) => role.access = Access::Admin,
        Some(false) if role.access == Access::Admin => role.access = Access::None,
        _ => {}
    }
    if !options.in_roles.is_empty() {
        role.access = role.access.max(highest(&options.in_roles)?);
    }
    match &options.password {
        Some(Some(password)) => role.verifier = Some(Verifier::of_password(password)?),
        Some(None) => role.verifier = None,
        None => {}
    }
    Ok(())
}
