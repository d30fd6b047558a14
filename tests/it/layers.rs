//! Nothing runs backwards: a module uses only those above it, and there are no circles.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::tool;

/// The modules of the library. Each may use those before it.
const LAYERS: [&str; 16] = [
    "catalogue",
    "source",
    "diag",
    "model",
    "definition",
    "include",
    "resolve",
    "plan",
    "lint",
    "facts",
    "explain",
    "output",
    "emit",
    "limits",
    "compile",
    "cli",
];

#[test]
fn modules_use_only_those_above_them() {
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

/// The modules of the library by their path: `resolve::pool`; those of a folder are where its `mod.rs` is.
fn modules() -> BTreeMap<String, String> {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&root).into_iter().filter_map(Result::ok) {
        let path = Utf8Path::from_path(entry.path()).unwrap();
        let is_test = path.file_stem().is_some_and(|stem| stem.ends_with("tests"));
        if path.extension() != Some("rs") || is_test {
            continue;
        }
        let within = path.strip_prefix(&root).unwrap().with_extension("");
        let steps: Vec<&str> = within.components().map(|step| step.as_str()).filter(|step| *step != "mod").collect();
        let text = tool::get(path);
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        modules.insert(steps.join("::"), code.join("\n"));
    }
    modules
}

/// Paths that a text names from `crate` or `super` on, groups taken apart.
fn named_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let is_start = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            if is_start {
                take_apart("", &code[at..], &mut paths);
            }
        }
    }
    paths
}

/// The paths that start here, and what follows them.
fn take_apart<'a>(before: &str, text: &'a str, paths: &mut Vec<String>) -> &'a str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let Some(mut rest) = rest.strip_prefix('{') else {
        paths.push(format!("{before}{path}"));
        return rest;
    };
    loop {
        rest = rest.trim_start_matches([',', ' ', '\n']);
        match rest.strip_prefix('}') {
            Some(rest) => return rest,
            None if rest.is_empty() => return rest,
            None => {
                let next = take_apart(&format!("{before}{path}"), rest, paths);
                // `as` and the like: on to the next name.
                let skip = next.find([',', '}']).unwrap_or(next.len());
                rest = &next[skip..];
            }
        }
    }
}

/// The module that a path leads to, as seen from another one.
fn target(modules: &BTreeMap<String, String>, from: &str, path: &str) -> Option<String> {
    let mut here: Vec<&str> = from.split("::").collect();
    let mut steps = path.split("::").peekable();
    match steps.next()? {
        "crate" => here.clear(),
        _ => {
            here.pop();
            while steps.next_if_eq(&"super").is_some() {
                here.pop();
            }
        }
    }
    let mut steps = steps.peekable();
    while let Some(step) = steps.next_if(|step| modules.contains_key(&[here.as_slice(), &[step]].concat().join("::"))) {
        here.push(step);
    }
    // Re-exports of a folder belong to the module that they come from.
    let folder = here.join("::");
    let Some(item) = steps.next() else {
        return Some(folder);
    };
    let code = modules.get(&folder)?;
    let shown = code.match_indices("use ").find_map(|(at, _)| {
        let mut paths = Vec::new();
        take_apart("", &code[at + 4..], &mut paths);
        let path = paths.into_iter().find(|path| path.ends_with(&format!("::{item}")))?;
        let (module, _) = path.split_once("::")?;
        let module = [here.as_slice(), &[module]].concat().join("::");
        modules.contains_key(&module).then_some(module)
    });
    Some(shown.unwrap_or(folder))
}

#[test]
fn modules_of_a_folder_do_not_use_each_other_in_circles() {
    let modules = modules();
    // By folder: which of its modules uses which. Items in the folder's own `mod.rs` are below none of them.
    let mut uses: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (from, code) in &modules {
        for path in named_paths(code) {
            let Some(to) = target(&modules, from, &path) else { continue };
            let (own, other): (Vec<&str>, Vec<&str>) = (from.split("::").collect(), to.split("::").collect());
            let common = own.iter().zip(&other).take_while(|(own, other)| own == other).count();
            if let (Some(user), Some(used), true) = (own.get(common), other.get(common), common > 0) {
                let folder = uses.entry(own[..common].join("/")).or_default();
                folder.entry((*user).to_owned()).or_default().insert((*used).to_owned());
            }
        }
    }
    let mut circles = Vec::new();
    for (folder, mut uses) in uses {
        // A module that uses no remaining module is in no circle, and neither is one that no remaining module uses.
        loop {
            let left: BTreeSet<String> = uses.keys().cloned().collect();
            uses.values_mut().for_each(|used| used.retain(|used| left.contains(used)));
            let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
            uses.retain(|user, using| !using.is_empty() && used.contains(user));
            if uses.len() == left.len() {
                break;
            }
        }
        if !uses.is_empty() {
            circles.push((folder, uses.into_keys().collect::<Vec<_>>()));
        }
    }
    assert!(circles.is_empty(), "modules of a folder that use each other: {circles:?}");
}

#[test]
fn paths_are_found() {
    let code = "use super::{a::{B, c::D}, e as f};\nfn g() -> crate::h::I<super::super::J> {}";
    let mut paths = named_paths(code);
    paths.sort();
    assert_eq!(paths, ["crate::h::I", "super::a::B", "super::a::c::D", "super::e", "super::super::J"]);
}
