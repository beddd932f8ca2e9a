//! How several pipelines are doing together. In: the health of each, by its database. Out: one report, healthy while all are.

use super::serve::{Reported, listen};
use super::{Health, Report};
use crate::Result;
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Shared view of how all pipelines of a process are doing, by their databases. A clone is the same view.
#[derive(Debug, Clone)]
pub struct CombinedHealth(BTreeMap<String, Health>);

/// The answer of `/healthz` where there are several databases.
#[derive(Debug, Clone, Serialize)]
pub struct CombinedReport {
    /// Whether each is healthy.
    pub healthy: bool,
    /// Each, by its database.
    pub databases: BTreeMap<String, Report>,
}

impl FromIterator<(String, Health)> for CombinedHealth {
    fn from_iter<T: IntoIterator<Item = (String, Health)>>(each: T) -> Self {
        Self(each.into_iter().collect())
    }
}

impl CombinedHealth {
    /// How they are now.
    pub fn report(&self) -> CombinedReport {
        let databases: BTreeMap<_, _> = self.0.iter().map(|(name, health)| (name.clone(), health.report())).collect();
        CombinedReport { healthy: databases.values().all(|report| report.healthy), databases }
    }

    /// Serves `/healthz` until the process ends; one database alone is answered for by its own report.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Refused`] when the address cannot be listened on.
    pub async fn serve(&self, address: SocketAddr) -> Result<()> {
        listen(self.clone(), address).await
    }
}

impl Reported for CombinedHealth {
    fn answer(&self) -> (bool, serde_json::Value) {
        match self.0.first_key_value() {
            Some((_, alone)) if self.0.len() == 1 => alone.answer(),
            _ => {
                let report = self.report();
                (report.healthy, serde_json::json!(report))
            }
        }
    }

    fn reports(&self) -> Vec<(String, Report)> {
        self.0.iter().map(|(name, health)| (name.clone(), health.report())).collect()
    }

    fn of(&self, database: Option<&str>) -> Result<&Health, String> {
        let known = || self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        match database {
            Some(name) => {
                self.0.get(name).ok_or_else(|| format!("`database` is none of those that are followed: {}", known()))
            }
            None if self.0.len() == 1 => self.0.values().next().ok_or_else(String::new),
            None => Err(format!("`database` is missing: several are followed, {}", known())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_healthy_or_it_is_not_and_each_is_named() {
        let (shop, library) = (Health::default(), Health::default());
        let both = CombinedHealth::from_iter([("shop".to_owned(), shop), ("library".to_owned(), library.clone())]);
        let (healthy, answer) = both.answer();
        assert!(healthy && answer["healthy"] == true && answer["databases"]["shop"]["phase"] == "starting", "{answer}");
        library.problem("index books", Some("the alias is held by something else"));
        let (healthy, answer) = both.answer();
        assert!(!healthy && answer["healthy"] == false, "{answer}");
        assert_eq!(answer["databases"]["shop"]["healthy"], true, "{answer}");
        assert_eq!(answer["databases"]["library"]["healthy"], false, "{answer}");
    }

    #[test]
    fn who_waits_for_a_commit_says_in_which_database() {
        let both = || ["shop", "library"].map(|name| (name.to_owned(), Health::default()));
        let both = CombinedHealth::from_iter(both());
        assert!(both.of(Some("shop")).is_ok());
        assert!(both.of(Some("other")).unwrap_err().contains("library, shop"));
        assert!(both.of(None).unwrap_err().contains("several are followed"));
        assert!(CombinedHealth::from_iter([("shop".to_owned(), Health::default())]).of(None).is_ok());
    }

    #[test]
    fn one_alone_answers_as_it_does_by_itself() {
        let alone = CombinedHealth::from_iter([("shop".to_owned(), Health::default())]);
        let (_, answer) = alone.answer();
        assert!(answer.get("databases").is_none() && answer["phase"] == "starting", "{answer}");
    }
}
