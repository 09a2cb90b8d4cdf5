//! A server of a test's own, which it may set faults for.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Killed when dropped; what it keeps is in the test's folder.
pub(super) struct Process {
    child: Child,
    /// `127.0.0.1` with its port.
    pub(super) address: String,
}

impl Process {
    /// Starts a server that keeps its data in `folder`, or gives none after a line that says that there is none.
    pub(super) fn start(folder: &Path, arguments: &[&str]) -> Option<Self> {
        let program = crate::servers::address("KEYVISUAL_QDRANT_SERVER")?;
        let mut command = Command::new(program);
        command.arg("--data").arg(folder.join("data")).args(["--port", "0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").expect("the server listens").to_owned();
        Some(Self { child, address })
    }

    pub(super) fn url(&self) -> String {
        format!("qdrant://{}", self.address)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
