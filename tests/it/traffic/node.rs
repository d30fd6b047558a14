//! The scripts of `tests/clients`, which are real clients.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
};

use camino::Utf8PathBuf;
use serde_json::Value;

use crate::tool;

/// A script that runs; it ends by itself.
pub(super) struct Script {
    child: Child,
    result: Lines<BufReader<ChildStdout>>,
}

impl Script {
    /// Starts `tests/clients/<script>` with options of the Azure OpenAI client; `None` after having said what is missing.
    pub(super) fn start(script: &str, client: &Value, model: &str) -> Option<Self> {
        Self::start_with(script, client, model, &[])
    }

    /// The same with more arguments.
    pub(super) fn start_with(script: &str, client: &Value, model: &str, more: &[&str]) -> Option<Self> {
        let folder = Utf8PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients"));
        let node = tool::find("node")?.get_program().to_owned();
        tool::need("client-packages")?;
        let mut child = Command::new(node)
            .arg(folder.join(script))
            .args([&client.to_string(), model])
            .args(more)
            .env_clear() // OPENAI_… and proxies are not ours to try
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let result = BufReader::new(child.stdout.take().unwrap()).lines();
        Some(Self { child, result })
    }

    /// The next line of JSON that the script prints, or `None` after its end.
    pub(super) fn result(&mut self) -> Option<Value> {
        let Some(line) = self.result.next() else {
            assert!(self.child.wait().unwrap().success(), "the script failed");
            return None;
        };
        Some(serde_json::from_str(&line.unwrap()).unwrap())
    }
}
