//! TLS to the database. In: `sslmode` and files. Out: a client configuration that checks what libpq would check under
//! the same mode (PostgreSQL manual, "Protection Provided in Different Modes").

use crate::settings::{DatabaseSettings, SslMode};
use crate::{Error, ErrorKind, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::Path;
use std::sync::Arc;

/// The configuration for these settings.
///
/// # Errors
/// [`ErrorKind::Usage`] naming the setting whose file cannot be used.
pub(crate) fn client_config(settings: &DatabaseSettings) -> Result<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Fatal, "TLS cannot be set up").source(error))?;
    let checked = match settings.ssl_mode {
        SslMode::VerifyCa | SslMode::VerifyFull => true,
        // As libpq does: with a root certificate at hand, `require` checks against it.
        SslMode::Require => settings.ssl_root_cert.is_some(),
        SslMode::Disable | SslMode::Prefer => false,
    };
    let verifier: Arc<dyn ServerCertVerifier> = if checked {
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(settings)?), Arc::clone(&provider))
            .build()
            .map_err(|error| unusable("PG_SSLROOTCERT", settings.ssl_root_cert.as_deref(), error))?;
        if settings.ssl_mode == SslMode::VerifyFull { webpki } else { Arc::new(AnyName(webpki)) }
    } else {
        Arc::new(Unchecked(provider))
    };
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    match &settings.ssl_client {
        None => Ok(builder.with_no_client_auth()),
        Some((certificate, key)) => {
            let chain = certificates("PG_SSLCERT", certificate)?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable("PG_SSLKEY", Some(key), error))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| unusable("PG_SSLCERT", Some(certificate), error))
        }
    }
}

fn roots(settings: &DatabaseSettings) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    match &settings.ssl_root_cert {
        Some(path) => {
            for certificate in certificates("PG_SSLROOTCERT", path)? {
                store.add(certificate).map_err(|error| unusable("PG_SSLROOTCERT", Some(path), error))?;
            }
        }
        None => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    Ok(store)
}

fn certificates(setting: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let chain: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(setting, Some(path), error))?;
    if chain.is_empty() {
        return Err(unusable(setting, Some(path), "no certificate in it"));
    }
    Ok(chain)
}

fn unusable(setting: &str, path: Option<&Path>, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let path = path.map(|path| format!(" ({})", path.display())).unwrap_or_default();
    Error::new(ErrorKind::Usage, format!("{setting}{path} cannot be used")).source(error)
}

/// `verify-ca`: the chain is checked, the host name is not.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.0.verify_server_cert(end_entity, intermediates, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// `prefer` and `require`: the connection is encrypted, the server is not checked.
#[derive(Debug)]
struct Unchecked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
