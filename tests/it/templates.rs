//! Rules for template files that the compiler cannot see: no way around the filters, and exact lines.

use crate::tool;
use camino::Utf8Path;

fn mistakes(text: &str) -> Vec<String> {
    let mut mistakes = Vec::new();
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for word in ["|safe", "Safe("] {
        if squeezed.contains(word) {
            mistakes.push(format!("`{word}` goes around the filters"));
        }
    }
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
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
                mistakes.push(format!("line {}: `{line}` leaves or eats a line", at + 1));
            }
        }
    }
    mistakes
}

#[test]
fn templates_keep_the_rules() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(&folder).into_iter().filter_map(Result::ok) {
        let path = Utf8Path::from_path(entry.path()).unwrap();
        if path.extension() == Some("j2") {
            found.extend(mistakes(&tool::get(path)).iter().map(|mistake| format!("{path}: {mistake}")));
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
fn the_rules_find_mistakes() {
    for bad in [
        "{{ x | safe }}",
        "{{ askama::filters::Safe(x)|bare }}",
        "  {% if x %}",
        "{%- if x -%}",
        "[% for x in y %]",
        "{% import \"m\" as m %}",
    ] {
        assert_eq!(mistakes(bad).len(), 1, "{bad}");
    }
    for good in ["{%- if x %}", "a {% if x %}b{% endif %}", "[%- endfor %]", "{% import \"m\" as m -%}", "{{ x|str }}"]
    {
        assert!(mistakes(good).is_empty(), "{good}");
    }
}
