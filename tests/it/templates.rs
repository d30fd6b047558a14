//! Rules for template files that the compiler cannot see: no way around the filters, exact lines, and no name that a gateway could take
//! as well.

use std::collections::BTreeSet;

use crate::case::{self, files_below};
use crate::tool;
use camino::Utf8Path;

fn violations(text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for word in ["|safe", "Safe("] {
        if squeezed.contains(word) {
            violations.push(format!("`{word}` goes around the filters"));
        }
    }
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.split_once('=').is_some_and(|(key, _)| key.ends_with("  ")) {
            violations.push(format!("line {}: `{line}` counts columns, which is the aligner's work", at + 1));
        }
        for (start, end) in [("{%", "%}"), ("[%", "%]")] {
            // A tag that owns its line, and is no `import`, which ends with `-%}`.
            if !line.starts_with(start) || !line.ends_with(end) || line.matches(start).count() > 1 {
                continue;
            }
            let is_import = line[2..].trim_start_matches('-').trim_start().starts_with("import");
            let is_right = if is_import {
                line.ends_with(&format!("-{end}"))
            } else {
                line.starts_with(&format!("{start}-"))
                    && !line.ends_with(&format!("-{end}"))
                    && !line.ends_with(&format!("~{end}"))
            };
            if !is_right {
                violations.push(format!("line {}: `{line}` leaves or eats a line", at + 1));
            }
        }
    }
    violations
}

#[test]
fn templates_keep_the_rules() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(&folder).into_iter().filter_map(Result::ok) {
        let path = Utf8Path::from_path(entry.path()).unwrap();
        if path.extension() == Some("j2") {
            found.extend(violations(&tool::get(path)).iter().map(|violation| format!("{path}: {violation}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_template_has_a_view() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |folder: &str| {
        walkdir::WalkDir::new(root.join(folder))
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| Utf8Path::from_path(entry.path()).unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let sources: String = files("src").iter().map(|path| tool::get(path)).collect();
    let templates = files("templates");
    assert!(templates.len() > 10, "templates are found");
    for template in templates {
        let name = template.strip_prefix(root.join("templates")).unwrap();
        assert!(sources.contains(name.as_str()), "no view uses {name}");
    }
}

/// `Expression` takes text as it is from printers of Bicep and Terraform; Markdown has `Prose`, which takes none.
#[test]
fn markdown_is_made_of_views_and_prose() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emit/markdown");
    for file in folder.read_dir_utf8().unwrap() {
        let path = file.unwrap().into_path();
        let text = tool::get(&path);
        assert!(!text.contains("Expression"), "{path}");
        assert!(path.file_name() == Some("filters.rs") || !text.contains("Safe("), "{path}");
    }
}

#[test]
fn the_rules_find_violations() {
    for bad in [
        "{{ x | safe }}",
        "{{ askama::filters::Safe(x)|bare }}",
        "  {% if x %}",
        "{%- if x -%}",
        "[% for x in y %]",
        "{% import \"m\" as m %}",
        "  type  = 1",
    ] {
        assert_eq!(violations(bad).len(), 1, "{bad}");
    }
    for good in [
        "{%- if x %}",
        "a {% if x %}b{% endif %}",
        "[%- endfor %]",
        "{% import \"m\" as m -%}",
        "{{ x|str }}",
        "  type = 1",
    ] {
        assert!(violations(good).is_empty(), "{good}");
    }
}

/// Names that Bicep declares or imports, which no other symbol of the file may have.
fn declared(source: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut names = BTreeSet::new();
    for line in source.lines() {
        if let Some((keyword, rest)) = line.split_once(' ')
            && ["param", "var", "resource", "module", "output"].contains(&keyword)
        {
            names.insert(word(rest));
        }
        if let Some((imported, _)) = line.strip_prefix("import {").and_then(|rest| rest.split_once("} from")) {
            // Tags of the template are between the names.
            let imported = imported.split("{%").map(|part| part.split_once("%}").map_or(part, |(_, text)| text));
            names.extend(imported.collect::<String>().split(',').map(|name| name.trim().to_owned()));
        }
        if let Some(variables) = line.trim().strip_prefix("for ").and_then(|rest| rest.split_once(" in ")) {
            let variables = variables.0.trim_matches(['(', ')']);
            names.extend(variables.split(',').map(|name| name.trim().to_owned()));
        }
    }
    names.remove("");
    names
}

/// Texts in double quotes between `start` and `end`.
fn quoted(source: &str, start: &str, end: &str) -> BTreeSet<String> {
    let list = source.split_once(start).unwrap().1.split_once(end).unwrap().0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn names_of_templates_are_reserved() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    for (view, file) in [("main", "main.bicep"), ("backend", "modules/backends.bicep"), ("api", "modules/apis.bicep")] {
        let source = tool::get(&root.join(format!("src/emit/bicep/{view}.rs")));
        let reserved = quoted(&source, "const RESERVED", "];");
        let templates = source.split("path = \"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
        let templates: Vec<_> = templates.map(|path| tool::get(&root.join("templates").join(path))).collect();
        let declared_by_templates: BTreeSet<_> = templates.iter().flat_map(|template| declared(template)).collect();
        assert!(
            ["gateway", "service"].iter().any(|name| declared_by_templates.contains(*name))
                && declared_by_templates.len() > 2,
            "{view}.rs has templates"
        );
        let free: Vec<_> = declared_by_templates.difference(&reserved).collect();
        assert!(free.is_empty(), "templates of {view}.rs declare what its RESERVED lacks: {free:?}");
        // Names that come out of the plan, too, are in some generated file.
        let generated = files_below(&case::out()).into_iter().filter(|path| path.as_str().ends_with(file));
        let generated = generated.flat_map(|path| declared(&tool::get(&case::out().join(path))));
        let known: BTreeSet<_> = declared_by_templates.iter().cloned().chain(generated).collect();
        let unused: Vec<_> = reserved.difference(&known).collect();
        assert!(unused.is_empty(), "RESERVED of {view}.rs has what nothing declares: {unused:?}");
    }
}

#[test]
fn declared_names_are_found() {
    let source = "import { a{% if b %}, c{% endif %} } from 'x'\nparam d string\nvar {{ e|ident }} = 1\n  for f in g: {\n  for (h, i) in g: {\nmodule j 'k' = {\n";
    assert_eq!(declared(source).into_iter().collect::<String>(), "acdfhij");
}
