//! Nothing runs backwards: a module uses only what stands above it.

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::tool;

/// The modules of the library. Each may use those before it.
const LAYERS: [&str; 15] = [
    "catalogue",
    "source",
    "diag",
    "model",
    "definition",
    "include",
    "resolve",
    "plan",
    "facts",
    "explain",
    "output",
    "emit",
    "limits",
    "compile",
    "cli",
];

#[test]
fn modules_use_what_stands_above_them() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = BTreeSet::new();
    let mut backwards = Vec::new();
    for entry in walkdir::WalkDir::new(&root).into_iter().filter_map(Result::ok) {
        let path = Utf8Path::from_path(entry.path()).unwrap();
        if path.extension() != Some("rs") {
            continue;
        }
        let within = path.strip_prefix(&root).unwrap();
        let layer = within.components().next().unwrap().as_str().trim_end_matches(".rs");
        let Some(own) = LAYERS.iter().position(|name| *name == layer) else {
            assert!(["lib", "main"].contains(&layer), "{layer} is in no layer");
            continue;
        };
        seen.insert(layer.to_owned());
        // Tests at the end of a file may look at the whole.
        let text = tool::get(path);
        let code = text.split("#[cfg(test)]").next().unwrap();
        let is_test = within.file_name() == Some("tests.rs");
        for used in code.split("crate::").skip(1).filter(|_| !is_test) {
            let name: String = used.chars().take_while(|c| c.is_ascii_lowercase()).collect();
            if LAYERS.iter().position(|other| *other == name).is_some_and(|other| other > own) {
                backwards.push(format!("{within} uses {name}"));
            }
        }
    }
    assert_eq!(seen.len(), LAYERS.len(), "every layer has files: {seen:?}");
    assert!(backwards.is_empty(), "{}", backwards.join("\n"));
}
