//! A certificate for this run, and the one that vouches for it.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tonic::transport::{Identity, ServerTlsConfig};

use crate::Failure;

/// Writes the vouching certificate to `path`.
pub(crate) fn config(path: &Path) -> Result<ServerTlsConfig, Failure> {
    let mut ca = CertificateParams::new(Vec::new())?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate()?;
    std::fs::write(path, ca.self_signed(&ca_key)?.pem())?;
    let key = KeyPair::generate()?;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &Issuer::new(ca, ca_key))?;
    Ok(ServerTlsConfig::new().identity(Identity::from_pem(certificate.pem(), key.serialize_pem())))
}
