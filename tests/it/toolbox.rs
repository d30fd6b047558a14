//! The tools that Rust does not bring along: where each is found, what it proves, where to get it. No other file of the tests knows
//! where a tool is. `tests/skipped.rs` prints this table for the tools that are missing.

use std::env;

use camino::{Utf8Path, Utf8PathBuf};

/// One tool, or a set of files that a tool needs.
#[derive(Debug)]
pub(crate) struct Need {
    /// The name that tests ask for.
    pub(crate) name: &'static str,
    /// The proofs that are skipped without it.
    pub(crate) proves: &'static str,
    /// The source of the tool.
    pub(crate) source: &'static str,
    /// Its path on this machine.
    find: fn() -> Option<Utf8PathBuf>,
}

/// Every tool that a test uses.
pub(crate) const NEEDS: [Need; 10] = [
    Need {
        name: "bicep",
        proves: "Bicep builds, lints and formats the output; both targets deploy the same; traffic; `terraform apply` leaves what \
                 Bicep would deploy",
        source: "a release of https://github.com/Azure/bicep, on PATH as `bicep`",
        find: || on_path("bicep"),
    },
    Need {
        name: "terraform",
        proves: "Terraform formats, validates and tests the output; both targets deploy the same; `terraform apply`",
        source: "https://developer.hashicorp.com/terraform/install, 1.11 or later, on PATH",
        find: || on_path("terraform"),
    },
    Need {
        name: "terraform-offline",
        proves: "Terraform validates and tests the output; both targets deploy the same",
        source: "tests/tools/setup (Python 3.11 with pip)",
        find: || prepared("TF_CLI_CONFIG_FILE", "terraform/terraformrc"),
    },
    Need {
        name: "provider-mirror",
        proves: "the real providers apply the output, change it, and destroy it",
        source: "`terraform providers mirror DIR` in out/minimal/terraform, with ARM_EMULATOR_MIRROR=DIR",
        find: || prepared("ARM_EMULATOR_MIRROR", "mirror"),
    },
    Need {
        name: "openssl",
        proves: "the real providers apply the output, change it, and destroy it",
        source: "the packages of your system",
        find: || on_path("openssl"),
    },
    Need {
        name: "python3",
        proves: "policy expressions compile; traffic; `terraform apply`",
        source: "https://www.python.org, 3.11 or later, on PATH",
        find: || on_path("python3"),
    },
    Need {
        name: "mono",
        proves: "policy expressions compile; traffic",
        source: "tests/tools/policy-expressions/setup (Debian: mono-devel and libnewtonsoft-json5.0-cil)",
        find: || on_path("mcs").and_then(|_| on_path("mono")),
    },
    Need {
        name: "node",
        proves: "traffic of real clients",
        source: "https://nodejs.org, 18 or later, on PATH",
        find: || on_path("node"),
    },
    Need {
        name: "client-packages",
        proves: "traffic of real clients",
        source: "npm ci --prefix tests/clients",
        find: || there(root().join("tests/clients/node_modules/openai")),
    },
    Need {
        name: "gzip",
        proves: "large published definitions are read",
        source: "the packages of your system",
        find: || on_path("gzip"),
    },
];

impl Need {
    /// The tool of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        NEEDS.iter().find(|need| need.name == name)
    }

    /// Its path, or `None` if this machine does not have it.
    pub(crate) fn path(&self) -> Option<Utf8PathBuf> {
        (self.find)()
    }
}

/// True if a missing tool fails its tests instead of skipping them.
pub(crate) fn is_required() -> bool {
    env::var_os("GATEWRIGHT_REQUIRE_TOOLS").is_some_and(|value| value == "1")
}

/// A program of the repository, below `tests/tools`.
pub(crate) fn own(tool: &str, program: &str) -> Utf8PathBuf {
    root().join("tests/tools").join(tool).join(program)
}

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The path in a variable, or else the one that `tests/tools/setup` has put into `target/tools`.
fn prepared(variable: &str, path: &str) -> Option<Utf8PathBuf> {
    let named = env::var(variable).ok().map(Utf8PathBuf::from).and_then(there);
    named.or_else(|| there(root().join("target/tools").join(path)))
}

fn on_path(program: &str) -> Option<Utf8PathBuf> {
    let path = env::var_os("PATH")?;
    let folders = env::split_paths(&path).filter_map(|folder| Utf8PathBuf::from_path_buf(folder).ok());
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn there(path: Utf8PathBuf) -> Option<Utf8PathBuf> {
    path.exists().then_some(path)
}
