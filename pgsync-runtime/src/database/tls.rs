//! TLS to PostgreSQL with libpq's meaning of `sslmode`. In: settings and a connected socket. Out: the encrypted stream.

use super::address;
use crate::settings::{DatabaseSettings, SslMode};
use crate::{Error, ErrorKind, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Does the handshake.
pub(super) async fn wrap(settings: &DatabaseSettings, socket: TcpStream) -> Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(settings.host.clone()).map_err(|_| {
        Error::new(ErrorKind::Usage, format!("`{}` is neither a host name nor an address", settings.host))
            .help("check PG_HOST (or PG_URL)")
    })?;
    let connector = TlsConnector::from(Arc::new(config(settings)?));
    connector.connect(name, socket).await.map_err(|error| {
        // rustls wraps its own errors as invalid data: those come back at every attempt.
        let kind = match error.kind() {
            std::io::ErrorKind::InvalidData => ErrorKind::Refused,
            _ => ErrorKind::Unavailable,
        };
        let shown = Error::new(kind, format!("no TLS with PostgreSQL at {}", address(settings))).source(error);
        match kind {
            ErrorKind::Refused => shown.help(
                "name the authority that signed the server's certificate in PG_SSLROOTCERT; a certificate that is its \
                 own authority is taken only with PG_SSLMODE=require and no PG_SSLROOTCERT",
            ),
            _ => shown,
        }
    })
}

fn config(settings: &DatabaseSettings) -> Result<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match settings.ssl_mode {
        // libpq checks the authority under `require` too as soon as a root is named.
        SslMode::Disable | SslMode::Prefer | SslMode::Require
            if settings.ssl_mode != SslMode::Require || settings.ssl_root_cert.is_none() =>
        {
            Arc::new(Unverified(provider.clone()))
        }
        SslMode::VerifyFull => authority(settings, &provider)?,
        _ => Arc::new(AnyName(authority(settings, &provider)?)),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Fatal, "TLS cannot be set up").source(error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let Some((certificate, key)) = &settings.ssl_client else { return Ok(builder.with_no_client_auth()) };
    let chain = certificates(certificate, "PG_SSLCERT")?;
    let key =
        PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, "PG_SSLKEY", "a private key", error))?;
    builder
        .with_client_auth_cert(chain, key)
        .map_err(|error| Error::new(ErrorKind::Usage, "PG_SSLCERT and PG_SSLKEY do not belong together").source(error))
}

fn authority(settings: &DatabaseSettings, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>> {
    let mut roots = RootCertStore::empty();
    let from = if let Some(path) = &settings.ssl_root_cert {
        for certificate in certificates(path, "PG_SSLROOTCERT")? {
            roots.add(certificate).map_err(|error| unreadable(path, "PG_SSLROOTCERT", "an authority", error))?;
        }
        path.display().to_string()
    } else {
        // The system's store often holds a few certificates that are not understood; the others serve.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        "the system's store".to_owned()
    };
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().map_err(|error| {
        Error::new(ErrorKind::Usage, format!("no certificate authorities in {from}"))
            .source(error)
            .help("name a PEM file in PG_SSLROOTCERT")
    })
}

fn certificates(path: &Path, variable: &str) -> Result<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(path, variable, "certificates", error))?;
    if found.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("{variable}: no certificate in {}", path.display())));
    }
    Ok(found)
}

fn unreadable(
    path: &Path,
    variable: &str,
    wanted: &str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::new(ErrorKind::Usage, format!("{variable}: {} cannot be read as PEM with {wanted}", path.display()))
        .source(error)
}

/// Takes any certificate: the line is encrypted, the peer is not known.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Checks the authority and leaves the name out (`verify-ca`). The name is what the inner verifier checks last, so an
/// error about it means that all else held.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
