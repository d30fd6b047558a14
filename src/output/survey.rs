//! Compares a tree with the disk before any change: the pending changes, and the reasons against them.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::changes::Changes;
use super::disk::{self, Found};
use super::manifest::{self, Hashes, MANIFEST, OwnFiles};
use super::tree::FileTree;

/// The changes that a run would make.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The changes on disk.
    pub(super) changes: Changes,
    /// Generated files that were edited.
    pub(super) edited: Vec<Utf8PathBuf>,
    /// Other files at the paths of generated ones.
    pub(super) foreign: Vec<Utf8PathBuf>,
    /// Obstacles that cannot be replaced, as sentences.
    pub(super) obstacles: Vec<String>,
    /// True if the manifest is up to date.
    pub(super) is_manifest_current: bool,
    /// The manifest of the tree.
    pub(super) hashes: Hashes,
}

impl Survey {
    /// Checks every relevant file.
    pub(super) fn make(tree: &FileTree, out: &Utf8Path, known: &OwnFiles) -> anyhow::Result<Self> {
        let mut survey = Self::default();
        let mut folders = BTreeSet::new();
        for (path, text) in tree.iter() {
            if survey.place(out, path, text, known)? {
                folders.insert(parent(path));
            }
        }
        for path in known.orphans(tree) {
            if survey.orphan(out, path, known)? {
                folders.insert(parent(path));
            }
        }
        survey.hashes = Hashes::of(tree);
        let manifest = survey.hashes.manifest();
        survey.manifest(out, &manifest)?;
        if !survey.is_idle() {
            folders.insert("".into());
        }
        survey.obstacles.extend(folders.into_iter().filter_map(|folder| disk::refusal(out, folder)));
        Ok(survey)
    }

    /// True if there is nothing to change.
    pub(super) fn is_idle(&self) -> bool {
        self.is_manifest_current && self.changes.is_empty()
    }

    /// Checks a file of the tree; returns true if it would be written.
    fn place(&mut self, out: &Utf8Path, path: &Utf8Path, text: &str, known: &OwnFiles) -> anyhow::Result<bool> {
        match disk::look(out, path)? {
            Found::Nothing => self.changes.created.push(path.to_owned()),
            Found::Obstacle(obstacle) => {
                self.obstacles.push(obstacle);
                return Ok(false);
            }
            Found::File { content, is_read_only } => {
                // On a case-insensitive file system the file with the old spelling is this one, and is about to be removed.
                if content == text.as_bytes() && !known.is_respelled(path) {
                    self.changes.unchanged.push(path.to_owned());
                    return Ok(false);
                }
                let is_same = *manifest::without_cr(&content) == *text.as_bytes();
                if !is_same && !known.is_ours(path, &content) {
                    let list = if known.has(path) { &mut self.edited } else { &mut self.foreign };
                    list.push(path.to_owned());
                }
                if is_read_only {
                    self.obstacles.push(format!("cannot write {}: the file is read-only", out.join(path)));
                }
                self.changes.changed.push(path.to_owned());
            }
        }
        Ok(true)
    }

    /// Checks a file that is no longer generated; returns true if it would be removed.
    fn orphan(&mut self, out: &Utf8Path, path: &Utf8Path, known: &OwnFiles) -> anyhow::Result<bool> {
        match disk::look(out, path)? {
            Found::Nothing => Ok(false),
            Found::File { content, is_read_only } if known.is_ours(path, &content) => {
                if is_read_only {
                    self.obstacles.push(format!("cannot remove {}: the file is read-only", out.join(path)));
                }
                self.changes.removed.push(path.to_owned());
                Ok(true)
            }
            Found::File { .. } | Found::Obstacle(_) => {
                self.changes.kept.push(path.to_owned());
                Ok(false)
            }
        }
    }

    fn manifest(&mut self, out: &Utf8Path, text: &str) -> anyhow::Result<()> {
        match disk::look(out, MANIFEST.into())? {
            Found::Nothing => {}
            Found::Obstacle(obstacle) => self.obstacles.push(obstacle),
            Found::File { content, is_read_only } => {
                self.is_manifest_current = content == text.as_bytes();
                if is_read_only && !self.is_idle() {
                    self.obstacles.push(format!("cannot write {}: the file is read-only", out.join(MANIFEST)));
                }
            }
        }
        Ok(())
    }
}

fn parent(path: &Utf8Path) -> &Utf8Path {
    path.parent().unwrap_or("".into())
}
