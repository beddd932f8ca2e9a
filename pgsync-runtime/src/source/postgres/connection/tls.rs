//! TLS to PostgreSQL with libpq's meaning of `sslmode`. In: settings and a connected socket. Out: the encrypted stream.

use super::address;
use crate::settings::{DatabaseSettings, SslMode};
use crate::{Code, Error, ErrorKind, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
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
        let what = format!("no TLS with PostgreSQL at {}", address(settings));
        // rustls wraps its own errors as invalid data: those come back at every attempt.
        let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
        let help = match cause {
            None => return Error::coded(Code::Unreachable, what).source(error),
            Some(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => "connect by a name that the certificate holds (PG_HOST or PG_URL), or set PG_SSLMODE=verify-ca",
            Some(_) => {
                "name the authority that signed the server's certificate, or that certificate, in PG_SSLROOTCERT"
            }
        };
        Error::coded(Code::Certificate, what).source(error).help(help)
    })
}

/// Whether a certificate is looked at, and how closely.
fn config(settings: &DatabaseSettings) -> Result<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let trust = match settings.ssl_mode {
        SslMode::Disable | SslMode::Prefer => None,
        // libpq checks the authority under `require` too as soon as a root is named.
        SslMode::Require if settings.ssl_root_cert.is_none() => None,
        SslMode::Require | SslMode::VerifyCa => Some(Trust { name: false, ..authorities(settings)? }),
        SslMode::VerifyFull => Some(authorities(settings)?),
    };
    let verifier = Arc::new(Verifier { provider: Arc::clone(&provider), trust });
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

/// The authorities to trust; the name is checked.
fn authorities(settings: &DatabaseSettings) -> Result<Trust> {
    let mut roots = RootCertStore::empty();
    let mut named = Vec::new();
    let from = if let Some(path) = &settings.ssl_root_cert {
        named = certificates(path, "PG_SSLROOTCERT")?;
        for certificate in &named {
            roots
                .add(certificate.clone())
                .map_err(|error| unreadable(path, "PG_SSLROOTCERT", "an authority", error))?;
        }
        path.display().to_string()
    } else {
        // The system's store often holds a few certificates that are not understood; the others serve.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        "the system's store".to_owned()
    };
    if roots.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("no certificate authorities in {from}"))
            .help("name a PEM file in PG_SSLROOTCERT"));
    }
    Ok(Trust { roots, named, name: true })
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

/// What makes a certificate the server's.
#[derive(Debug)]
struct Trust {
    roots: RootCertStore,
    /// The certificates of PG_SSLROOTCERT.
    named: Vec<CertificateDer<'static>>,
    /// Whether the host's name has to be the certificate's.
    name: bool,
}

impl Trust {
    fn verify(
        &self,
        provider: &CryptoProvider,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), rustls::Error> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        let algorithms = provider.signature_verification_algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, algorithms) {
            Ok(()) => {}
            // A certificate that is its own authority says that it is one, which chains do not allow a server's to say.
            // Trust in it comes from the file that names it. An expired one has an error of its own.
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(_)))
                if self.named.iter().any(|named| named.as_ref() == certificate.as_ref()) => {}
            Err(error) => return Err(error),
        }
        if self.name { verify_server_name(&parsed, name) } else { Ok(()) }
    }
}

/// Checks a certificate as far as `sslmode` asks for; that the server has its key is always checked.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// None: the line is encrypted, the peer is not known.
    trust: Option<Trust>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(trust) = &self.trust {
            trust.verify(&self.provider, certificate, intermediates, name, now)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
