//! Is the output stable? `out/` is what the fixtures give today, the same every time, and one change in a gateway is a small change
//! of its output. `out/` itself is the snapshot of whole trees; the diffs of pairs are snapshots of insta, since people read them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::output::{FileTree, drift};
use similar::{ChangeTag, TextDiff};

use crate::case::{self, Case, Kept, cases, committed, emitted, files_below, finds, none};

/// Every `gateway.yaml` below `fixtures/valid`, by the folder of `out/` that it fills.
fn fixtures() -> BTreeMap<String, Utf8PathBuf> {
    let folder = root().join("fixtures/valid");
    let found = files_below(&folder).into_iter();
    found
        .filter(|path| path.file_name() == Some("gateway.yaml"))
        .map(|path| (path.parent().unwrap().to_string(), folder.join(&path)))
        .collect()
}

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The output of a fixture, computed once.
fn given(gateway: &Utf8Path) -> Arc<FileTree> {
    static KNOWN: Kept<FileTree> = Kept::new();
    KNOWN.get(gateway, || emitted(gateway, "gateway.yaml"))
}

#[test]
fn out_is_what_the_fixtures_give() {
    let fixtures = fixtures();
    assert!(!fixtures.is_empty(), "there are no gateways in fixtures/valid");
    let mut found = Vec::new();
    for (name, gateway) in &fixtures {
        let drifts = drift(&given(gateway), &case::out().join(name)).unwrap();
        found.extend(drifts.iter().map(|drift| format!("{name}: {drift}")));
    }
    assert!(
        found.is_empty(),
        "{}\nIf that is meant: cargo run -- generate fixtures/valid, then look at the diff of out/.",
        found.join("\n")
    );
}

#[test]
fn out_has_nothing_but_what_the_fixtures_give() {
    let fixtures = fixtures();
    let mut found: Vec<_> = committed()
        .iter()
        .filter(|case| !fixtures.contains_key(&case.name))
        .map(|case| format!("out/{} has no fixture", case.name))
        .collect();
    for path in files_below(&case::out()) {
        let is_known = fixtures.keys().any(|name| path.starts_with(name));
        if !is_known {
            found.push(format!("out/{path} belongs to no fixture"));
        }
    }
    for (name, gateway) in &fixtures {
        let tree = given(gateway);
        let known: BTreeSet<_> = tree.iter().map(|(path, _)| path).collect();
        let below = files_below(&case::out().join(name)).into_iter();
        let strange = below.filter(|path| path != ".gatewright.json" && !known.contains(path.as_path()));
        found.extend(strange.map(|path| format!("out/{name}/{path} is not ours")));
    }
    none(&found);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for gateway in fixtures().values() {
        assert_eq!(emitted(gateway, "gateway.yaml"), *given(gateway), "{gateway}");
    }
}

/// How many lines a pair may change at most. A new one gets its number here, and thought. Where an API is new, the lines of its
/// definition count as well.
const PAIRS: [(&str, usize); 23] = [
    ("api-renamed", 104),
    ("application-added-in-front", 170),
    ("audience-shared", 512),
    ("backend-added", 104),
    ("backend-added-on-same-account", 1360),
    ("backend-removed", 104),
    ("backend-removed-on-same-account", 800),
    ("backend-to-pool", 424),
    ("bearer-keys-allowed", 40),
    ("deployment-added", 36),
    ("identity-changed", 82),
    ("keys-to-tokens", 294),
    ("member-added", 30),
    ("paths-swapped", 32),
    ("pool-made", 306),
    ("pool-to-backend", 424),
    ("pool-unmade", 438),
    ("prefix-changed", 76),
    ("priorities-removed", 56),
    ("secret-added", 220),
    ("secret-removed", 280),
    ("secret-shared", 732),
    ("subscription-renamed", 6),
];

#[test]
fn one_change_of_a_gateway_is_a_small_change_of_its_output() {
    let folder = root().join("fixtures/pairs");
    let there: BTreeSet<_> = files_below(&folder).iter().map(|path| path.parent().unwrap().to_string()).collect();
    let expected = PAIRS.map(|(name, _)| name.to_owned());
    assert_eq!(there, BTreeSet::from(expected), "fixtures/pairs and PAIRS differ");
    let mut found = Vec::new();
    for (name, most) in PAIRS {
        let side = |file: &str| emitted(&folder.join(name).join(file), "gateway.yaml");
        let (diff, changed) = whole_diff(&side("before.yaml"), &side("after.yaml"));
        assert_ne!(changed, 0, "{name} changes nothing");
        if changed > most {
            found.push(format!("{name} changes {changed} lines, {most} are allowed"));
        }
        insta::assert_snapshot!(name, diff);
    }
    none(&found);
}

/// The unified diff of all files, and how many lines it takes away or adds. A file that only has another name is one line.
fn whole_diff(before: &FileTree, after: &FileTree) -> (String, usize) {
    let paths: BTreeSet<_> = before.iter().chain(after.iter()).map(|(path, _)| path).collect();
    let mut whole = String::new();
    let mut changed = 0;
    for path in paths {
        if let Some(new) = renamed(path, before, after) {
            whole.push_str(&format!("{path} is now {new}\n"));
            changed += 1;
            continue;
        }
        if renamed(path, after, before).is_some() {
            continue;
        }
        let text = |tree: &FileTree| tree.get(path).unwrap_or_default().to_owned();
        let (old, new) = (text(before), text(after));
        let diff = TextDiff::from_lines(&old, &new);
        let changes = diff.iter_all_changes();
        changed += changes.filter(|change| change.tag() != ChangeTag::Equal).count();
        let mut unified = diff.unified_diff();
        let unified = unified.context_radius(1).header(path.as_str(), path.as_str());
        for line in unified.to_string().lines() {
            // Numbers of lines move with everything above.
            let is_place = line.starts_with("@@ ");
            whole.push_str(if is_place { "@@" } else { line });
            whole.push('\n');
        }
    }
    (whole, changed)
}

/// The new name of a file in the other tree, if its text is there.
fn renamed<'a>(path: &Utf8Path, from: &FileTree, to: &'a FileTree) -> Option<&'a Utf8Path> {
    let text = from.get(path).filter(|_| to.get(path).is_none())?;
    let is_same =
        |(new, other): &(&Utf8Path, &str)| *other == text && from.get(new).is_none() && new.parent() == path.parent();
    to.iter().find(is_same).map(|(new, _)| new)
}

/// The blocks of generated HCL, by their first line. In canonical format a block ends at the margin.
fn blocks(case: &Case) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    for path in case.files().iter().filter(|path| path.extension() == Some("tf")) {
        let text = case.text(path);
        for block in text.split("\n}\n") {
            let start = block.rfind("\nresource \"").map(|at| at + 1);
            if let Some((first, rest)) = start.and_then(|at| block[at..].split_once('\n')) {
                blocks.push((first.to_owned(), rest.to_owned()));
            }
        }
    }
    blocks
}

/// Objects that policies name and that Terraform would take away before it makes their successor: until the policies follow, API
/// Management refuses that.
fn removed_too_early(case: &Case) -> Vec<String> {
    const NAMEABLE: [&str; 2] = ["/backends@", "/namedValues@"];
    let mut found = Vec::new();
    for (first, rest) in blocks(case) {
        let kind = rest.lines().find(|line| line.starts_with("  type ")).unwrap_or_default();
        let is_nameable = NAMEABLE.iter().any(|nameable| kind.contains(nameable))
            || first.contains("\"azurerm_api_management_policy_fragment\"");
        let is_safe = rest.contains("\n  lifecycle {\n    create_before_destroy = true\n");
        if is_nameable && !is_safe {
            found.push(format!("{first} is not made before it is removed"));
        }
    }
    found
}

#[test]
fn terraform_removes_nothing_that_a_policy_still_names() {
    none(&case::each(&cases(), removed_too_early));
    // That a policy depends on all that it names, which also keeps those until it is gone, is in `edges`.
    let (_keep, case) = case::small();
    none(&removed_too_early(&case));
    case.edit("terraform/backends.tf", "create_before_destroy = true", "create_before_destroy = false");
    finds(&removed_too_early(&case), "resource \"azapi_resource\" \"backend_");
}
