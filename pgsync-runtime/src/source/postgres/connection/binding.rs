//! What SCRAM binds a login to: `tls-server-end-point` of RFC 5929. In: the server's certificate. Out: its hash, by the
//! algorithm that the certificate is signed with, MD5 and SHA-1 replaced by SHA-256.
//!
//! Nothing is verified here, and nothing but the name of the algorithm is looked for.

use sha2::{Digest, Sha256, Sha384, Sha512};

/// OIDs as they are encoded: PKCS #1 (the next byte says which), ECDSA with SHA-2, ECDSA with SHA-1, SHA-2.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
const SHA2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;

/// The hash; none for algorithms of which the RFC defines none, such as Ed25519.
pub(super) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let (SEQUENCE, content, _) = element(certificate)? else { return None };
    let (_, _, rest) = element(content)?;
    let (SEQUENCE, algorithm, _) = element(rest)? else { return None };
    let (OID, oid, parameters) = element(algorithm)? else { return None };
    let bits = match oid.split_last()? {
        // With MD5 or SHA-1.
        (4 | 5, RSA) => 256,
        _ if oid == ECDSA_SHA1 => 256,
        (11, RSA) | (2, ECDSA_SHA2) => 256,
        (12, RSA) | (3, ECDSA_SHA2) => 384,
        (13, RSA) | (4, ECDSA_SHA2) => 512,
        // PSS names the algorithm in its parameters; SHA-1 where it does not.
        (10, RSA) => match parameters.windows(SHA2.len() + 1).find_map(|window| window.strip_prefix(SHA2)) {
            Some([1]) | None => 256,
            Some([2]) => 384,
            Some([3]) => 512,
            Some(_) => return None,
        },
        _ => return None,
    };
    Some(match bits {
        256 => Sha256::digest(certificate).to_vec(),
        384 => Sha384::digest(certificate).to_vec(),
        _ => Sha512::digest(certificate).to_vec(),
    })
}

/// The first DER element: its tag, its content, what follows it.
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate as far as it is looked at: an empty body, the algorithm, an empty signature.
    fn certificate(oid: &[u8], parameters: &[u8]) -> Vec<u8> {
        let wrap = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
        let algorithm = wrap(SEQUENCE, &[wrap(OID, oid), parameters.to_vec()].concat());
        wrap(SEQUENCE, &[wrap(SEQUENCE, &[]), algorithm, wrap(3, &[0])].concat())
    }

    #[test]
    fn the_hash_is_that_of_the_signature() {
        let length = |prefix: &[u8], last: u8, parameters: &[u8]| {
            end_point(&certificate(&[prefix, &[last]].concat(), parameters)).map(|hash| hash.len() * 8)
        };
        assert_eq!([5, 11, 12, 13].map(|last| length(RSA, last, &[5, 0])), [256, 256, 384, 512].map(Some));
        assert_eq!([2, 3, 4].map(|last| length(ECDSA_SHA2, last, &[])), [256, 384, 512].map(Some));
        assert_eq!(length(RSA, 10, &[SHA2, &[3]].concat()), Some(512));
        assert_eq!(length(RSA, 10, &[]), Some(256));
        // Ed25519.
        assert_eq!(end_point(&certificate(&[0x2b, 0x65, 0x70], &[])), None);
        let whole = certificate(&[RSA, &[11]].concat(), &[5, 0]);
        assert_eq!(end_point(&whole).unwrap(), Sha256::digest(&whole).to_vec());
        assert_eq!(end_point(&whole[..6]), None);
    }
}
