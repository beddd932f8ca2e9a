//! A schema file in a store that speaks S3. In: `s3://bucket/key`, and who asks and where, from the environment. Out: an address
//! that the object can be fetched from for a minute. Nothing is asked here, and no secret stands in a message.

use pgsync_runtime::internals::settings::variables;
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long the address is good for.
const VALID: Duration = Duration::from_secs(60);

/// The object behind `s3://bucket/key`, as an address that is signed. It must not be shown: it is as good as a password.
pub(crate) fn signed(address: &str) -> Result<String> {
    signed_by(address, &variables()?)
}

fn signed_by(address: &str, variables: &BTreeMap<String, String>) -> Result<String> {
    let usage =
        |what: String| Error::new(ErrorKind::Usage, format!("the schema file {address} cannot be read: {what}"));
    let (bucket, key) = address.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).unwrap_or_default();
    if bucket.is_empty() || key.is_empty() {
        return Err(usage("it is not of the form s3://bucket/key".to_owned()));
    }
    let set = |name: &str| variables.get(name).filter(|value| !value.is_empty());
    let endpoint = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].into_iter().find_map(|name| Some((name, set(name)?)));
    let region = set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"));
    let (id, secret) = (set("AWS_ACCESS_KEY_ID"), set("AWS_SECRET_ACCESS_KEY"));
    let mut missing = Vec::new();
    missing.extend(id.is_none().then_some("AWS_ACCESS_KEY_ID"));
    missing.extend(secret.is_none().then_some("AWS_SECRET_ACCESS_KEY"));
    // A store of one's own has no regions, and signs for the first one there was.
    missing.extend((region.is_none() && endpoint.is_none()).then_some("AWS_REGION"));
    let (Some(id), Some(secret), []) = (id, secret, missing.as_slice()) else {
        return Err(usage(format!("{} is not set", missing.join(" and "))).help(
            "set it in the environment or in .env; a store that is not Amazon's is named with AWS_ENDPOINT_URL",
        ));
    };
    let region = region.map_or("us-east-1", String::as_str);
    let (name, endpoint) = match endpoint {
        Some((name, endpoint)) => (name, endpoint.clone()),
        None => ("AWS_REGION", format!("https://s3.{region}.amazonaws.com")),
    };
    let wrong = || usage(format!("{name} does not give an address of the form https://host"));
    let url = endpoint.parse::<url::Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    // A certificate holds one label before the store's name, and a store of one's own has no names for its buckets.
    let by_name = name == "AWS_REGION" && !bucket.contains('.');
    let style = if by_name { UrlStyle::VirtualHost } else { UrlStyle::Path };
    let bucket =
        Bucket::new(url.ok_or_else(wrong)?, style, bucket.to_owned(), region.to_owned()).map_err(|_| wrong())?;
    let credentials = match set("AWS_SESSION_TOKEN") {
        Some(token) => Credentials::new_with_token(id.clone(), secret.clone(), token.clone()),
        None => Credentials::new(id.clone(), secret.clone()),
    };
    Ok(bucket.get_object(Some(&credentials), key).sign(VALID).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<String> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        signed_by("s3://shop/a dir/orders.json", &variables)
    }

    const ID: (&str, &str) = ("AWS_ACCESS_KEY_ID", "someone");
    const SECRET: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", "hidden-word");

    #[test]
    fn what_is_missing_is_said_by_name_and_no_secret() {
        let said = |variables: &[(&str, &str)]| with(variables).unwrap_err().to_string();
        assert!(said(&[]).contains("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and AWS_REGION is not set"));
        let region = said(&[ID, SECRET]);
        assert!(region.contains(": AWS_REGION is not set") && !region.contains("hidden-word"), "{region}");
        let wrong = said(&[ID, SECRET, ("AWS_ENDPOINT_URL", "store:9000")]);
        assert!(wrong.contains("AWS_ENDPOINT_URL does not give an address"), "{wrong}");
        let form = signed_by("s3://shop", &BTreeMap::new()).unwrap_err().to_string();
        assert!(form.contains("s3://bucket/key"), "{form}");
    }

    #[test]
    fn buckets_are_named_as_their_store_does() {
        let region = ("AWS_REGION", "eu-central-1");
        let amazon = with(&[ID, SECRET, region, ("AWS_SESSION_TOKEN", "a token")]).unwrap();
        assert!(amazon.starts_with("https://shop.s3.eu-central-1.amazonaws.com/a%20dir/orders.json?"), "{amazon}");
        for part in ["X-Amz-Signature=", "X-Amz-Expires=60", "X-Amz-Security-Token=a%20token", "eu-central-1%2Fs3"] {
            assert!(amazon.contains(part), "{part} of {amazon}");
        }
        assert!(!amazon.contains("hidden-word"));
        let own = ("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
        let own = with(&[ID, SECRET, own, ("AWS_ENDPOINT_URL_S3", "http://localhost:9000")]).unwrap();
        assert!(own.starts_with("http://localhost:9000/shop/a%20dir/orders.json?"), "{own}");
        assert!(own.contains("us-east-1%2Fs3"), "{own}");
    }
}
