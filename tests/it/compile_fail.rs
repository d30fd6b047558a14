//! The wrong thing does not compile: each file of tests/compile-fail is a program, checked by cargo in a package that has our
//! askama.toml. `//~ text` in its first line says what the compiler must say; without it, the program must compile.

use camino::Utf8Path;

use crate::tool;

#[test]
fn what_nobody_encoded_does_not_compile() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-fail");
    std::fs::create_dir_all(package.join("templates")).unwrap();
    for name in ["askama.toml", "Cargo.lock"] {
        tool::put(&package.join(name), &tool::get(&root.join(name)));
    }
    let mut manifest = format!(
        "[package]\nname = \"compile-fail\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         askama = {{ version = \"0.16\", default-features = false, features = [\"config\", \"derive\", \"std\"] }}\n\
         gatewright = {{ path = {root:?} }}\n"
    );
    let mut cases = Vec::new();
    for file in root.join("tests/compile-fail").read_dir_utf8().unwrap() {
        let path = file.unwrap().into_path();
        let name = path.file_stem().unwrap().to_owned();
        manifest.push_str(&format!("\n[[bin]]\nname = {name:?}\npath = {path:?}\n"));
        let expected = tool::get(&path).lines().next().and_then(|line| line.strip_prefix("//~ ")).map(str::to_owned);
        cases.push((name, expected));
    }
    tool::put(&package.join("Cargo.toml"), &manifest);

    let mut failures = Vec::new();
    for (name, expected) in &cases {
        let output = std::process::Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet", "--color=never", "--bin", name, "--target-dir"])
            .arg(package.join("target"))
            .current_dir(&package)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let is_right = match expected {
            Some(phrase) => !output.status.success() && said.contains(phrase.as_str()),
            None => output.status.success(),
        };
        if !is_right {
            failures.push(format!("{name}, expected {expected:?}:\n{said}"));
        }
    }
    assert!(
        cases.iter().any(|(_, expected)| expected.is_none()),
        "no case shows that the others fail for their reason"
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
