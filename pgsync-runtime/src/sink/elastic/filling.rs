//! Settings of an index that is being filled. In: a generation. Out: refreshes and copies put off while no search finds it,
//! and put back before one does.

use super::engine::Engine;
use super::http::segment;
use super::index::expect;
use crate::{ErrorKind, Result};
use reqwest::Method;
use serde_json::{Value, json};

impl Engine {
    /// What [`Self::put_off`] changes, as it is; null stands for the engine's default.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn settings(&self, physical: &str) -> Result<Value> {
        let path = format!("/{}/_settings", segment(physical));
        let answer = self.http.json(Method::GET, &path, None).await?;
        if !answer.ok() {
            return Err(answer.refusal(&format!("read the settings of `{physical}`")));
        }
        let found = answer.json();
        let index = &found[physical]["settings"]["index"];
        let copies = index["auto_expand_replicas"].as_str().is_some_and(|expand| expand != "false");
        let mut settings = json!({ "refresh_interval": index["refresh_interval"] });
        // Where the engine decides how many copies there are it is left to it.
        if !copies {
            settings["number_of_replicas"] = index["number_of_replicas"].clone();
        }
        Ok(settings)
    }

    /// Puts off refreshes and copies of a generation that is being filled. An engine that refuses that is left alone.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] where it does not answer.
    pub async fn put_off(&self, physical: &str) -> Result<()> {
        let mut settings = self.settings(physical).await?;
        for (name, value) in settings.as_object_mut().into_iter().flatten() {
            *value = if name == "refresh_interval" { json!("-1") } else { json!(0) };
        }
        match self.restore(physical, &settings).await {
            Err(error) if error.kind() != ErrorKind::Unavailable => {
                tracing::warn!(index = %physical, %error, "the index is filled with the settings that it has");
                Ok(())
            }
            result => result,
        }
    }

    /// Gives a generation these settings.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn restore(&self, physical: &str, settings: &Value) -> Result<()> {
        let path = format!("/{}/_settings", segment(physical));
        let answer = self.http.json(Method::PUT, &path, Some(&json!({ "index": settings }))).await?;
        expect(answer, &format!("change the settings of `{physical}`")).map(drop)
    }
}
