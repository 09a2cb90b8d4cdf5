//! What the command line says.

use std::path::PathBuf;

use crate::{Failure, fault::Fault};

pub(crate) struct Options {
    /// Where collections are kept, over restarts too.
    pub(crate) data: PathBuf,
    /// 0 for any that is free.
    pub(crate) port: u16,
    /// Needed by every call but the health check.
    pub(crate) api_key: Option<String>,
    /// The version of Qdrant that the health check names: the first with metadata of collections.
    pub(crate) release: String,
    /// Speaks TLS, by a certificate made for this run; where to write the certificate that vouches for it.
    pub(crate) tls: Option<PathBuf>,
    pub(crate) faults: Vec<(String, Fault)>,
}

impl Options {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let (mut data, mut tls) = (None, None);
        let (mut port, mut api_key, mut release, mut faults) = (6334, None, "1.16.0".to_owned(), Vec::new());
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--data" => data = Some(PathBuf::from(value)),
                "--port" => port = value.parse()?,
                "--api-key" => api_key = Some(value),
                "--release" => release = value,
                "--tls" => tls = Some(PathBuf::from(value)),
                "--fault" => {
                    let (method, fault) = value.split_once('=').ok_or("--fault takes METHOD=FAULT")?;
                    faults.push((method.to_owned(), fault.parse()?));
                }
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        let data = data.ok_or("--data FOLDER is missing")?;
        Ok(Self { data, port, api_key, release, tls, faults })
    }
}
