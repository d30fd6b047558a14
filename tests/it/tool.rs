//! How tests start the tools of `toolbox`. A missing tool skips a test and says so; with GATEWRIGHT_REQUIRE_TOOLS=1 it fails the test.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use crate::server;
use crate::toolbox::{self, Need};

/// Settings of a developer that would change what a tool says.
const UNWANTED: [&str; 7] = [
    "BICEP_PARAMETERS_OVERRIDES",
    "BICEP_TRACING_ENABLED",
    "TF_CLI_ARGS",
    "TF_DATA_DIR",
    "TF_LOG",
    "TF_REATTACH_PROVIDERS",
    "TF_WORKSPACE",
];

/// A command that starts `name`, or `None` after having said why not.
pub(crate) fn find(name: &str) -> Option<Command> {
    let mut command = Command::new(need(name)?);
    for name in UNWANTED {
        command.env_remove(name);
    }
    Some(command)
}

/// The path of a tool of `toolbox`, or `None` after printing why it is missing.
pub(crate) fn need(name: &str) -> Option<Utf8PathBuf> {
    let need = Need::named(name).expect("every tool is in toolbox::NEEDS");
    match need.path() {
        Some(path) => Some(path),
        None => missing(name),
    }
}

/// A Terraform that needs no network for its providers.
#[derive(Debug, Clone)]
pub(crate) struct Terraform {
    config: String,
}

impl Terraform {
    /// The one that TF_CLI_CONFIG_FILE prepares, or else the one that `tests/tools/setup` prepared.
    pub(crate) fn find() -> Option<Self> {
        need("terraform")?;
        need("terraform-offline").map(|config| Self { config: config.into_string() })
    }

    /// Terraform's output for `arguments` in a folder. Only `init` looks for providers.
    pub(crate) fn say(&self, folder: &Utf8Path, arguments: &[&str]) -> Output {
        let mut terraform = find("terraform").expect("it was there before");
        terraform.args(arguments).current_dir(folder);
        terraform.env("TF_CLI_CONFIG_FILE", &self.config);
        if arguments[0] != "init" {
            terraform.env("TF_REATTACH_PROVIDERS", server::providers(&self.config));
        }
        terraform.output().expect("the tool starts")
    }
}

/// The compiler of the expressions in policies.
pub(crate) fn policy_check() -> Option<Command> {
    need("mono")?;
    own("policy-expressions", "check").map(Command::new)
}

/// A program of `tests/tools/<tool>`, all of which are scripts of Python; `None` after having said what is missing.
pub(crate) fn own(tool: &str, program: &str) -> Option<Utf8PathBuf> {
    need("python3").map(|_| toolbox::own(tool, program))
}

/// Says why a test is skipped, once for each reason, or fails it where everything is required.
pub(crate) fn missing<T>(what: &str) -> Option<T> {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    assert!(!toolbox::is_required(), "missing, but required: {what}");
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(what.to_owned()) {
        let line = match Need::named(what) {
            Some(need) => format!("{what} is missing; skipped: {}; get it: {}\n", need.proves, need.source),
            None => format!("{what} is missing; its tests are skipped\n"),
        };
        // Not `eprintln!`, which the test harness keeps to itself while a test passes.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    None
}

/// The output of the command, which must succeed.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().expect("the tool starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).expect("the tool prints UTF-8")
}

/// Puts an input of a tool in place.
#[expect(clippy::disallowed_methods, reason = "scratch files of tests are not output")]
pub(crate) fn put(path: &Utf8Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

/// A file that a test looks at.
#[expect(clippy::disallowed_methods, reason = "tests read what they check")]
pub(crate) fn get(path: &Utf8Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The findings of a tool, one on each line; from both streams, since tools disagree which is for what.
pub(crate) fn complaints(output: &Output) -> Vec<String> {
    let mut said: Vec<String> = [&output.stderr, &output.stdout]
        .into_iter()
        .flat_map(|stream| String::from_utf8_lossy(stream).lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| !line.trim().is_empty())
        .collect();
    if !output.status.success() && said.is_empty() {
        said.push(format!("{}, without a word", output.status));
    }
    said
}
