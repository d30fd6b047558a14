//! The last word of `cargo test`: which proofs this machine skipped, what each needs, where to get it.

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "it/toolbox.rs"]
mod toolbox;

use std::io::Write as _;
use std::process::ExitCode;

use toolbox::NEEDS;

fn main() -> ExitCode {
    // Editors and test runners ask every test program for its tests; this one has none.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let missing: Vec<_> = NEEDS.iter().filter(|need| need.path().is_none()).collect();
    if missing.is_empty() {
        say("every tool is here: no proof was skipped\n");
        return ExitCode::SUCCESS;
    }
    say("these proofs were skipped, because their tools are missing:\n");
    for need in missing {
        say(&format!("\n  {}\n      skipped:  {}\n      get it:   {}\n", need.name, need.proves, need.source));
    }
    say(
        "\nGATEWRIGHT_REQUIRE_TOOLS=1 makes a missing tool fail its tests. README.md says how to prepare all of them.\n",
    );
    if toolbox::is_required() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn say(text: &str) {
    // A closed pipe is not a failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
