//! What a failed handshake means. In: the error of a request. Out: a refusal that names the setting, for what does not
//! mend itself: waiting for a certificate to become another one helps nobody. It must not judge anything but TLS.

use crate::{Error, ErrorKind};
use rustls::{AlertDescription, CertificateError};

/// The refusal behind a failed request, if its reason is a certificate.
pub(super) fn refusal(error: &reqwest::Error, url: &str) -> Option<Error> {
    let refused = |message: String, help: &str| Some(Error::new(ErrorKind::Refused, message).help(help));
    match tls_error(error)? {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => refused(
            format!("the certificate of {url} is signed by an authority that is not trusted"),
            "name a PEM file with the authority's certificate in ELASTICSEARCH_CA_CERTS",
        ),
        rustls::Error::InvalidCertificate(reason) => refused(
            format!("the certificate of {url} is not valid: {reason}"),
            "check the host name in ELASTICSEARCH_URL, and ELASTICSEARCH_CA_CERTS",
        ),
        rustls::Error::AlertReceived(alert) if about_our_certificate(*alert) => refused(
            format!("{url} refused the TLS handshake with {alert:?}"),
            "if it asks for a client certificate, name it and its key in ELASTICSEARCH_CLIENT_CERT and \
             ELASTICSEARCH_CLIENT_KEY",
        ),
        _ => None,
    }
}

fn about_our_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            // An authority of the expected name with another key.
            | AlertDescription::DecryptError
            // What engines before TLS 1.3 answer to a missing certificate.
            | AlertDescription::HandshakeFailure
    )
}

/// The TLS error among the causes. An I/O error does not name what it wraps as its source, so it is opened.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}
