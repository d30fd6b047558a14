//! Does the program keep its promises to people and scripts: help, exit codes, what goes to which stream, when it writes?
//!
//! The built binary in an empty environment. Other modules test the content of the generated files.

use std::collections::BTreeSet;
use std::io::{Write, pipe};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;
use gatewright::diag::Code;
use serde_json::Value;

pub(crate) const GOOD: &str = "\
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai }
backends:
  openai: { kind: azureOpenAI, account: aoai-contoso }
apis:
  openai: { path: openai, target: openai, subscriptions: [first-team] }
";

/// With one error and no warning.
const WRONG: &str = "\
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai }
backends:
  openai: { kind: azureOpenAI, account: aoai-contoso }
apis:
  openai: { path: openai, target: openai, subscriptions: [first-team] }
nonsense: 1
";

/// The program's output.
pub(crate) struct Said {
    code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder that a test plays in.
pub(crate) struct Desk {
    _guard: tempfile::TempDir,
    pub(crate) path: Utf8PathBuf,
}

impl Desk {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::try_from(guard.path().to_owned()).unwrap();
        let desk = Self { _guard: guard, path };
        for (path, text) in files {
            desk.put(path, text);
        }
        desk
    }

    pub(crate) fn put(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        crate::tool::put(&path, text);
    }

    fn has(&self, path: &str) -> bool {
        self.path.join(path).exists()
    }

    /// Every manifest, that is: every gateway that was written.
    fn written(&self) -> Vec<String> {
        let mut paths: Vec<_> = self
            .files()
            .into_iter()
            .filter_map(|path| path.strip_suffix("/.gatewright.json").map(str::to_owned))
            .collect();
        paths.sort();
        paths
    }

    fn files(&self) -> BTreeSet<String> {
        walkdir::WalkDir::new(&self.path)
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .filter_map(|path| Utf8PathBuf::try_from(path).ok())
            .map(|path| path.strip_prefix(&self.path).unwrap().as_str().to_owned())
            .collect()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
        command.env_clear().current_dir(&self.path);
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        said(self.command().args(arguments))
    }

    /// Runs, and expects an exit code.
    pub(crate) fn expect(&self, code: i32, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}\n{}\n{}", said.out, said.err);
        said
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        code: output.status.code().expect("not killed by a signal"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn help_is_a_result() {
    let desk = Desk::new(&[]);
    for command in ["", "generate", "check", "explain", "schema", "completions"] {
        let words: Vec<_> = command.split_terminator(' ').chain(["--help"]).collect();
        let said = desk.expect(0, &words);
        assert_eq!(said.err, "");
        assert!(said.out.lines().all(|line| line.chars().count() <= 100));
        insta::assert_snapshot!(format!("help {command}").trim().replace(' ', "_"), said.out);
    }
    let said = desk.expect(0, &["generate", "-h"]);
    insta::assert_snapshot!("help_generate_short", said.out);
}

#[test]
fn wrong_usage_goes_to_stderr() {
    let desk = Desk::new(&[]);
    for words in [
        &[][..],
        &["generat"],
        &["--force"],
        &["generate", "--target", "arm"],
        &["check", "--dry-run"],
        &["check", "--force"],
        &["explain", "Y001", "Y002"],
        &["completions"],
        &["completions", "tcsh"],
        &["generate", ""],
        &["generate", "--out", ""],
    ] {
        let said = desk.expect(2, words);
        assert_eq!(said.out, "", "{words:?}");
        assert!(!said.err.is_empty(), "{words:?}");
    }
}

#[test]
fn a_gateway_in_the_current_folder_is_generated() {
    let desk = Desk::new(&[("gateway.yaml", GOOD), ("team/gateway.yaml", GOOD)]);
    let said = desk.expect(0, &["generate"]);
    assert_eq!(said.out, "");
    assert!(said.err.starts_with("out: "), "{}", said.err);
    assert_eq!(desk.written(), ["out"]);
    let said = desk.expect(0, &["check"]);
    assert_eq!((&*said.out, &*said.err), ("", "out: up to date\n"));
}

#[test]
fn a_file_may_have_any_name() {
    let desk = Desk::new(&[("-x y.yml", GOOD)]);
    desk.expect(0, &["generate", "--out", "made/here", "--", "-x y.yml"]);
    assert_eq!(desk.written(), ["made/here"]);
}

#[test]
fn a_folder_keeps_its_folders() {
    let desk = Desk::new(&[
        ("g/gateway.yaml", GOOD),
        ("g/a/gateway.yaml", GOOD),
        ("g/a/b/gateway.yaml", GOOD),
        ("g/a/other.yaml", WRONG),
        ("g/.hidden/gateway.yaml", WRONG),
        ("g/a/.git/x/gateway.yaml", WRONG),
        ("linked/gateway.yaml", WRONG),
    ]);
    symlink("../linked", desk.path.join("g/link")).unwrap();
    symlink("..", desk.path.join("g/circle")).unwrap();
    desk.expect(0, &["generate", "g"]);
    assert_eq!(desk.written(), ["out", "out/a", "out/a/b"]);
    desk.expect(0, &["check", "g/"]);
    desk.expect(0, &["check", desk.path.join("g").as_str()]);
}

#[test]
fn a_gateway_that_is_gone_is_not_forgotten() {
    let desk = Desk::new(&[("g/a/gateway.yaml", GOOD), ("g/b/gateway.yaml", GOOD)]);
    desk.expect(0, &["generate", "g"]);
    std::fs::remove_dir_all(desk.path.join("g/b")).unwrap();
    let said = desk.expect(1, &["check", "g"]);
    assert!(said.err.contains("out/b contains a gateway whose gateway file no longer exists"), "{}", said.err);
    // A question about one file does not read the others.
    desk.expect(0, &["check", "g/a/gateway.yaml", "--out", "out/a"]);
    std::fs::remove_dir_all(desk.path.join("out/b")).unwrap();
    desk.expect(0, &["check", "g"]);
}

#[test]
fn the_output_folder_is_not_searched() {
    let desk = Desk::new(&[("a/gateway.yaml", GOOD), ("out/b/gateway.yaml", WRONG)]);
    for paths in [&["generate"][..], &["generate", "."], &["generate", "a", "--out", "./a/../out"]] {
        desk.expect(0, paths);
    }
    assert_eq!(desk.written(), ["out", "out/a"]);
    // Unless it is what was named.
    desk.expect(1, &["generate", "out", "--dry-run"]);
}

#[test]
fn output_may_lie_beside_the_input() {
    let desk = Desk::new(&[("g/a/gateway.yaml", GOOD), ("g/b/gateway.yaml", GOOD)]);
    desk.expect(0, &["generate", "g", "--out", "g"]);
    desk.expect(0, &["check", "g", "--out", "g"]);
    assert_eq!(desk.written(), ["g/a", "g/b"]);
}

#[test]
fn a_missing_path_exits_with_2() {
    let desk = Desk::new(&[("empty/gateway.yml", GOOD), ("g.yaml", GOOD)]);
    symlink("nowhere", desk.path.join("link")).unwrap();
    for (path, says) in [
        ("none.yaml", "there is no file or folder `none.yaml`"),
        (
            "empty",
            "there is no `gateway.yaml` in `empty` or the folders below it; if you mean `empty/gateway.yml`, rename it, or pass it as the PATH",
        ),
        (
            ".",
            "there is no `gateway.yaml` in the current folder or the folders below it; if you mean `empty/gateway.yml`, rename it, or pass it as the PATH",
        ),
        ("link", "`link` is a broken symbolic link"),
        ("g.yaml/x", "cannot access `g.yaml/x`: Not a directory (os error 20)"),
        ("/dev/zero", "`/dev/zero` is a device, pipe, socket or system file, not a regular file"),
    ] {
        for command in ["generate", "check"] {
            let said = desk.expect(2, &[command, path]);
            let first = said.err.lines().find(|line| line.starts_with("error"));
            assert_eq!(first, Some(&*format!("error: {says}")));
        }
    }
    assert_eq!(desk.written(), [""; 0]);
}

#[test]
fn paths_are_utf8() {
    let desk = Desk::new(&[]);
    let path = std::ffi::OsString::from_vec(b"caf\xe9".to_vec());
    let output = desk.command().arg("generate").arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.contains("the file name is not UTF-8"), "{err}");

    std::fs::create_dir(desk.path.as_std_path().join(&path)).unwrap();
    desk.put("a/gateway.yaml", GOOD);
    desk.expect(0, &["generate"]);
    std::fs::copy(desk.path.join("a/gateway.yaml"), desk.path.as_std_path().join(&path).join("gateway.yaml")).unwrap();
    let said = desk.expect(2, &["generate"]);
    assert!(said.err.contains("is not UTF-8"), "{}", said.err);
}

#[test]
fn a_current_folder_may_be_gone() {
    let desk = Desk::new(&[]);
    for words in ["generate", "generate x.yaml", "check ."] {
        let script = format!("mkdir gone; cd gone; rmdir ../gone; \"$0\" {words}");
        let said = said(Command::new("bash").env_clear().current_dir(&desk.path).args([
            "-c",
            &script,
            env!("CARGO_BIN_EXE_gatewright"),
        ]));
        assert_eq!(said.code, 2, "{}", said.err);
        assert_eq!(said.err, "error: the current folder no longer exists\n", "{words}");
    }
}

#[test]
fn two_gateways_do_not_share_a_folder() {
    let desk = Desk::new(&[
        ("a.yaml", GOOD),
        ("b.yaml", GOOD),
        ("x/t/gateway.yaml", GOOD),
        ("y/T/gateway.yaml", GOOD),
        ("n/gateway.yaml", GOOD),
        ("n/mcp/x/gateway.yaml", GOOD),
    ]);
    for (paths, says) in [
        (["a.yaml", "b.yaml"], "would both be written to `out`"),
        (["x", "y"], "would both be written to `out/T`"),
        (["x/t", "a.yaml"], "would both be written to `out`"),
        (["n", "n"], "into the output of `n/gateway.yaml`"),
    ] {
        let said = desk.expect(2, &["generate", paths[0], paths[1]]);
        assert!(said.err.contains(says), "{}", said.err);
        assert_eq!(desk.written(), [""; 0]);
    }
    // One file, named in two ways, is one gateway.
    desk.expect(0, &["generate", "a.yaml", "./a.yaml"]);
    desk.expect(0, &["generate", "x", "x/", "a.yaml"]);
    assert_eq!(desk.written(), ["out", "out/t"]);
}

/// A gateway with a prefix, a path and an account.
fn of_team(team: &str, path: &str, account: &str) -> String {
    let prefix = if team.is_empty() { String::new() } else { format!(", prefix: {team}") };
    format!(
        "version: 1\ngateway: {{ name: apim-shared, resourceGroup: rg-int, sku: StandardV2{prefix} }}\nbackends: {{ openai: {{ kind: \
         azureOpenAI, account: {account} }} }}\napis: {{ chat: {{ path: {path}, target: openai, subscriptions: [app] }} }}\n"
    )
}

/// The codes of the findings about two gateways of one run.
fn between(one: &str, other: &str) -> Vec<String> {
    let desk = Desk::new(&[("g/a/gateway.yaml", one), ("g/b/gateway.yaml", other)]);
    let said: Value = serde_json::from_str(&desk.expect(0, &["generate", "g", "--format", "json"]).out).unwrap();
    let findings = |at: usize| said["gateways"][at]["findings"].as_array().unwrap().clone();
    assert!(findings(0).is_empty(), "the later one has the findings");
    let found = findings(1);
    let code = |finding: &Value| finding["code"].as_str().unwrap().to_owned();
    for finding in &found {
        assert!(finding["message"].as_str().unwrap().ends_with(": `g/a/gateway.yaml`"), "{finding}");
    }
    found.iter().map(code).collect()
}

#[test]
fn gateways_of_one_service_do_not_harm_each_other() {
    let one = of_team("team-a-", "a/openai", "aoai-a");
    assert_eq!(between(&one, &of_team("team-b-", "b/openai", "aoai-b")), [""; 0]);
    // One stack; all that follows from it is not said.
    for same in ["team-a-", "team-a"] {
        assert_eq!(between(&one, &of_team(same, "a/openai", "aoai-a")), ["N006"], "{same}");
    }
    assert_eq!(between(&of_team("", "a", "aoai-a"), &of_team("", "b", "aoai-b")), ["N006"]);
    assert_eq!(between(&one, &of_team("team-b-", "A/OpenAI", "aoai-b")), ["N008"]);
    assert_eq!(between(&one, &of_team("team-b-", "b/openai", "AOAI-A")), ["B012"]);
    // `a-` and `b-openai` is `a-b-` and `openai`.
    let longer =
        of_team("a-", "x", "aoai-x").replace("openai:", "b-openai:").replace("target: openai", "target: b-openai");
    assert_eq!(between(&longer, &of_team("a-b-", "y", "aoai-y")), ["N007"]);
    // Another service has names of its own.
    assert_eq!(between(&one, &one.replace("apim-shared", "apim-other")), [""; 0]);
}

#[test]
fn a_role_assignment_belongs_to_one_gateway() {
    let one = of_team("a-", "a", "{ name: aoai, resourceGroup: rg-ai }");
    let other = |account: &str| of_team("b-", "b", account);
    assert_eq!(between(&one, &other("{ name: aoai, resourceGroup: RG-AI }")), ["B012"]);
    assert_eq!(between(&one, &other("aoai")), [""; 0], "in another group");
    let subscription = "11111111-1111-1111-1111-111111111111";
    let elsewhere = other(&format!("{{ name: aoai, resourceGroup: rg-ai, subscription: {subscription} }}"));
    assert_eq!(between(&one, &elsewhere), ["B012"], "the other one may be in this subscription");
    let skips = other("{ name: aoai, resourceGroup: rg-ai }").replace("sku:", "roles: skip, sku:");
    assert_eq!(between(&one, &skips), [""; 0]);
    // One user-assigned identity of two services makes one assignment, and two identities of one service make two.
    let as_user =
        |text: &str, name: &str| text.replace("sku:", &format!("identity: {{ user: {{ name: {name} }} }}, sku:"));
    let account = "{ name: aoai, resourceGroup: rg-ai }";
    let of_other_service = other(account).replace("apim-shared", "apim-other");
    assert_eq!(between(&as_user(&one, "id-ai"), &as_user(&of_other_service, "ID-AI")), ["B012"]);
    assert_eq!(between(&as_user(&one, "id-ai"), &as_user(&other(account), "id-b")), [""; 0]);
    assert_eq!(between(&as_user(&one, "id-ai"), &other(account)), [""; 0]);
}

#[test]
fn one_error_stops_all_gateways_and_all_findings_are_printed() {
    let desk =
        Desk::new(&[("g/a/gateway.yaml", WRONG), ("g/b/gateway.yaml", GOOD), ("g/c/gateway.yaml", "nonsense: [")]);
    let said = desk.expect(1, &["generate", "g"]);
    assert_eq!(said.out, "");
    for says in ["g/a/gateway.yaml:7:", "error[Y002]", "\n2 errors\nnothing was written\n"] {
        assert!(said.err.contains(says), "{}", said.err);
    }
    assert_eq!(desk.written(), [""; 0]);

    // The findings are no drift; the drift of the others is told all the same.
    let said = desk.expect(1, &["check", "g"]);
    assert!(said.err.contains("2 errors"), "{}", said.err);
    assert!(said.out.contains("missing: out/b/.gatewright.json\n"), "{}", said.out);
    assert!(!said.out.contains("out/a"), "{}", said.out);
}

#[test]
fn a_file_that_is_named_and_missing_is_a_finding() {
    let text = GOOD.replace("path: openai", "path: openai, definition: { file: no.json }");
    let desk = Desk::new(&[("gateway.yaml", &text)]);
    let said = desk.expect(1, &["generate"]);
    assert!(said.err.contains("there is no file `no.json`"), "{}", said.err);
}

#[test]
fn warnings_can_be_denied() {
    let text = GOOD.replace(", subscriptions: [first-team]", "");
    let desk = Desk::new(&[("gateway.yaml", &text)]);
    let said = desk.expect(1, &["generate", "--deny-warnings"]);
    assert!(
        said.err.ends_with("1 warning\nerror: warnings are denied by --deny-warnings\nnothing was written\n"),
        "{}",
        said.err
    );
    assert_eq!(desk.written(), [""; 0]);
    let said = desk.expect(0, &["generate"]);
    assert!(said.err.contains("warning[A003]"), "{}", said.err);
    assert!(said.err.contains("\n1 warning\nout: "), "{}", said.err);
    desk.expect(0, &["check"]);
    desk.expect(1, &["check", "--deny-warnings"]);
    // A warning that nothing has to be done about is accepted by its code.
    let said = desk.expect(0, &["check", "--deny-warnings", "--allow", "a003"]);
    assert_eq!(said.err, "out: up to date\n");
    for (code, says) in [("Y002", "Y002 is an error"), ("A999", "there is no such code")] {
        let said = desk.expect(2, &["check", "--allow", code]);
        assert!(said.err.contains(says), "{}", said.err);
    }
    // An explanation is the answer, and no warning stands before it.
    assert_eq!(desk.expect(0, &["explain", "openai"]).err, "");
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = Desk::new(&[("gateway.yaml", GOOD)]);
    let before = desk.files();
    let said = desk.expect(0, &["generate", "--dry-run"]);
    assert!(said.err.contains("dry run"), "{}", said.err);
    assert!(said.out.lines().all(|line| line.starts_with("create out/")));
    assert_eq!(desk.files(), before);
}

#[test]
fn drift_is_a_result_with_a_suggestion() {
    let desk = Desk::new(&[("it's mine/gateway.yaml", GOOD)]);
    let words = ["it's mine", "--out", "my out", "--target", "bicep"];
    let said = desk.expect(1, &[&["check"], &words[..]].concat());
    assert!(said.out.contains("missing: my out/.gatewright.json\n"), "{}", said.out);
    let (_, command) = said.out.split_once("to fix it:\n").unwrap();
    assert_eq!(command, "    gatewright generate --target bicep '--out=my out' 'it'\\''s mine'\n");
    let command = command.replacen("gatewright", "\"$0\"", 1);
    let mended = Command::new("bash")
        .current_dir(&desk.path)
        .args(["-c", &command, env!("CARGO_BIN_EXE_gatewright")])
        .output()
        .unwrap();
    assert!(mended.status.success());
    desk.expect(0, &[&["check"], &words[..]].concat());
}

#[test]
fn json_is_one_document() {
    let desk = Desk::new(&[("g/a/gateway.yaml", WRONG), ("g/b/gateway.yaml", GOOD)]);
    let json = |code, words: &[&str]| {
        let said = desk.expect(code, &[words, &["--format", "json"]].concat());
        assert!(!said.err.contains("error["), "{}", said.err);
        serde_json::from_str::<Value>(&said.out).unwrap()
    };
    let value = json(1, &["generate", "g"]);
    assert_eq!(value["ok"], false);
    assert_eq!(value["errors"], 1);
    assert_eq!(value["written"], false);
    assert_eq!(value["gateways"][0]["path"], "g/a/gateway.yaml");
    assert_eq!(value["gateways"][0]["findings"][0]["line"], 7);
    assert_eq!(value["gateways"][1]["changes"], Value::Null);

    let value = json(0, &["generate", "g/b"]);
    assert_eq!(value["ok"], true);
    assert_eq!(value["written"], true);
    assert_eq!(value["gateways"][0]["out"], "out");
    assert!(value["gateways"][0]["changes"]["created"].is_array());

    let value = json(0, &["generate", "g/b", "--dry-run"]);
    assert_eq!(value["dryRun"], true);
    assert_eq!(value["written"], false);

    let value = json(0, &["check", "g/b"]);
    assert_eq!(value["gateways"][0]["drift"], Value::Array(Vec::new()));
    assert_eq!(value["fix"], Value::Null);

    let value = json(1, &["check", "g/b", "--out", "new"]);
    let drift = value["gateways"][0]["drift"].as_array().unwrap();
    let last = drift.last().unwrap();
    assert_eq!(last["path"], ".gatewright.json");
    assert_eq!(last["kind"], "missing");
    assert_eq!(value["fix"], "gatewright generate --out=new g/b");

    desk.put("out/.gatewright.json", "<<<<<<< HEAD");
    for command in ["generate", "check"] {
        let value = json(2, &[command, "g/b"]);
        let failure = value["gateways"][0]["failure"].as_str().unwrap();
        assert!(failure.contains("Restore it"), "{failure}");
    }
}

#[test]
fn a_disk_error_exits_with_2() {
    let desk = Desk::new(&[("gateway.yaml", GOOD), ("file", "")]);
    for out in ["file", "file/below", "/dev/null", "/proc/none"] {
        let said = desk.expect(2, &["generate", "--out", out]);
        assert!(said.err.starts_with("error: "), "{}", said.err);
        assert_eq!(said.out, "");
    }
}

#[test]
fn every_code_is_explained() {
    let desk = Desk::new(&[]);
    let list = desk.expect(0, &["explain"]);
    assert_eq!(list.out.lines().count(), Code::ALL.len());
    assert_eq!(list.err, "");
    for code in Code::ALL {
        assert!(list.out.contains(code.title()), "{code:?}");
        let said = desk.expect(0, &["explain", &code.id().to_lowercase()]);
        assert_eq!(said.err, "");
        assert!(said.out.contains(code.title()), "{}", said.out);
        assert!(said.out.contains(&format!("[{}]: ", code.id())));
        let mut prose = said.out.lines().skip(1).filter(|l| !l.starts_with(' '));
        assert!(prose.all(|line| line.chars().count() <= 80), "{}", said.out);
    }
    insta::assert_snapshot!(desk.expect(0, &["explain", "Y006"]).out, @r"
    error[Y006]: duplicate key

    An object can have each key only once. Many YAML tools silently keep one of two
    duplicate keys and drop the other, so one of the two settings would be lost.
    Keep one:

        timeout: 30s
        timeout: 60s     # which one?

    A key that comes from a merge (`<<: *defaults`) may be set again; the value set
    in the object itself takes precedence.
    ");
}

#[test]
fn an_unknown_code_gets_a_suggestion() {
    let desk = Desk::new(&[]);
    for (word, says) in [
        (
            "Y06",
            "error: unknown code `Y06`, and the current folder has no `gateway.yaml` that could define this name; did you mean `Y006`? `gatewright explain` lists all codes\n",
        ),
        (
            "nonsense",
            "error: unknown code `nonsense`, and the current folder has no `gateway.yaml` that could define this name; `gatewright explain` lists all codes\n",
        ),
    ] {
        let said = desk.expect(2, &["explain", word]);
        assert_eq!((&*said.out, &*said.err), ("", says));
    }
}

#[test]
fn the_schema_is_json() {
    let said = Desk::new(&[]).expect(0, &["schema"]);
    assert_eq!(said.err, "");
    let schema: Value = serde_json::from_str(&said.out).unwrap();
    assert!(schema["properties"]["gateway"].is_object());
    assert!(said.out.lines().count() > 100, "it is for people too");
    assert!(schema["$id"].is_string());
    let mut patterns = 0;
    walk(&schema, &mut |object| {
        if object.get("pattern").is_some_and(Value::is_string) {
            patterns += 1;
            let message = object.get("patternErrorMessage").and_then(Value::as_str);
            assert!(message.is_some_and(|text| !text.contains('^')), "{object:#?}");
        }
        if let Some(words) = object.get("enum").and_then(Value::as_array) {
            let each = object.get("enumDescriptions").and_then(Value::as_array);
            let is_told = each.is_some_and(|each| each.len() == words.len() && each.iter().all(|text| text != ""));
            assert!(is_told, "{object:#?}");
        }
    });
    assert!(patterns > 20);
    // What is refused is not suggested, and has no default that an editor would insert.
    let defs = &schema["$defs"];
    for key in [
        &schema["properties"]["tenancy"],
        &schema["properties"]["mcpServers"],
        &defs["Api"]["properties"]["tokenLimit"],
        &defs["Api"]["properties"]["semanticCache"],
        &defs["Observability"]["properties"]["logAnalytics"],
    ] {
        assert_eq!(key["doNotSuggest"], true, "{key:#}");
        assert_eq!(key["default"], Value::Null);
        assert!(key["description"].as_str().unwrap().starts_with("Not built yet"), "{key:#}");
    }
}

fn walk(value: &Value, visit: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            object.values().for_each(|child| walk(child, visit));
        }
        Value::Array(items) => items.iter().for_each(|child| walk(child, visit)),
        _ => {}
    }
}

#[test]
fn each_shell_gets_its_completions() {
    let desk = Desk::new(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = desk.expect(0, &["completions", shell]);
        assert!(said.out.contains("deny-warnings"), "{shell}");
        assert_eq!(said.err, "");
    }
}

#[test]
fn colours_are_for_terminals() {
    let desk = Desk::new(&[("gateway.yaml", WRONG)]);
    let coloured = |variables: &[(&str, &str)]| {
        let said = said(desk.command().arg("generate").envs(variables.iter().copied()));
        assert_eq!(said.code, 1);
        said.err.contains('\u{1b}')
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_closed_pipe_is_success() {
    let desk = Desk::new(&[("gateway.yaml", WRONG), ("good.yaml", GOOD)]);
    for (words, code) in [
        (&["schema"][..], 0),
        (&["explain"], 0),
        (&["--help"], 0),
        (&["completions", "zsh"], 0),
        (&["generate", "--format", "json"], 1),
        (&["generate", "good.yaml", "--format", "json"], 0),
        (&["generate", "good.yaml"], 0),
        (&["check", "--out", "none", "good.yaml"], 1),
    ] {
        let closed = || {
            let (reader, writer) = pipe().unwrap();
            drop(reader);
            Stdio::from(writer)
        };
        let mut command = desk.command();
        command.args(words).stdout(closed()).stderr(closed());
        assert_eq!(command.status().unwrap().code(), Some(code), "{words:?}");
    }
    assert_eq!(desk.written(), ["out"], "work is done all the same");
}

#[test]
fn a_full_disk_for_results_is_reported() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(file) = full() else { return };
    let desk = Desk::new(&[("gateway.yaml", GOOD)]);
    let said = said(desk.command().arg("schema").stdout(file));
    assert_eq!(said.code, 2);
    assert!(said.err.starts_with("error: cannot write to standard output: "));
    // A closed stderr stops nothing.
    let mut command = desk.command();
    let status = command.arg("generate").stderr(full().unwrap()).status();
    assert_eq!(status.unwrap().code(), Some(0));
    assert_eq!(desk.written(), ["out"]);
}

#[test]
fn names_cannot_send_escape_sequences() {
    let desk = Desk::new(&[("\u{1b}[31m/gateway.yaml", WRONG), ("b/gateway.yaml", GOOD)]);
    for words in [
        &["generate"][..],
        &["check"],
        &["generate", "--format", "json"],
        &["check", "b", "--out", "\u{1b}[31m"],
        &["generate", "no\u{1b}[31m"],
        &["generate", "\u{1b}[31m/gateway.yaml"],
        &["explain", "\u{1b}[31m"],
    ] {
        let said = desk.run(words);
        assert!(!said.out.contains('\u{1b}'), "{words:?}: {}", said.out);
        assert!(!said.err.contains('\u{1b}'), "{words:?}: {}", said.err);
    }
}

/// A generated file that is there for every gateway and target.
const ANY: &str = "out/GATEWAY.md";

fn append(desk: &Desk, path: &str) {
    let path = desk.path.join(path);
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(b"by hand\n").unwrap();
}

#[test]
fn edited_files_are_replaced_by_force_only() {
    let other = GOOD.replace("apim-contoso", "apim-other");
    let desk = Desk::new(&[("g/gateway.yaml", GOOD), ("g/b/gateway.yaml", &other)]);
    desk.expect(0, &["generate", "g"]);
    append(&desk, ANY);
    std::fs::remove_dir_all(desk.path.join("out/b")).unwrap();

    let said = desk.expect(1, &["generate", "g"]);
    assert_eq!(said.out, "");
    assert!(said.err.starts_with("error: 1 file in the way was edited:\n  out/GATEWAY.md\nhelp: "), "{}", said.err);
    assert!(said.err.ends_with("nothing was written\n"), "{}", said.err);
    assert_eq!(desk.written(), ["out"], "the other one is not written");

    let said = desk.expect(1, &["check", "g"]);
    assert!(said.out.contains("changed: out/GATEWAY.md\n    @@"));
    assert!(said.out.contains("    -by hand\n"), "{}", said.out);
    assert!(
        said.out.ends_with("\nto fix it (edits in generated files are lost):\n    gatewright generate --force g\n"),
        "{}",
        said.out
    );
    let said = desk.expect(1, &["generate", "g", "--format", "json"]);
    let value: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(value["gateways"][0]["changes"], Value::Null);
    assert_eq!(value["gateways"][1]["refused"]["edited"][0], "GATEWAY.md");

    desk.expect(0, &["generate", "g", "--force"]);
    assert_eq!(desk.written(), ["out", "out/b"]);
    desk.expect(0, &["check", "g"]);
}

#[test]
fn files_of_others_are_replaced_by_force_only() {
    let desk = Desk::new(&[("gateway.yaml", GOOD), (ANY, "mine")]);
    let said = desk.expect(1, &["generate", "--dry-run"]);
    assert!(said.err.contains("1 file in the way was not written by gatewright:\n  out/GATEWAY.md\n"), "{}", said.err);
    desk.expect(0, &["generate", "--force"]);
    desk.expect(0, &["check"]);
}

#[test]
fn files_of_a_deselected_target_are_removed() {
    let desk = Desk::new(&[("gateway.yaml", GOOD)]);
    desk.expect(0, &["generate"]);
    assert!(desk.has("out/terraform") && desk.has("out/bicep"));
    desk.expect(1, &["check", "--target", "bicep"]);
    let said = desk.expect(0, &["generate", "--target", "bicep"]);
    assert!(said.err.contains("note: the Terraform files of an earlier run are removed"), "{}", said.err);
    assert!(!desk.has("out/terraform") && desk.has("out/bicep"));
    desk.expect(0, &["check", "--target", "bicep"]);
    let said = desk.expect(0, &["generate", "--target", "terraform", "--dry-run"]);
    assert!(said.out.contains("create out/terraform/"), "{}", said.out);
    assert!(said.out.contains("remove out/bicep/"), "{}", said.out);
}

#[test]
fn a_folder_belongs_to_one_gateway() {
    let prod = GOOD.replace("apim-contoso", "apim-prod");
    let team = GOOD.replace("resourceGroup: rg-ai", "resourceGroup: rg-ai, prefix: team-");
    let desk = Desk::new(&[("dev.yaml", GOOD), ("prod.yaml", &prod), ("team.yaml", &team)]);
    desk.expect(0, &["generate", "dev.yaml"]);
    for (other, owner) in [("prod.yaml", "apim-prod"), ("team.yaml", "apim-contoso-team")] {
        let said = desk.expect(1, &["generate", other]);
        let says = format!("out contains the output of another gateway, `apim-contoso`; this one is `{owner}`");
        assert!(said.err.contains(&says), "{}", said.err);
        let said = desk.expect(1, &["check", other]);
        assert!(said.out.contains("the output of another gateway, `apim-contoso`"), "{}", said.out);
        desk.expect(0, &["check", "dev.yaml"]);
    }
    let said = desk.expect(1, &["generate", "prod.yaml", "--format", "json"]);
    let value: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(value["gateways"][0]["takenBy"], "apim-contoso");
    // The same gateway under another name.
    desk.expect(0, &["generate", "prod.yaml", "--force"]);
    desk.expect(0, &["check", "prod.yaml"]);
}

#[test]
fn the_targets_of_a_folder_are_remembered() {
    let desk = Desk::new(&[("gateway.yaml", GOOD)]);
    desk.expect(0, &["generate", "--target", "bicep"]);
    desk.expect(0, &["check"]);
    desk.put("gateway.yaml", &GOOD.replace("first-team", "second-team"));
    desk.expect(0, &["generate"]);
    assert!(desk.has("out/bicep") && !desk.has("out/terraform"));
    desk.expect(0, &["generate", "--target", "all"]);
    desk.expect(0, &["generate"]);
    assert!(desk.has("out/bicep") && desk.has("out/terraform"));
}

/// A file as git leaves it when it cannot merge two versions.
fn conflict(one: &str, other: &str) -> String {
    format!("<<<<<<< HEAD\n{one}=======\n{other}>>>>>>> team\n")
}

#[test]
fn a_merge_of_two_branches_is_resolved_by_generating() {
    const FILES: [&str; 3] = ["GATEWAY.md", ".gatewright.json", "bicep/policies/api-openai.xml"];
    let other = GOOD.replace("first-team", "second-team");
    let third = GOOD.replace("path: openai", "path: ai");
    let desk = Desk::new(&[("gateway.yaml", GOOD)]);
    let mut sides = Vec::new();
    for text in [&other, &third] {
        desk.put("gateway.yaml", text);
        desk.expect(0, &["generate"]);
        let read = |path| crate::tool::get(&desk.path.join("out").join(path));
        sides.push(FILES.map(read));
    }
    for (at, path) in FILES.iter().enumerate() {
        if sides[0][at] != sides[1][at] {
            desk.put(&format!("out/{path}"), &conflict(&sides[0][at], &sides[1][at]));
        }
    }
    // The YAML has markers as well.
    desk.put("gateway.yaml", &conflict(&other, &third));
    let said = desk.expect(1, &["generate"]);
    assert!(said.err.contains("a merge conflict is not resolved"), "{}", said.err);
    desk.put("gateway.yaml", &other.replace("path: openai", "path: ai"));
    desk.expect(1, &["check"]);
    desk.expect(0, &["generate"]);
    desk.expect(0, &["check"]);
    // An edit beside the markers is still an edit.
    let edited = format!("by hand\n{}", conflict(&sides[0][0], &sides[1][0]));
    desk.put("out/GATEWAY.md", &edited);
    desk.expect(1, &["generate"]);
}
