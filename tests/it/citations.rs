//! Comments cite facts as `apim-policies §2.11`: each such page and section is in `docs`. A page that the header of a file names
//! (`//! … apim-policies`) holds for all citations of that file that name none.

use camino::{Utf8Path, Utf8PathBuf};

use crate::case::none;
use crate::tool;

/// The pages that may be cited, by the name that citations use.
const PAGES: [(&str, &str); 5] = [
    ("apim-policies", "docs/reference/apim-policies.md"),
    ("arm-and-terraform", "docs/reference/arm-and-terraform.md"),
    ("terraform-apply", "docs/reference/terraform-apply.md"),
    ("design", "docs/design.md"),
    ("style", "docs/style.md"),
];
/// The folders that are searched for citations.
const CITING: [&str; 9] =
    ["src", "templates", "tests/it", "tests/tools", "fixtures", "docs", "benches", "README.md", "CONTRIBUTING.md"];

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The possible meanings of a citation.
#[derive(Debug, PartialEq, Eq)]
enum Source<'t> {
    Page(&'t str),
    Standard,
    None,
}

/// The page named right before a section, or before the sections that it is in one list with.
fn source(before: &str, default: Option<&'static str>) -> Source<'static> {
    let mut before = before;
    loop {
        before = before.trim_end_matches(|c: char| c.is_whitespace() || "/!*#,;–`".contains(c));
        // `RFC 9110` ends in digits, and so does another section of the list.
        let name = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        match name.strip_suffix('§') {
            Some(list) => before = list,
            None if name.ends_with("RFC ") || name.ends_with("specification") => return Source::Standard,
            None => break,
        }
    }
    let named = PAGES.iter().find(|(name, _)| before.trim_end_matches(".md").ends_with(name));
    named.map(|(name, _)| *name).or(default).map_or(Source::None, Source::Page)
}

/// The sections of a page, by the number that opens each heading.
fn sections(page: &str) -> Vec<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix('#'));
    let numbers = headings.filter_map(|line| line.trim_start_matches('#').split_whitespace().next());
    numbers.map(|number| number.trim_end_matches('.').to_owned()).collect()
}

/// The number after a section sign, such as `2.11` or `4a`.
fn number(after: &str) -> &str {
    let end = after.find(|c: char| !(c.is_ascii_digit() || c == '.' || c.is_ascii_lowercase())).unwrap_or(after.len());
    after[..end].trim_end_matches('.')
}

/// The wrong citations of one text. `own` is the page that the text is, if it is one.
fn wrong(text: &str, own: Option<&'static str>) -> Vec<String> {
    let header = text.lines().take_while(|line| line.starts_with("//!") || line.starts_with('#'));
    let header: String = header.collect();
    let named = PAGES.iter().map(|(name, _)| *name).filter(|name| header.contains(name));
    let default = own.or_else(|| named.max_by_key(|name| header.rfind(name)));
    let mut found = Vec::new();
    for (at, _) in text.match_indices('§') {
        let section = number(&text[at + '§'.len_utf8()..]);
        if !section.starts_with(|c: char| c.is_ascii_digit()) {
            continue; // the sign alone
        }
        let line = text[..at].matches('\n').count() + 1;
        match source(&text[..at], default) {
            Source::Standard => {}
            Source::None => found.push(format!("{line}: §{section} of which page?")),
            Source::Page(name) => {
                let (_, path) = PAGES.iter().find(|(known, _)| *known == name).unwrap();
                if !sections(&tool::get(&root().join(path))).iter().any(|known| known == section) {
                    found.push(format!("{line}: {path} has no section {section}"));
                }
            }
        }
    }
    found
}

fn files(path: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| Utf8Path::from_path(entry.path()).unwrap().to_owned())
        .filter(|path| {
            let kind = path.extension().unwrap_or_default();
            ["rs", "j2", "md", "yaml", "py", "cs", "xml", "bicep"].contains(&kind)
        })
        .collect()
}

#[test]
fn cited_sections_exist() {
    let mut found = Vec::new();
    let mut citing = 0;
    for place in CITING {
        for file in files(&root().join(place)) {
            if file.ends_with("tests/it/citations.rs") {
                continue; // its own examples
            }
            let text = std::fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&text);
            citing += usize::from(text.contains('§'));
            let path = file.strip_prefix(root()).unwrap();
            let own = PAGES.iter().find(|(_, page)| *page == path).map(|(name, _)| *name);
            found.extend(wrong(&text, own).into_iter().map(|line| format!("{path}:{line}")));
        }
    }
    assert!(citing > 30, "citations are found: {citing}");
    none(&found);
}

#[test]
fn wrong_citations_are_found() {
    for (text, expected) in [
        ("/// A name (reference apim-policies §2.11).", 0),
        ("//! Elements, after apim-policies.\n\n// §1.1, §1.5", 0),
        ("// apim-policies §4a; RFC 6750 §3", 0),
        ("// A name (§2.11).", 1),
        ("// apim-policies §2.99", 1),
        ("/// `a` (apim-policies\n/// §4a; nothing else).", 0),
        ("// apim-policies §2.1–§2.17, §2.2", 0),
        ("// arm-and-terraform §4a", 1),
        ("// apim-policies say so (§2.11)", 1),
        ("// arm-and-terraform §9", 1),
    ] {
        assert_eq!(wrong(text, None).len(), expected, "{text}: {:?}", wrong(text, None));
    }
}
