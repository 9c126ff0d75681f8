//! Settings of a session: what SET sets, by name.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::function::user::UserFunctions;

/// What a session has set, and what holds where it has not.
#[derive(Clone, Debug)]
pub struct Settings {
    values: HashMap<String, String>,
    search_path: Vec<String>,
    user: String,
    database: String,
    functions: Arc<UserFunctions>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings::new("postgres", "postgres")
    }
}

impl Settings {
    /// Those of a new session.
    pub fn new(user: impl Into<String>, database: impl Into<String>) -> Settings {
        let mut settings = Settings {
            values: HashMap::new(),
            search_path: Vec::new(),
            user: user.into(),
            database: database.into(),
            functions: Arc::default(),
        };
        settings.set("search_path", "\"$user\", public");
        settings
    }

    /// The value, by a name in lower case, if the session has set one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// What the program has given to the session.
    pub fn functions(&self) -> &Arc<UserFunctions> {
        &self.functions
    }

    /// The same settings with what the program has given to another session.
    #[must_use]
    pub fn with_functions(mut self, functions: Arc<UserFunctions>) -> Settings {
        self.functions = functions;
        self
    }

    /// Sets a value.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if name == "search_path" {
            self.search_path = schemas_of(&value, &self.user);
        }
        self.values.insert(name.to_owned(), value);
    }

    /// Goes back to what holds without SET.
    pub fn reset(&mut self, name: &str) {
        self.values.remove(name);
        if name == "search_path" {
            self.set(name, "\"$user\", public");
        }
    }

    /// Schemas in which names are looked for, in their order.
    pub fn search_path(&self) -> &[String] {
        &self.search_path
    }

    /// Whose session it is.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The name that the store goes by.
    pub fn database(&self) -> &str {
        &self.database
    }
}

/// The names of a `search_path`.
fn schemas_of(text: &str, user: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
            Some("$user") => user.to_owned(),
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => name.to_ascii_lowercase(),
        })
        .collect()
}
