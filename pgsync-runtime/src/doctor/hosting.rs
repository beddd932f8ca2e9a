//! Who runs a server, as far as its catalogue shows. In: names of settings and functions. Out: how a setting is changed there:
//! on hosted servers nobody may run the statement that does it elsewhere.

/// Who runs a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hosting {
    /// Whoever may change its settings.
    Own,
    /// Amazon RDS.
    Rds,
    /// Amazon Aurora.
    Aurora,
    /// Google Cloud SQL.
    CloudSql,
    /// Azure Database, flexible server.
    Azure,
}

impl Hosting {
    /// By the names of settings, and whether there is Aurora's function or variable.
    pub(crate) fn of<'a>(settings: impl IntoIterator<Item = &'a str>, aurora: bool) -> Self {
        let mut hosting = Self::Own;
        for name in settings {
            if name.starts_with("rds.") || name.starts_with("rds_") {
                hosting = Self::Rds;
            } else if name.starts_with("cloudsql.") || name.starts_with("cloudsql_") {
                hosting = Self::CloudSql;
            } else if name.starts_with("azure.") || name.starts_with("azure_") {
                hosting = Self::Azure;
            }
        }
        if aurora { Self::Aurora } else { hosting }
    }

    /// Its name, where it has one.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Own => None,
            Self::Rds => Some("Amazon RDS"),
            Self::Aurora => Some("Amazon Aurora"),
            Self::CloudSql => Some("Google Cloud SQL"),
            Self::Azure => Some("Azure Database"),
        }
    }

    /// How a setting is given a value there. `own` is the statement where nobody hosts it.
    pub(crate) fn set(self, setting: &str, value: &str, own: &str) -> String {
        match self {
            Self::Own => own.to_owned(),
            Self::Rds => format!("in the instance's parameter group: {setting} = {value}"),
            Self::Aurora => format!("in the cluster's parameter group: {setting} = {value}"),
            Self::CloudSql => format!("gcloud sql instances patch INSTANCE --database-flags={setting}={value}"),
            Self::Azure => format!(
                "az postgres flexible-server parameter set --resource-group GROUP --server-name SERVER --name {setting} --value {value}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_the_names_of_its_settings() {
        for (names, aurora, hosting) in [
            (&["wal_level", "max_wal_senders"][..], false, Hosting::Own),
            (&["wal_level", "rds.logical_replication"], false, Hosting::Rds),
            (&["rds.logical_replication"], true, Hosting::Aurora),
            (&["cloudsql.logical_decoding"], false, Hosting::CloudSql),
            (&["azure.extensions"], false, Hosting::Azure),
        ] {
            assert_eq!(Hosting::of(names.iter().copied(), aurora), hosting, "{names:?}");
        }
    }
}
