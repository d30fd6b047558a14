//! The targets' own tools, found on PATH or through `../shared/tools`. Absent ones skip a test aloud; with
//! GATEWRIGHT_REQUIRE_TOOLS=1 they fail it. No other file of the tests knows where a tool is.

use std::process::{Command, Output};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use crate::server;

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
    let script = r#"
        if ! command -v "$1" >/dev/null && [ -x "$2" ]; then eval "$("$2" "$HOME/.cache/$1-cli")"; fi
        command -v "$1""#;
    let Some(program) = ask(script, name, &folder_of(name).join("setup")) else {
        return missing(name);
    };
    let mut command = Command::new(program);
    for name in UNWANTED {
        command.env_remove(name);
    }
    Some(command)
}

/// A Terraform that needs no network for its providers.
#[derive(Debug, Clone)]
pub(crate) struct Terraform {
    config: String,
}

impl Terraform {
    /// The one that TF_CLI_CONFIG_FILE prepares, or else the one of `../shared/tools`.
    pub(crate) fn find() -> Option<Self> {
        static CONFIG: OnceLock<Option<String>> = OnceLock::new();
        let script = r#"
            if ! [ -f "${TF_CLI_CONFIG_FILE:-}" ] && [ -x "$2" ]; then eval "$("$2" "$HOME/.cache/$1")"; fi
            [ -f "${TF_CLI_CONFIG_FILE:-}" ] && printf %s "$TF_CLI_CONFIG_FILE""#;
        find("terraform")?;
        let name = "terraform-offline";
        let config = CONFIG.get_or_init(|| ask(script, name, &folder_of(name).join("setup")));
        match config.clone() {
            Some(config) => Some(Self { config }),
            None => missing(name),
        }
    }

    /// What Terraform says to `arguments` in a folder. Only `init` looks for providers.
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
    let name = "policy-expressions";
    let check = folder_of(name).join("check");
    // Its setup installs packages, which is not for a test to do.
    let script = r#"command -v mcs >/dev/null && [ -x "$2" ] && printf %s "$2""#;
    match ask(script, name, &check) {
        Some(check) => Some(Command::new(check)),
        None => missing(name),
    }
}

/// The folder of a tool beside the checkout.
fn folder_of(tool: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools").join(tool)
}

/// What a script prints, if it succeeds.
fn ask(script: &str, name: &str, path: &Utf8Path) -> Option<String> {
    let said = Command::new("bash").args(["-c", script, "ask", name, path.as_str()]).output().expect("bash starts");
    let text = String::from_utf8(said.stdout).unwrap();
    said.status.success().then(|| text.trim().to_owned())
}

/// A program of `../shared/tools/<tool>`, to be used where it lies, or `None` after having said why not.
pub(crate) fn shared(tool: &str, program: &str) -> Option<Utf8PathBuf> {
    let path = folder_of(tool).join(program);
    if path.exists() {
        return Some(path);
    }
    missing(&format!("{tool} in ../shared/tools"))
}

/// Says why a test is skipped, or fails it where everything is required.
pub(crate) fn missing<T>(what: &str) -> Option<T> {
    assert!(std::env::var_os("GATEWRIGHT_REQUIRE_TOOLS").is_none_or(|v| v != "1"), "missing, but required: {what}");
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped, since this is missing: {what}");
    }
    None
}

/// What the command prints, having succeeded.
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

/// What a tool has to say beyond success, one finding a line; both streams, since tools disagree which is for what.
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
