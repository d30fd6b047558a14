//! The gateways that the tests judge: every folder of `out/` that Gatewright wrote, and small ones made on the spot.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::compile::Checked;
use gatewright::output::{FileTree, Outcome, WriteOptions, write};
use gatewright::plan::Plan;
use gatewright::{compile, emit};

use crate::tool;

/// One generated gateway.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Its folder below `out/`.
    pub(crate) name: String,
    /// Its path.
    pub(crate) folder: Utf8PathBuf,
}

/// A result that several tests need from one file or folder that none of them changes, computed once. Other tests wait meanwhile.
pub(crate) struct Kept<T>(Mutex<BTreeMap<Utf8PathBuf, Arc<OnceLock<Arc<T>>>>>);

impl<T> Kept<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    pub(crate) fn get(&self, of: &Utf8Path, make: impl FnOnce() -> T) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = Arc::clone(all.entry(of.to_owned()).or_default());
        drop(all);
        Arc::clone(one.get_or_init(|| Arc::new(make())))
    }
}

/// The result of checking a gateway file of the repository, computed once for all tests. Findings name it from the root on.
pub(crate) fn checked(gateway: &Utf8Path) -> Arc<Checked> {
    static KNOWN: Kept<Checked> = Kept::new();
    let gateway = gateway.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(gateway);
    KNOWN.get(gateway, || compile::check(gateway).unwrap_or_else(|error| panic!("{gateway}: {error:#}")))
}

/// The plan of a gateway file that was checked.
pub(crate) struct Planned(Arc<Checked>);

impl Deref for Planned {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        self.0.plan.as_ref().expect("only files without errors are planned")
    }
}

/// The plan of a valid gateway file of the repository.
pub(crate) fn planned(gateway: &Utf8Path) -> Planned {
    let checked = checked(gateway);
    assert!(checked.plan.is_some(), "{gateway} has errors: {:?}", checked.report);
    Planned(checked)
}

/// The folder of the committed output.
pub(crate) fn out() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("out")
}

/// Every gateway that is judged: the committed ones, and those with published definitions.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = committed();
    cases.extend(published().iter().cloned());
    cases
}

/// Gateways of fixtures/shared, written to a folder that is not committed: the definitions are third-party work.
fn published() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
        let (fixtures, out) = (root.join("fixtures/shared"), Utf8Path::new(env!("CARGO_TARGET_TMPDIR")));
        let entries = fixtures.read_dir_utf8().unwrap();
        entries
            .map(|entry| {
                let name = entry.unwrap().file_name().to_owned();
                let folder = out.join("shared").join(&name);
                // The output of an older version must not be judged.
                let _ = std::fs::remove_dir_all(&folder);
                let tree = emitted(&fixtures.join(&name).join("gateway.yaml"), "gateway.yaml");
                match write(&tree, &folder, WriteOptions::default()) {
                    Ok(Outcome::Done(_)) => Case { name, folder },
                    other => panic!("{other:?}"),
                }
            })
            .collect()
    })
}

/// Every gateway in `out/`, at any depth, sorted by name.
pub(crate) fn committed() -> Vec<Case> {
    let out = out();
    let mut cases: Vec<_> = files_below(&out)
        .into_iter()
        .filter(|path| path.file_name() == Some(".gatewright.json"))
        .map(|manifest| {
            let name = manifest.parent().unwrap().to_owned();
            Case { folder: out.join(&name), name: name.into_string() }
        })
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

impl Case {
    /// Its files, by their path below its folder.
    pub(crate) fn files(&self) -> Vec<Utf8PathBuf> {
        files_below(&self.folder)
    }

    /// The text of one of its files.
    pub(crate) fn text(&self, path: impl AsRef<Utf8Path>) -> String {
        tool::get(&self.folder.join(path))
    }

    /// Replaces a part of one of its files, which has to be there.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.text(path);
        assert!(text.contains(old), "{path} has no {old:?}:\n{text}");
        tool::put(&self.folder.join(path), &text.replacen(old, new, 1));
    }

    /// The same in a place where tools may write.
    pub(crate) fn copy(&self, to: &Utf8Path) -> Self {
        for path in self.files() {
            let target = to.join(&path);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(self.folder.join(&path), target).unwrap();
        }
        Self { name: self.name.clone(), folder: to.to_owned() }
    }
}

/// A folder that goes away.
pub(crate) fn scratch() -> (tempfile::TempDir, Utf8PathBuf) {
    let keep = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(keep.path().canonicalize().unwrap()).unwrap();
    (keep, path)
}

/// All files of a gateway in both targets. `source_name` is what their headers name.
pub(crate) fn emitted(gateway: &Utf8Path, source_name: &str) -> FileTree {
    let checked = compile::check(gateway).unwrap();
    let Some(mut plan) = checked.plan else {
        panic!("{gateway} has errors: {:?}", checked.report);
    };
    source_name.clone_into(&mut plan.source_name);
    let policies = emit::policy::Policies::render(&plan);
    emit::emit(&plan, &policies, &[emit::Target::Bicep, emit::Target::Terraform])
}

/// Two accounts and two APIs, one with a key of its own: enough to spoil one thing at a time.
const SMALL: &str = "\
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai, prefix: aigw- }
backends:
  east:
    kind: azureOpenAI
    account: { name: aoai-east, resourceGroup: rg-east, subscription: 22222222-2222-2222-2222-222222222222 }
    deployments: { gpt-4o: {} }
  west: { kind: azureOpenAI, account: aoai-west, deployments: { gpt-4o: {} } }
apis:
  east: { path: east, target: east/gpt-4o, subscriptions: [first-team] }
  west: { path: west, target: west/gpt-4o, subscriptions: [first-team] }
";

/// A small gateway, written to a folder that goes away with the first of the two.
pub(crate) fn small() -> (tempfile::TempDir, Case) {
    written(SMALL)
}

/// The output of a gateway file, written to a folder of its own.
pub(crate) fn written(gateway_yaml: &str) -> (tempfile::TempDir, Case) {
    let (keep, path) = scratch();
    let gateway = path.join("gateway.yaml");
    tool::put(&gateway, gateway_yaml);
    let folder = path.join("out");
    match write(&emitted(&gateway, "gateway.yaml"), &folder, WriteOptions::default()) {
        Ok(Outcome::Done(_)) => {}
        other => panic!("{other:?}"),
    }
    let name = "small".to_owned();
    (keep, Case { name, folder })
}

/// The problems of the cases, each after the name of its case.
pub(crate) fn each(cases: &[Case], judge: impl Fn(&Case) -> Vec<String> + Sync) -> Vec<String> {
    let found = map(cases, |case| {
        let findings = judge(case).into_iter();
        findings.map(|finding| format!("{}: {finding}", case.name)).collect::<Vec<_>>()
    });
    found.concat()
}

/// One result for each case, in their order, computed on all processors.
pub(crate) fn map<C: Sync, T: Send>(cases: &[C], work: impl Fn(&C) -> T + Sync) -> Vec<T> {
    map_on(std::thread::available_parallelism().map_or(1, usize::from), cases, work)
}

/// The same, so many at a time.
pub(crate) fn map_on<C: Sync, T: Send>(workers: usize, cases: &[C], work: impl Fn(&C) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(at) else { break };
                    let result = work(case);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Fails with all findings, if there are any.
#[track_caller]
pub(crate) fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

/// Fails unless one of the findings contains this.
#[track_caller]
pub(crate) fn finds(findings: &[String], words: &str) {
    assert!(
        findings.iter().any(|finding| finding.contains(words)),
        "no finding contains {words:?}, but:\n{}",
        findings.join("\n")
    );
}

/// Every file of a folder, by its path below it, sorted; none if there is no such folder.
pub(crate) fn files_below(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    if !folder.exists() {
        return Vec::new();
    }
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = Utf8Path::from_path(entry.path()).unwrap();
            path.strip_prefix(folder).unwrap().to_owned()
        })
        .collect()
}

#[test]
fn there_is_something_to_judge() {
    assert!(!committed().is_empty(), "out/ is empty, so nothing is proved: cargo run -- generate fixtures/valid");
}
