//! Does the writer keep its promises on a real disk: to hand-edited and foreign files, against links, crashes and full disks?
//!
//! The sweep over every single step is a unit test beside the writer; here whole processes are killed, limited and raced.

#![expect(clippy::unwrap_used, reason = "clippy sees tests in test functions only, not in what they share")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::thread;

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::output::{Changes, FileTree, Kind, Outcome, WriteOptions, drift, write};

const FORCE: WriteOptions = WriteOptions { force: true, dry_run: false };
const DRY: WriteOptions = WriteOptions { force: false, dry_run: true };

fn tree(files: &[(&str, &str)]) -> FileTree {
    let mut tree = FileTree::new();
    for (path, text) in files {
        tree.insert(*path, text);
    }
    tree
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let out = Utf8PathBuf::try_from(dir.path().join("out")).unwrap();
    (dir, out)
}

fn put(path: &Utf8Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::File::create(path).unwrap().write_all(text.as_ref()).unwrap();
}

fn done(tree: &FileTree, out: &Utf8Path, options: WriteOptions) -> Changes {
    match write(tree, out, options).unwrap() {
        Outcome::Done(changes) => changes,
        refused @ Outcome::Refused { .. } => panic!("{refused:?}"),
        Outcome::Taken { by } => panic!("it is the folder of {by}"),
    }
}

fn says(tree: &FileTree, out: &Utf8Path, options: WriteOptions) -> String {
    format!("{:#}", write(tree, out, options).unwrap_err()).replace(out.as_str(), "OUT")
}

/// Every entry with its content, or the target of a link.
fn on_disk(out: &Utf8Path) -> BTreeMap<Vec<u8>, Vec<u8>> {
    if !out.exists() {
        return BTreeMap::new();
    }
    walkdir::WalkDir::new(out)
        .into_iter()
        .map(|entry| {
            let entry = entry.unwrap();
            let content = if entry.file_type().is_symlink() {
                fs::read_link(entry.path()).unwrap().as_os_str().as_bytes().to_vec()
            } else if entry.file_type().is_file() {
                fs::read(entry.path()).unwrap()
            } else {
                b"folder".to_vec()
            };
            (entry.path().as_os_str().as_bytes().to_vec(), content)
        })
        .collect()
}

fn is_clean(tree: &FileTree, out: &Utf8Path) {
    assert_eq!(drift(tree, out).unwrap(), []);
    for litter in [".gatewright.tmp", ".gatewright.journal"] {
        assert!(!out.join(litter).exists(), "{litter}");
    }
}

#[test]
fn a_run_lists_what_it_did_and_leaves_the_rest_alone() {
    let (_guard, out) = folder();
    let one = tree(&[("a/x", "1"), ("a/y", "2"), ("b/deep/z", "3")]);
    let two = tree(&[("a/x", "1"), ("a/y", "2b"), ("c", "4")]);
    assert_eq!(done(&one, &out, DRY).created.len(), 3);
    assert!(!out.exists(), "a dry run makes no folder");
    assert_eq!(done(&one, &out, WriteOptions::default()).created.len(), 3);
    is_clean(&one, &out);

    let before = on_disk(&out);
    let inode = fs::metadata(out.join("a/x")).unwrap().ino();
    let planned = done(&two, &out, DRY);
    assert_eq!(on_disk(&out), before);
    let changes = done(&two, &out, WriteOptions::default());
    assert_eq!(planned, changes);
    insta::assert_snapshot!(
        serde_json::to_string(&changes).unwrap(),
        @r#"{"created":["c"],"changed":["a/y"],"removed":["b/deep/z"],"kept":[],"unchanged":["a/x"]}"#
    );
    assert!(!out.join("b").exists());
    assert_eq!(fs::metadata(out.join("a/x")).unwrap().ino(), inode);
    is_clean(&two, &out);

    let times = |path: &str| fs::metadata(out.join(path)).unwrap().modified().unwrap();
    let before = [times(""), times(".gatewright.json"), times("a")];
    assert!(done(&two, &out, WriteOptions::default()).is_empty());
    assert_eq!([times(""), times(".gatewright.json"), times("a")], before, "a run with nothing to do touches nothing");
}

#[test]
fn foreign_files_in_the_way_are_refused_and_replaced_by_force_only() {
    let (_guard, out) = folder();
    done(&tree(&[("a/x", "1"), ("a/y", "2")]), &out, WriteOptions::default());
    put(&out.join("a/x"), "edited");
    put(&out.join("b"), "foreign");
    put(&out.join("same"), "5\n");
    let next = tree(&[("a/x", "1b"), ("a/y", "2b"), ("b", "3"), ("c/new", "4"), ("same", "5")]);
    let before = on_disk(&out);
    let refused = Outcome::Refused { edited: vec!["a/x".into()], foreign: vec!["b".into()] };
    assert_eq!(write(&next, &out, WriteOptions::default()).unwrap(), refused);
    assert_eq!(write(&next, &out, DRY).unwrap(), refused);
    assert_eq!(on_disk(&out), before);
    let changes = done(&next, &out, FORCE);
    assert_eq!(changes.changed, ["a/x", "a/y", "b"]);
    assert_eq!(changes.unchanged, ["same"]);
    is_clean(&next, &out);
}

#[test]
fn an_edit_to_the_new_content_or_to_crlf_is_no_edit() {
    let (_guard, out) = folder();
    done(&tree(&[("x", "1"), ("y", "2\n2")]), &out, WriteOptions::default());
    put(&out.join("x"), "1b\n");
    put(&out.join("y"), "2\r\n2\r\n");
    let next = tree(&[("x", "1b"), ("y", "2c")]);
    assert_eq!(done(&next, &out, WriteOptions::default()).changed, ["y"]);
    is_clean(&next, &out);
}

#[test]
fn an_edited_orphan_is_kept_and_becomes_the_users() {
    let (_guard, out) = folder();
    for options in [WriteOptions::default(), FORCE] {
        done(&tree(&[("a/x", "1"), ("a/y", "2")]), &out, FORCE);
        put(&out.join("a/x"), "edited");
        let changes = done(&FileTree::new(), &out, options);
        assert_eq!((changes.kept, changes.removed), (vec!["a/x".into()], vec!["a/y".into()]));
        assert_eq!(fs::read(out.join("a/x")).unwrap(), b"edited");
        is_clean(&FileTree::new(), &out);
    }
}

#[test]
fn foreign_files_are_never_touched() {
    let (_guard, out) = folder();
    let odd = out.as_std_path().join(std::ffi::OsStr::from_bytes(b"a/not-\xff-text"));
    put(&out.join("a/mine"), [0, 159, 146, 150]);
    // Not every file system takes such a name.
    let has_odd = fs::File::create(&odd).is_ok();
    symlink("/nowhere", out.join("a/my-link")).unwrap();
    put(&out.join("a/secret"), "");
    fs::set_permissions(out.join("a/secret"), fs::Permissions::from_mode(0o000)).unwrap();
    let before: Vec<_> = fs::read_dir(out.join("a")).unwrap().count().to_string().into_bytes();
    done(&tree(&[("a/x", "1"), ("a/b/y", "2")]), &out, WriteOptions::default());
    done(&FileTree::new(), &out, FORCE);
    is_clean(&FileTree::new(), &out);
    assert_eq!(fs::read_dir(out.join("a")).unwrap().count().to_string().into_bytes(), before);
    assert_eq!(fs::read(out.join("a/mine")).unwrap(), [0, 159, 146, 150]);
    assert_eq!(odd.exists(), has_odd);
}

#[test]
fn links_and_wrong_kinds_are_refused_even_by_force() {
    let outside = tempfile::tempdir().unwrap();
    let outside = Utf8Path::from_path(outside.path()).unwrap();
    put(&outside.join("x"), "1\n");
    let next = tree(&[("a/x", "1"), ("b", "2")]);
    type Trap = fn(&Utf8Path, &Utf8Path);
    let traps: [(Trap, &str); 7] = [
        (|out, outside| symlink(outside.join("x"), out.join("b")).unwrap(), "OUT/b is a symbolic link"),
        (|out, _| symlink("/nowhere/at/all", out.join("b")).unwrap(), "OUT/b is a symbolic link"),
        (|out, outside| symlink(outside, out.join("a")).unwrap(), "OUT/a is a symbolic link"),
        (|out, _| symlink("/nowhere", out.join("a")).unwrap(), "OUT/a is a symbolic link"),
        (|out, _| fs::create_dir(out.join("b")).unwrap(), "OUT/b is a folder, but must be a file"),
        (|out, _| put(&out.join("a"), "1"), "OUT/a is a file, but must be a folder"),
        (
            |out, outside| symlink(outside.join("x"), out.join(".gatewright.json")).unwrap(),
            "OUT/.gatewright.json is a symbolic link",
        ),
    ];
    for (set, message) in traps {
        let (_guard, out) = folder();
        fs::create_dir(&out).unwrap();
        set(&out, outside);
        let before = (on_disk(&out), on_disk(outside));
        for options in [WriteOptions::default(), FORCE, DRY] {
            let said = says(&next, &out, options);
            assert!(said.contains(message), "{message}: {said}");
        }
        assert_eq!((on_disk(&out), on_disk(outside)), before);
    }
}

#[test]
fn an_orphan_reached_through_a_link_is_not_removed() {
    let (guard, out) = folder();
    done(&tree(&[("a/x", "1")]), &out, WriteOptions::default());
    let elsewhere = guard.path().join("elsewhere");
    fs::rename(out.join("a"), &elsewhere).unwrap();
    symlink(&elsewhere, out.join("a")).unwrap();
    assert_eq!(done(&FileTree::new(), &out, FORCE).kept, ["a/x"]);
    assert_eq!(fs::read(elsewhere.join("x")).unwrap(), b"1\n");
}

#[test]
fn the_folder_itself_may_be_a_link_but_not_a_file() {
    let (guard, out) = folder();
    let next = tree(&[("a", "1")]);
    symlink(guard.path().join("real"), &out).unwrap();
    assert_eq!(says(&next, &out, FORCE), "OUT is a broken symbolic link");
    fs::create_dir(guard.path().join("real")).unwrap();
    done(&next, &out, WriteOptions::default());
    is_clean(&next, &out);
    assert_eq!(says(&next, &out.join("a"), FORCE), "OUT is not a folder");
}

#[test]
fn a_hostile_or_damaged_manifest_stops_the_run() {
    let (guard, out) = folder();
    put(&Utf8PathBuf::try_from(guard.path().join("victim")).unwrap(), "1\n");
    for (text, message) in [
        ("{\"version\": 1, \"files\": {\"../victim\": \"sha256:4355a46b\"}}", "`..`"),
        ("<<<<<<< HEAD", "damaged"),
        ("{\"version\": 9}", "newer version of gatewright"),
    ] {
        put(&out.join(".gatewright.json"), text);
        let before = on_disk(&out);
        let said = says(&FileTree::new(), &out, FORCE);
        assert!(said.contains(message) && said.starts_with("cannot use OUT/.gatewright.json"), "{said}");
        assert!(drift(&FileTree::new(), &out).is_err());
        assert_eq!(on_disk(&out), before);
    }
    assert!(guard.path().join("victim").exists());
}

#[test]
fn read_only_means_read_only() {
    let (_guard, out) = folder();
    done(&tree(&[("a/x", "1"), ("b/y", "2")]), &out, WriteOptions::default());
    let next = tree(&[("a/x", "1b"), ("b/y", "2b")]);
    for (path, mode, message) in [
        ("b/y", 0o444, "cannot write OUT/b/y: the file is read-only"),
        ("b", 0o555, "cannot write to OUT/b: the folder is read-only"),
        ("", 0o555, "cannot write to OUT: the folder is read-only"),
    ] {
        let path = out.join(path);
        let old = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let before = on_disk(&out);
        let said = says(&next, &out, FORCE);
        assert_eq!(on_disk(&out), before);
        fs::set_permissions(&path, old).unwrap();
        assert!(said.contains(message), "{said}");
    }
    let mode = fs::metadata(out.join("a/x")).unwrap().mode();
    assert_eq!(mode & 0o133, 0, "{mode:o}");
}

#[test]
fn every_kind_of_drift_is_described() {
    let (_guard, out) = folder();
    let made =
        tree(&[("bin", "1"), ("crlf", "1\n2"), ("dir", "1"), ("edited", "1\n2\n3"), ("gone", "1"), ("old", "1")]);
    done(&made, &out, WriteOptions::default());
    put(&out.join("mine"), "never drift");
    put(&out.join("bin"), [255, 0]);
    put(&out.join("crlf"), "1\r\n2\r\n");
    put(&out.join("edited"), "1\nzwei\n3\n");
    fs::remove_file(out.join("gone")).unwrap();
    let wanted = tree(&[("bin", "1"), ("crlf", "1\n2"), ("dir", "1"), ("edited", "1\n2\n3"), ("gone", "1")]);
    let drifts = drift(&wanted, &out).unwrap();
    let shown: Vec<_> = drifts.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    changed: bin
        it is not UTF-8 text
    line endings differ: crlf
    changed: edited
        @@ -1,3 +1,3 @@
         1
        -zwei
        +2
         3
    missing: gone
    orphaned: old
    changed: .gatewright.json
        it does not list the files that would be generated now
    ");
    insta::assert_snapshot!(serde_json::to_string(&drifts[1]).unwrap(), @r#"{"path":"crlf","kind":"lineEnds"}"#);
    let nowhere = drift(&wanted, &out.join("nowhere")).unwrap();
    assert_eq!(nowhere.len(), 6);
    assert!(nowhere.iter().all(|drift| drift.kind == Kind::Missing));
}

// The following tests run `child` below in processes of their own.

const TASK: &str = "GATEWRIGHT_TEST_WRITE";

/// A gateway of some size; those of two seeds share a third of their files.
fn large(seed: usize) -> FileTree {
    let mut tree = FileTree::new();
    for number in 0..90 {
        let folder = ["bicep", "bicep/modules", "terraform"][number % 3];
        match number % 3 {
            0 => tree.insert(format!("{folder}/{number}"), "the same ".repeat(400)),
            1 => tree.insert(format!("{folder}/{number}"), format!("of {seed} ").repeat(400)),
            _ => tree.insert(format!("{folder}-{seed}/{number}"), format!("of {seed} ").repeat(400)),
        }
    }
    tree
}

fn child_command(shell: &str, seed: usize, out: &Utf8Path) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{shell} exec \"$0\" --exact output::child --ignored --nocapture")])
        .arg(std::env::current_exe().unwrap())
        .env(TASK, format!("{seed} {out}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts a child and waits until it is about to write.
fn start(seed: usize, out: &Utf8Path) -> Child {
    let mut child = child_command("", seed, out).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().ends_with("ready")));
    child
}

#[test]
#[ignore = "the other tests run it as a process"]
#[expect(clippy::print_stdout, reason = "tells the parent that it is ready")]
fn child() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let (seed, out) = task.split_once(' ').unwrap();
    println!("ready");
    match write(&large(seed.parse().unwrap()), out.into(), WriteOptions::default()) {
        Ok(Outcome::Done(_)) => {}
        Ok(refused) => panic!("{refused:?}"),
        Err(error) => panic!("failed: {error:#}"),
    }
}

#[test]
fn a_killed_run_is_repaired_by_the_next() {
    let (_guard, out) = folder();
    put(&out.join("bicep/mine"), "mine");
    let start_time = std::time::Instant::now();
    let mut victim = start(0, &out);
    assert!(victim.wait().unwrap().success());
    let whole = start_time.elapsed();
    let mut cut_off = 0;
    let rounds = 60;
    for round in 1..=rounds {
        let mut victim = start(round, &out);
        thread::sleep(whole * round as u32 / rounds as u32);
        victim.kill().unwrap();
        victim.wait().unwrap();
        cut_off += usize::from(out.join(".gatewright.tmp").exists() || out.join(".gatewright.journal").exists());
        // Sometimes two in a row, sometimes back to an older tree.
        if round % 3 != 0 {
            let next = large(round - round % 2);
            done(&next, &out, WriteOptions::default());
            is_clean(&next, &out);
            let files =
                walkdir::WalkDir::new(&out).into_iter().filter(|entry| entry.as_ref().unwrap().file_type().is_file());
            assert_eq!(files.count(), next.len() + 2, "round {round}");
        }
        assert_eq!(fs::read(out.join("bicep/mine")).unwrap(), b"mine");
    }
    assert!(cut_off > 0, "no run was cut off in the middle");
}

#[test]
fn concurrent_runs_do_no_harm() {
    let (_guard, out) = folder();
    for round in 0..5 {
        let mut children: Vec<_> = (0..3).map(|seed| start(seed + round, &out)).collect();
        let threads: Vec<_> = (0..2)
            .map(|seed| {
                let out = out.clone();
                thread::spawn(move || done(&large(seed + round), &out, WriteOptions::default()))
            })
            .collect();
        for child in &mut children {
            assert!(child.wait().unwrap().success());
        }
        for thread in threads {
            thread.join().unwrap();
        }
        let winner = (round..round + 3).find(|seed| drift(&large(*seed), &out).unwrap().is_empty());
        is_clean(&large(winner.expect("the folder holds one of the trees")), &out);
    }
}

#[test]
fn a_run_on_a_full_disk_changes_nothing() {
    let (_guard, out) = folder();
    done(&large(1), &out, WriteOptions::default());
    let before = on_disk(&out);
    // Files of at most 512 bytes: portable, and needs no rights.
    let output = child_command("trap '' XFSZ; ulimit -f 1;", 2, &out).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(said.contains(&format!("failed: cannot write {out}/")) && said.contains("File too large"), "{said}");
    assert_eq!(on_disk(&out), before);
    done(&large(2), &out, WriteOptions::default());
    is_clean(&large(2), &out);
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn a_full_disk_changes_nothing() {
    let (guard, out) = folder();
    let mount = |args: &[&str]| Command::new(args[0]).args(&args[1..]).arg(guard.path()).output();
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=700k", "none"]).is_ok_and(|run| run.status.success()) {
        eprintln!("SKIPPED: a small file system cannot be mounted here (needs root)");
        return;
    }
    let result = std::panic::catch_unwind(|| {
        done(&large(1), &out, WriteOptions::default());
        put(&out.join("filler"), vec![0; 100 << 10]);
        let before = on_disk(&out);
        let said = says(&large(2), &out, WriteOptions::default());
        assert!(said.contains("cannot write OUT/") && said.contains("No space left on device"), "{said}");
        assert_eq!(on_disk(&out), before);
        fs::remove_file(out.join("filler")).unwrap();
        done(&large(2), &out, WriteOptions::default());
        is_clean(&large(2), &out);
    });
    mount(&["umount"]).unwrap();
    result.unwrap();
}
