//! SET, RESET and SHOW.
//!
//! A setting that is changed in a transaction goes with it: ROLLBACK, also to a savepoint, brings
//! back the value of before; what SET LOCAL set holds no longer than the transaction.

use super::Connection;
use super::run::Take;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::parse::{IsolationLevel, TransactionModes};
use crate::session::{Notice, SettingRequest};
use crate::settings::Settings;

impl Connection {
    /// The value of a setting, if the session has set one; of a number that in the parameter's own
    /// unit.
    pub fn setting(&self, name: &str) -> Option<String> {
        self.settings.borrow().get(name).map(str::to_owned)
    }

    /// What the session has set.
    pub fn settings(&self) -> Settings {
        self.settings.borrow().clone()
    }

    /// The value as SHOW writes it, by a name in lower case.
    ///
    /// # Errors
    /// 42704 for a name that is none.
    pub fn show(&self, name: &str) -> Result<String> {
        let on = |is_on: bool| if is_on { "on" } else { "off" }.to_owned();
        match (name, &*self.open.borrow()) {
            ("transaction_isolation", Some(open)) => Ok(open.isolation_name().to_owned()),
            ("transaction_read_only", Some(open)) => Ok(on(open.read_only)),
            ("in_hot_standby", _) => Ok(on(self.is_standby())),
            ("transaction_read_only", _) if self.is_standby() => Ok(on(true)),
            ("transaction_isolation" | "transaction_read_only" | "transaction_deferrable", _) => {
                self.settings.borrow().show(&format!("default_{name}"))
            }
            ("session_authorization", _) => Ok(self.settings.borrow().user().to_owned()),
            _ => self.settings.borrow().show(name),
        }
    }

    pub(super) fn show_all(&self, take: &mut Take<'_>) -> Result<()> {
        let all: Vec<_> = self.settings.borrow().all().map(|(parameter, _)| parameter).collect();
        for parameter in all {
            if matches!(parameter.name, "is_superuser" | "role") {
                continue;
            }
            let value = self.show(&parameter.name.to_ascii_lowercase())?;
            let row = [parameter.name, &value, parameter.description].map(Datum::text);
            take(&mut row.iter())?;
        }
        Ok(())
    }

    pub(super) fn set(&self, local: bool, name: &str, values: Option<&[String]>) -> Result<()> {
        if let Some(modes) = modes_of(name, values)? {
            return self.set_modes(modes);
        }
        if matches!(name, "session_authorization" | "role") {
            let user = self.settings.borrow().user().to_owned();
            return match values {
                Some([value]) if *value != user && !value.eq_ignore_ascii_case("none") => {
                    let message = format!("role \"{value}\" does not exist");
                    Err(SqlError::new("22023", message))
                }
                _ => Ok(()),
            };
        }
        let mut lasting = {
            let mut settings = self.settings.borrow().clone();
            match values {
                Some(values) => settings.assign(name, values)?,
                None => settings.reset(name)?,
            }
            settings
        };
        match &mut *self.open.borrow_mut() {
            Some(open) => open.note_setting(local, name, &lasting),
            None if local => {
                let message = "SET LOCAL can only be used in transaction blocks";
                self.state.tell(Notice::warning("25P01", message));
                lasting = self.settings.borrow().clone();
            }
            None => {}
        }
        self.set_settings(lasting);
        Ok(())
    }

    /// Sets what functions of a statement have set.
    pub(super) fn grant(&self, requests: Vec<SettingRequest>) -> Result<()> {
        for SettingRequest { name, value, local, .. } in requests {
            if let Some(modes) = modes_of(&name, Some(std::slice::from_ref(&value)))? {
                self.set_modes(modes)?;
                continue;
            }
            let mut settings = self.settings.borrow().clone();
            settings.set(&name, value);
            match &mut *self.open.borrow_mut() {
                Some(open) => open.note_setting(local, &name, &settings),
                // For the statement's own transaction, which is over.
                None if local => continue,
                None => {}
            }
            self.set_settings(settings);
        }
        Ok(())
    }

    pub(super) fn reset(&self, name: Option<&str>) -> Result<()> {
        let Some(name) = name else {
            let mut settings = self.settings.borrow().clone();
            settings.reset_all();
            if let Some(open) = &mut *self.open.borrow_mut() {
                open.lasting = settings.clone();
            }
            self.set_settings(settings);
            return Ok(());
        };
        self.set(false, name, None)
    }
}

/// What a setting says of the transaction, if it is one of those.
fn modes_of(name: &str, values: Option<&[String]>) -> Result<Option<TransactionModes>> {
    let Some(name) = name.strip_prefix("transaction_") else { return Ok(None) };
    let Some([value]) = values else { return Ok(Some(TransactionModes::default())) };
    let checked = crate::settings::checked_text(&format!("transaction_{name}"), value)?;
    let is_on = checked == "on";
    Ok(match name {
        "isolation" => {
            let isolation = Some(IsolationLevel::of_name(&checked));
            Some(TransactionModes { isolation, ..TransactionModes::default() })
        }
        "read_only" => {
            Some(TransactionModes { read_only: Some(is_on), ..TransactionModes::default() })
        }
        "deferrable" => {
            Some(TransactionModes { deferrable: Some(is_on), ..TransactionModes::default() })
        }
        _ => None,
    })
}
