//! `.gatewright.json`: the manifest with the generated files and their hashes; and the journal of an interrupted run.
//!
//! The manifest is a function of the tree alone, so it may be committed. It is not trusted: paths that leave
//! the folder are rejected, and a file is ours only as long as its content is.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::disk::{self, Found};
use super::merge;
use super::tree::{self, FileTree};

/// File name of the manifest.
pub const MANIFEST: &str = ".gatewright.json";
/// File name of the journal, which exists only during a run or after an interrupted one.
pub(super) const JOURNAL: &str = ".gatewright.journal";
/// Folder of staged content.
pub(super) const STAGING: &str = ".gatewright.tmp";

const VERSION: u64 = 1;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listing<H> {
    #[serde(rename = "version")]
    _version: u64,
    /// Whose files they are. Absent in manifests of version 0.1, and in journals.
    owner: Option<String>,
    files: BTreeMap<Utf8PathBuf, H>,
}

#[derive(Serialize)]
struct Listed<'a, H> {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    files: &'a BTreeMap<Utf8PathBuf, H>,
}

/// The hash of each file of a tree, and whose tree it is. Hashing takes a good part of a run, so it is done once.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    owner: Option<String>,
    files: BTreeMap<Utf8PathBuf, String>,
}

impl Hashes {
    /// Hashes a tree.
    pub(super) fn of(tree: &FileTree) -> Self {
        let files = tree.iter().map(|(path, text)| (path.to_owned(), hash(text.as_bytes())));
        Self { owner: tree.owner().map(ToOwned::to_owned), files: files.collect() }
    }

    /// The manifest of the tree, as text.
    pub(super) fn manifest(&self) -> String {
        listing(self.owner.as_deref(), &self.files)
    }
}

/// True if the manifest on disk lists exactly this tree; `None` if there is none.
pub(super) fn lists(out: &Utf8Path, tree: &FileTree) -> anyhow::Result<Option<bool>> {
    let all = read::<String>(out, MANIFEST)?;
    Ok(match all.as_slice() {
        [] => None,
        [one] => {
            let now = Hashes::of(tree);
            Some(one.files == now.files && one.owner == now.owner)
        }
        // Both sides of a merge.
        _ => Some(false),
    })
}

/// The first part of the paths that a folder's manifest lists: which targets it holds. Empty if there is no usable manifest.
pub fn top_folders(out: &Utf8Path) -> BTreeSet<String> {
    let files = read::<String>(out, MANIFEST).unwrap_or_default().into_iter().flat_map(|listing| listing.files);
    files.filter_map(|(path, _)| Some(path.as_str().split_once('/')?.0.to_owned())).collect()
}

/// All files that we wrote, or were about to write, and may therefore replace.
#[derive(Debug, Default)]
pub(super) struct OwnFiles {
    files: BTreeMap<String, Entry>,
    owner: Option<String>,
}

/// One file, with all spellings that differ in case only.
#[derive(Debug, Default)]
struct Entry {
    paths: BTreeSet<Utf8PathBuf>,
    hashes: BTreeSet<String>,
}

impl OwnFiles {
    /// The contents of a folder's manifest and journal.
    pub(super) fn read(out: &Utf8Path) -> anyhow::Result<Self> {
        let mut known = Self::default();
        for listing in read::<String>(out, MANIFEST)? {
            known.owner = listing.owner.or(known.owner);
            for (path, hash) in listing.files {
                known.add(&path, [hash]);
            }
        }
        for listing in read::<Vec<String>>(out, JOURNAL)? {
            for (path, hashes) in listing.files {
                known.add(&path, hashes);
            }
        }
        Ok(known)
    }

    /// The journal of a run that is about to write a tree, as text.
    pub(super) fn journal(mut self, hashes: &Hashes) -> String {
        for (path, hash) in &hashes.files {
            self.add(path, [hash.clone()]);
        }
        let files = self.files.into_values().flat_map(|Entry { paths, hashes }| {
            let hashes: Vec<_> = hashes.into_iter().collect();
            paths.into_iter().map(move |path| (path, hashes.clone()))
        });
        listing(None, &files.collect())
    }

    /// The gateway whose files are here, if that is another one.
    pub(super) fn other_owner(&self, tree: &FileTree) -> Option<&str> {
        self.owner.as_deref().filter(|owner| tree.owner().is_some_and(|own| own != *owner))
    }

    /// True if we ever wrote the path.
    pub(super) fn has(&self, path: &Utf8Path) -> bool {
        self.files.contains_key(&tree::fold(path))
    }

    /// True if we wrote the path with a spelling that differs in case.
    pub(super) fn is_respelled(&self, path: &Utf8Path) -> bool {
        self.files.get(&tree::fold(path)).is_some_and(|entry| entry.paths.iter().any(|known| known != path))
    }

    /// True if we wrote this content, or both sides of a merge that git left in it. Line endings do not count: git changes them, not
    /// users.
    pub(super) fn is_ours(&self, path: &Utf8Path, content: &[u8]) -> bool {
        self.files.get(&tree::fold(path)).is_some_and(|entry| {
            let is_known = |content: &[u8]| entry.hashes.contains(&hash(content));
            if is_known(content) {
                return true;
            }
            let content = without_cr(content);
            is_known(&content) || merge::sides(&content).is_some_and(|sides| sides.iter().all(|side| is_known(side)))
        })
    }

    /// Listed paths that a tree no longer has.
    pub(super) fn orphans<'a>(&'a self, tree: &'a FileTree) -> impl Iterator<Item = &'a Utf8Path> {
        self.files
            .values()
            .flat_map(|entry| entry.paths.iter().map(Utf8PathBuf::as_path))
            .filter(|path| tree.get(path).is_none())
    }

    fn add(&mut self, path: &Utf8Path, hashes: impl IntoIterator<Item = String>) {
        let entry = self.files.entry(tree::fold(path)).or_default();
        entry.paths.insert(path.to_owned());
        entry.hashes.extend(hashes);
    }
}

/// CRLF as LF.
pub(super) fn without_cr(content: &[u8]) -> Cow<'_, [u8]> {
    if !content.windows(2).any(|pair| pair == b"\r\n") {
        return Cow::Borrowed(content);
    }
    let mut kept = Vec::with_capacity(content.len());
    for (position, byte) in content.iter().enumerate() {
        if *byte != b'\r' || content.get(position + 1) != Some(&b'\n') {
            kept.push(*byte);
        }
    }
    Cow::Owned(kept)
}

fn hash(content: &[u8]) -> String {
    let mut hash = String::with_capacity(71);
    hash.push_str("sha256:");
    for byte in Sha256::digest(content) {
        write!(hash, "{byte:02x}").expect("manifest: a string takes everything");
    }
    hash
}

fn listing<H: Serialize>(owner: Option<&str>, files: &BTreeMap<Utf8PathBuf, H>) -> String {
    let listing = Listed { version: VERSION, owner, files };
    let mut text = serde_json::to_string_pretty(&listing).expect("output: strings and numbers are JSON");
    text.push('\n');
    text
}

/// The listings of a manifest or journal: none, one, or both sides of a merge that git could not finish.
fn read<H: DeserializeOwned>(out: &Utf8Path, name: &str) -> anyhow::Result<Vec<Listing<H>>> {
    let content = match disk::look(out, name.into())? {
        Found::Nothing => return Ok(Vec::new()),
        Found::File { content, .. } => content,
        Found::Obstacle(obstacle) => bail!("{obstacle}"),
    };
    let path = out.join(name);
    let sides = merge::sides(&without_cr(&content)).map_or_else(|| vec![content], Vec::from);
    let all = sides.iter().map(|side| parse(side)).collect::<anyhow::Result<_>>();
    all.with_context(|| {
        format!(
            "cannot use {path}, the manifest of the files that gatewright wrote. Restore it (for example from git), or delete it; without it, files that differ from the generated output are overwritten only with `--force`"
        )
    })
}

fn parse<H: DeserializeOwned>(content: &[u8]) -> anyhow::Result<Listing<H>> {
    // The version is read first: a newer one may have another shape.
    let any: serde_json::Value = serde_json::from_slice(content).context("it is damaged")?;
    match any.get("version").and_then(serde_json::Value::as_u64) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => {
            bail!("it was written by a newer version of gatewright (manifest version {version}); use that version")
        }
        _ => bail!("it is damaged: `\"version\": {VERSION}` is missing"),
    }
    let listing: Listing<H> = serde_json::from_value(any).context("it is damaged")?;
    for path in listing.files.keys() {
        if let Some(flaw) = tree::flaw(path) {
            bail!("it lists the path {:?}, which {flaw}: gatewright did not write that", path.as_str());
        }
    }
    Ok(listing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_sorted_and_stable() {
        let mut tree = FileTree::new();
        tree.insert("b/x", "2");
        tree.insert("a", "1");
        assert_eq!(
            Hashes::of(&tree).manifest(),
            r#"{
  "version": 1,
  "files": {
    "a": "sha256:4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865",
    "b/x": "sha256:53c234e5e8472b6ac51c1ae1cab3fe06fad053beb8ebfd8977b010655bfdd3c3"
  }
}
"#
        );
        assert_eq!(parse::<String>(Hashes::of(&tree).manifest().as_bytes()).unwrap().files.len(), 2);
    }

    #[test]
    fn bad_manifests_are_refused_in_words() {
        for (content, says) in [
            ("", "damaged"),
            ("<<<<<<< HEAD\n{}", "damaged"),
            ("[]", "damaged"),
            ("{\"version\": 1}", "damaged"),
            ("{\"version\": 1, \"files\": {\"a\": 3}}", "damaged"),
            ("{\"version\": 2, \"files\": []}", "newer"),
            ("{\"version\": 1, \"files\": {\"../a\": \"\"}}", "`..`"),
            ("{\"version\": 1, \"files\": {\"/etc/passwd\": \"\"}}", "absolute"),
            ("{\"version\": 1, \"files\": {\".gatewright.json\": \"\"}}", "reserved"),
        ] {
            let Err(error) = parse::<String>(content.as_bytes()) else { panic!("{content}") };
            let error = format!("{error:#}");
            assert!(error.contains(says), "{content:?}: {error}");
        }
    }

    #[test]
    fn line_ends_do_not_make_a_file_foreign() {
        let mut known = OwnFiles::default();
        known.add("a".into(), [hash(b"1\n2\n")]);
        assert!(known.is_ours("a".into(), b"1\r\n2\r\n"));
        assert!(known.is_ours("A".into(), b"1\n2\n"));
        assert!(!known.is_ours("a".into(), b"1\n2\n\n"));
        assert!(!known.is_ours("b".into(), b"1\n2\n"));
        assert_eq!(&*without_cr(b"\r\r\n\r"), b"\r\n\r");
    }
}
