//! Stops `write` before each of its steps in turn, and checks that the next run repairs the result.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::disk::stop::{self, How};
use super::manifest::{self, MANIFEST};
use super::*;

const FOREIGN: [(&str, &str); 3] = [("a/mine.txt", "mine"), ("gone/deep/mine.txt", "mine too"), ("mine", "m")];

fn tree(files: &[(&str, &str)]) -> FileTree {
    let mut tree = FileTree::new();
    for (path, text) in files {
        tree.insert(*path, text);
    }
    tree
}

/// Three generations of one gateway: each has files that the others change, lack or share.
fn generations() -> [FileTree; 3] {
    [
        tree(&[("a/one", "1"), ("a/same", "s"), ("gone/deep/two", "2"), ("old/three", "3"), ("top", "t")]),
        tree(&[("a/one", "1b"), ("a/same", "s"), ("new/deep/four", "4"), ("top", "t2"), ("A-b", "5")]),
        tree(&[("a/same", "s3"), ("new/deep/four", "4c"), ("new/five", "5"), ("old/three", "3")]),
    ]
}

/// A folder in memory if available: a sweep syncs ten thousand times.
fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let shm = Utf8Path::new("/dev/shm");
    let dir = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() }.unwrap();
    let out = Utf8PathBuf::try_from(dir.path().join("out")).unwrap();
    (dir, out)
}

fn put(out: &Utf8Path, path: &str, text: &str) {
    let path = out.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::io::Write::write_all(&mut File::create(path).unwrap(), text.as_bytes()).unwrap();
}

fn on_disk(out: &Utf8Path) -> BTreeMap<String, Option<String>> {
    if !out.exists() {
        return BTreeMap::new();
    }
    walkdir::WalkDir::new(out)
        .min_depth(1)
        .into_iter()
        .map(|entry| {
            let entry = entry.unwrap();
            let path = Utf8Path::from_path(entry.path()).unwrap().strip_prefix(out).unwrap();
            let text = entry.file_type().is_file().then(|| String::from_utf8(fs::read(entry.path()).unwrap()).unwrap());
            (path.to_string(), text)
        })
        .collect()
}

/// The expected contents of the disk: the tree, the manifest, foreign files, their folders, and nothing else.
fn expected(tree: &FileTree, foreign: &[(&str, &str)]) -> BTreeMap<String, Option<String>> {
    let mut all = BTreeMap::new();
    let files = tree.iter().map(|(path, text)| (path, text.to_owned()));
    let others = foreign.iter().map(|(path, text)| (Utf8Path::new(path), (*text).to_owned()));
    for (path, text) in files.chain(others).chain([(Utf8Path::new(MANIFEST), manifest::Hashes::of(tree).manifest())]) {
        for above in path.ancestors().skip(1).filter(|above| !above.as_str().is_empty()) {
            all.insert(above.to_string(), None);
        }
        all.insert(path.to_string(), Some(text));
    }
    all
}

fn done(tree: &FileTree, out: &Utf8Path) -> Changes {
    match write(tree, out, WriteOptions::default()).unwrap() {
        Outcome::Done(changes) => changes,
        refused @ (Outcome::Refused { .. } | Outcome::Taken { .. }) => panic!("{refused:?}"),
    }
}

/// Writes the generations `before`, stops during the next one, and then writes each in turn.
fn sweep(before: &[FileTree], stopped: &FileTree, foreign: &[(&str, &str)], how: How) -> usize {
    for steps in 0.. {
        let mut was_stopped = false;
        for after in generations() {
            let (_guard, out) = folder();
            for (path, text) in foreign {
                put(&out, path, text);
            }
            for tree in before {
                done(tree, &out);
            }
            let (result, stopped_here) = stop::after(steps, how, || write(stopped, &out, WriteOptions::default()));
            was_stopped |= stopped_here;
            if let Ok(Outcome::Refused { .. }) = result {
                panic!("{result:?} after {steps} steps");
            }
            if let (How::Once, Err(error)) = (how, &result) {
                let is_left = out.join(".gatewright.tmp").exists();
                let error = error.to_string();
                assert!(!is_left || error.ends_with(".gatewright.tmp"), "{error} after {steps} steps");
            }
            // Only complete files, and all foreign ones.
            for (path, text) in on_disk(&out).into_iter().filter(|(path, _)| !path.starts_with(".gatewright")) {
                let Some(text) = text else { continue };
                let is_old = before.iter().any(|tree| tree.get(&path) == Some(&text));
                let is_new = stopped.get(&path) == Some(&text);
                assert!(is_old || is_new || foreign.contains(&(&path, &text)), "{path}: {text:?} after {steps} steps");
            }
            done(&after, &out);
            assert_eq!(on_disk(&out), expected(&after, foreign), "after {steps} steps, {how:?}");
            assert_eq!(drift(&after, &out).unwrap(), []);
            assert!(done(&after, &out).is_empty());
        }
        if !was_stopped {
            return steps;
        }
    }
    unreachable!("the loop has no end")
}

#[test]
fn a_first_run_may_stop_anywhere() {
    let [one, ..] = generations();
    for how in [How::Dead, How::Once] {
        assert!(sweep(&[], &one, &[], how) > 30);
    }
}

#[test]
fn a_second_run_may_stop_anywhere() {
    let [one, two, _] = generations();
    for how in [How::Dead, How::Once] {
        assert!(sweep(std::slice::from_ref(&one), &two, &FOREIGN, how) > 30);
    }
}

/// More files than are synced one by one.
#[test]
fn a_run_of_many_files_may_stop_anywhere() {
    let [one, mut two, _] = generations();
    for number in 0..=sync::FEW {
        two.insert(format!("many/{number}"), number.to_string());
    }
    for how in [How::Dead, How::Once] {
        assert!(sweep(std::slice::from_ref(&one), &two, &FOREIGN, how) > 4 * sync::FEW);
    }
}

#[test]
fn two_runs_may_stop_anywhere_one_after_the_other() {
    let [one, two, three] = generations();
    let (_guard, out) = folder();
    let mut pairs = 0;
    for first in 0.. {
        let mut was_stopped = false;
        for second in 0.. {
            let _ = fs::remove_dir_all(&out);
            for (path, text) in FOREIGN {
                put(&out, path, text);
            }
            done(&one, &out);
            let (_, stopped_first) = stop::after(first, How::Dead, || write(&two, &out, WriteOptions::default()));
            was_stopped |= stopped_first;
            let (result, stopped_second) =
                stop::after(second, How::Dead, || write(&three, &out, WriteOptions::default()));
            assert!(!matches!(result, Ok(Outcome::Refused { .. })), "{first}, {second}: {result:?}");
            let last = if second % 2 == 0 { &one } else { &two };
            done(last, &out);
            assert_eq!(on_disk(&out), expected(last, &FOREIGN), "{first}, {second}");
            pairs += 1;
            if !stopped_second {
                break;
            }
        }
        if !was_stopped {
            break;
        }
    }
    assert!(pairs > 900, "{pairs}");
}

#[test]
fn an_edit_after_a_stop_is_still_an_edit() {
    let [one, two, _] = generations();
    for steps in 0.. {
        let (_guard, out) = folder();
        done(&one, &out);
        let (_, was_stopped) = stop::after(steps, How::Dead, || write(&two, &out, WriteOptions::default()));
        if !was_stopped {
            break;
        }
        put(&out, "a/one", "edited");
        put(&out, "new/deep/four", "made by hand");
        let before = on_disk(&out);
        match write(&two, &out, WriteOptions::default()).unwrap() {
            Outcome::Refused { edited, foreign } => {
                assert_eq!(edited.len() + foreign.len(), 2, "{steps}");
            }
            done @ (Outcome::Done(_) | Outcome::Taken { .. }) => panic!("{steps}: {done:?}"),
        }
        assert_eq!(on_disk(&out), before);
    }
}

#[test]
fn a_run_that_waits_too_long_says_for_whom() {
    let (_guard, out) = folder();
    done(&FileTree::new(), &out);
    let _lock = disk::lock(&out, Duration::ZERO).unwrap();
    let error = disk::lock(&out, Duration::from_millis(50)).unwrap_err();
    assert!(error.to_string().starts_with("another gatewright process is writing to"), "{error}");
}
