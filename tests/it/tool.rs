//! The targets' own tools, found on PATH or through `../shared/tools`. Absent ones skip a test aloud; with
//! GATEWRIGHT_REQUIRE_TOOLS=1 they fail it.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

/// A command that starts `name`, or `None` after having said why not.
pub(crate) fn find(name: &str) -> Option<Command> {
    let setup = format!(
        "{}/../shared/tools/{name}/setup",
        env!("CARGO_MANIFEST_DIR")
    );
    let script = r#"
        if ! command -v "$1" >/dev/null && [ -x "$2" ]; then eval "$("$2" "$HOME/.cache/$1-cli")"; fi
        command -v "$1""#;
    let found = Command::new("bash")
        .args(["-c", script, "find", name, &setup])
        .output()
        .expect("bash starts");
    if found.status.success() {
        return Some(Command::new(
            String::from_utf8(found.stdout).unwrap().trim(),
        ));
    }
    missing(&format!("{name}, on PATH or in ../shared/tools"))
}

/// A program of `../shared/tools/<tool>`, to be used where it lies, or `None` after having said why not.
pub(crate) fn shared(tool: &str, program: &str) -> Option<Utf8PathBuf> {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../shared/tools").join(tool).join(program);
    if path.exists() {
        return Some(path);
    }
    missing(&format!("{tool} in ../shared/tools"))
}

/// Says why a test is skipped, or fails it where everything is required.
pub(crate) fn missing<T>(what: &str) -> Option<T> {
    assert!(
        std::env::var_os("GATEWRIGHT_REQUIRE_TOOLS").is_none_or(|v| v != "1"),
        "missing, but required: {what}"
    );
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
    assert!(
        output.status.success(),
        "{command:?}: {errors}{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stdout).expect("the tool prints UTF-8")
}

/// Puts an input of a tool in place.
#[expect(
    clippy::disallowed_methods,
    reason = "scratch files of tests are not output"
)]
pub(crate) fn put(path: &Utf8Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

/// A file that a test looks at.
#[expect(clippy::disallowed_methods, reason = "tests read what they check")]
pub(crate) fn get(path: &Utf8Path) -> String {
    std::fs::read_to_string(path).unwrap()
}
