//! The wrong thing does not compile: each file of tests/compile-fail is a program, checked by the compiler against the library that
//! this test binary is linked with. `//~ text` in its first line says what the compiler must say; without it, the program must
//! compile.

use std::process::Command;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use crate::case::{map, none};
use crate::tool;

#[test]
fn unencoded_text_does_not_compile() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let compiler = Compiler::beside_this_test();
    let entries = root.join("tests/compile-fail").read_dir_utf8().unwrap();
    let programs: Vec<_> = entries.map(|entry| entry.unwrap().into_path()).collect();
    let expected = |program: &Utf8Path| -> Option<String> {
        let text = tool::get(program);
        text.lines().next()?.strip_prefix("//~ ").map(str::to_owned)
    };
    assert!(
        programs.iter().any(|program| expected(program).is_none()),
        "no program shows that the others fail for their reason"
    );
    let failures = map(&programs, |program| {
        let said = compiler.check(program);
        let is_right = match (expected(program), &said) {
            (Some(phrase), Err(errors)) => errors.contains(&phrase),
            (None, Ok(())) => true,
            (Some(_), Ok(())) | (None, Err(_)) => false,
        };
        let said = said.err().unwrap_or_default();
        (!is_right).then(|| format!("{program}, expected {:?}:\n{said}", expected(program)))
    });
    none(&failures.into_iter().flatten().collect::<Vec<_>>());
}

/// The compiler, with the libraries that cargo built for this test.
struct Compiler {
    arguments: Vec<String>,
    keep: tempfile::TempDir,
}

impl Compiler {
    fn beside_this_test() -> Self {
        let test = Utf8PathBuf::try_from(std::env::current_exe().unwrap()).unwrap();
        let folder = test.parent().unwrap();
        let gatewright = library(folder, "gatewright", changed(&test));
        let askama = library(folder, "askama", changed(&gatewright));
        let mut arguments = vec![
            "--edition=2024".to_owned(),
            "--crate-type=bin".to_owned(),
            "--emit=metadata".to_owned(),
            "--color=never".to_owned(),
            format!("--extern=gatewright={gatewright}"),
            format!("--extern=askama={askama}"),
            format!("-Ldependency={folder}"),
        ];
        // With `--target`, macros are in the folder of the machine that compiles: target/debug/deps, not target/<triple>/debug/deps.
        if let [_, profile, triple, target] = *folder.ancestors().take(4).collect::<Vec<_>>()
            && let macros = target.join(profile.file_name().unwrap()).join("deps")
            && macros.is_dir()
        {
            arguments.push(format!("-Ldependency={macros}"));
            arguments.push(format!("--target={}", triple.file_name().unwrap()));
        }
        Self { arguments, keep: tempfile::tempdir().unwrap() }
    }

    /// Checks a program, which needs no code to be generated, and gives the errors.
    fn check(&self, program: &Utf8Path) -> Result<(), String> {
        // The one of the cargo that built this test; another version could not read the libraries.
        let beside = Utf8Path::new(env!("CARGO")).with_file_name("rustc");
        let output = Command::new(if beside.exists() { beside.as_str() } else { "rustc" })
            .args(&self.arguments)
            .arg("--out-dir")
            .arg(self.keep.path())
            .arg(program)
            // The place where the templates' derive looks for askama.toml.
            .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("the compiler starts");
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }
}

/// The library of a crate that was there when `user` was linked. Older builds, and later ones with other options, may lie beside it.
fn library(folder: &Utf8Path, name: &str, user: SystemTime) -> Utf8PathBuf {
    let start = format!("lib{name}-");
    let files = folder.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path());
    let libraries = files.filter(|file| {
        file.file_name().is_some_and(|name| name.starts_with(&start) && name.ends_with(".rlib"))
            && changed(file) <= user
    });
    libraries.max_by_key(|file| changed(file)).unwrap_or_else(|| {
        panic!(
            "no {start}….rlib in {folder} from before this test was linked: the programs of tests/compile-fail are checked against \
             the libraries that `cargo test` leaves beside its test binary, and this cargo puts them elsewhere, or they were removed"
        )
    })
}

/// When a file was last changed.
fn changed(path: &Utf8Path) -> SystemTime {
    path.metadata().and_then(|metadata| metadata.modified()).unwrap()
}
