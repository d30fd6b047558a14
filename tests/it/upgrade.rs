//! The output of an older version is recognised and brought up to date, and resources deployed with it keep
//! its address in Terraform's state and its name in Azure.
//!
//! `fixtures/older/minimal/out` was written by an older version, which called some files differently. `fixtures/older/addresses`
//! holds a gateway that is never changed, and the address of everything that Terraform manages for it.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use crate::case::{emitted, files_below};
use crate::cli::Desk;
use crate::tool;

fn older() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/older")
}

/// A folder with a gateway and the output of an older version.
fn desk() -> Desk {
    let from = older().join("minimal");
    let files: Vec<(String, String)> =
        files_below(&from).into_iter().map(|path| (path.to_string(), tool::get(&from.join(&path)))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Desk::new(&files)
}

/// The files below the output folder, but for the manifest.
fn out(desk: &Desk) -> BTreeMap<String, String> {
    let folder = desk.path.join("out");
    let files = files_below(&folder).into_iter();
    files
        .filter(|path| path != ".gatewright.json")
        .map(|path| (path.to_string(), tool::get(&folder.join(&path))))
        .collect()
}

const GONE: [&str; 2] = ["bicep/specs/openai.json", "terraform/specs/openai.json"];

#[test]
fn what_an_older_version_wrote_is_brought_up_to_date() {
    let desk = desk();
    desk.put("out/terraform/backend.tf", "# of the team\n");
    let before = out(&desk);
    let said = desk.expect(1, &["check"]);
    for path in GONE {
        assert!(said.out.contains(&format!("orphaned: out/{path}\n")), "{}", said.out);
    }
    assert!(said.out.ends_with("to fix it:\n    gatewright generate\n"), "{}", said.out);
    assert_eq!(out(&desk), before, "check writes nothing");

    desk.expect(0, &["generate"]);
    let mut expected: BTreeMap<String, String> = emitted(&older().join("minimal/gateway.yaml"), "gateway.yaml")
        .iter()
        .map(|(path, text)| (path.to_string(), text.to_owned()))
        .collect();
    expected.insert("terraform/backend.tf".to_owned(), "# of the team\n".to_owned());
    assert_eq!(out(&desk), expected);
    for path in GONE {
        assert!(before.contains_key(path) && !expected.contains_key(path));
    }
    desk.expect(0, &["check"]);
}

#[test]
fn edits_in_the_output_of_an_older_version_are_kept() {
    let desk = desk();
    desk.put("out/bicep/specs/openai.json", "{}");
    desk.expect(0, &["generate"]);
    assert_eq!(out(&desk)[GONE[0]], "{}", "it is no longer generated, so it is the user's");

    let desk = self::desk();
    desk.put("out/GATEWAY.md", "edited");
    let before = out(&desk);
    let said = desk.expect(1, &["generate"]);
    assert!(said.err.contains("GATEWAY.md"), "{}", said.err);
    assert_eq!(out(&desk), before);
}

#[test]
fn the_output_of_a_newer_version_is_not_changed() {
    let desk = desk();
    desk.put("out/.gatewright.json", "{\"version\": 2, \"objects\": []}");
    let before = out(&desk);
    for command in ["generate", "check"] {
        let said = desk.expect(2, &[command]);
        assert!(
            said.err.contains("it was written by a newer version of gatewright (manifest version 2); use that version"),
            "{}",
            said.err
        );
    }
    desk.expect(2, &["generate", "--force"]);
    assert_eq!(out(&desk), before);
}

/// The identity of a resource: for another value Terraform creates another object, and for another key another instance.
const IDENTITY: [&str; 6] = ["for_each", "type", "name", "parent_id", "api_name", "scope"];

/// Terraform's addresses in some files, each with what makes it the same object.
fn addresses(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut addresses = BTreeMap::new();
    for block in blocks(files, "resource \"") {
        let (head, body) = block.split_once(" {\n").unwrap();
        let words: Vec<&str> = head.split('"').collect();
        let address = format!("{}.{}", words[1], words[3]);
        let identity = IDENTITY.iter().filter_map(|name| {
            let value = attribute(body, name)?;
            // A newer version of the interface is the same object.
            let value = value.split('@').next().unwrap().trim_end_matches('"');
            Some(format!("{name}={}", value.trim_start_matches('"')))
        });
        addresses.insert(address, identity.collect::<Vec<_>>().join(" "));
    }
    addresses
}

/// The blocks of some files that start so, each up to the brace that closes it.
fn blocks(files: &BTreeMap<String, String>, start: &str) -> Vec<String> {
    let start = format!("\n{start}");
    let texts = files.iter().filter(|(path, _)| path.ends_with(".tf"));
    let mut blocks = Vec::new();
    for (_, text) in texts {
        let text = format!("\n{text}");
        for (at, _) in text.match_indices(&start) {
            let block = text[at + 1..].split("\n}").next().unwrap();
            blocks.push(block.to_owned());
        }
    }
    blocks
}

/// An attribute at the outermost level of a block, on one line.
fn attribute(body: &str, name: &str) -> Option<String> {
    let mut lines = body.lines();
    let first = lines.by_ref().find_map(|line| {
        let (key, value) = line.strip_prefix("  ")?.split_once('=')?;
        (key.trim_end() == name).then(|| value.trim().to_owned())
    })?;
    if !first.ends_with('[') && !first.ends_with('{') {
        return Some(first);
    }
    let mut value = first;
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        value.push_str(&format!(" {}", words.join(" ")));
        if line.starts_with("  ]") || line.starts_with("  }") {
            break;
        }
    }
    Some(value)
}

/// From which address to which objects are moved.
fn moves(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let moved = blocks(files, "moved {").into_iter();
    moved
        .filter_map(|block| {
            let body = block.split_once('\n')?.1;
            Some((attribute(body, "from")?, attribute(body, "to")?))
        })
        .collect()
}

/// The problems of addresses, compared with a list of known ones.
fn omitted(known: &BTreeMap<String, String>, files: &BTreeMap<String, String>) -> Vec<String> {
    let current = addresses(files);
    let moves = moves(files);
    let mut findings = Vec::new();
    for (address, identity) in known {
        let now = moves.get(address).unwrap_or(address);
        match current.get(now) {
            None => findings.push(format!(
                "{address} is gone: Terraform would destroy what is deployed. A released address needs a `moved` block to its new one"
            )),
            Some(other) if other != identity => findings.push(format!(
                "{now} is another object now, which replaces the deployed one:\n  {identity}\n  {other}"
            )),
            Some(_) => {}
        }
    }
    let targets: BTreeSet<&String> = moves.values().collect();
    for (address, identity) in &current {
        if !known.contains_key(address) && !targets.contains(address) {
            findings.push(format!("{address} is not in the list; add the line: {address} {identity}"));
        }
    }
    findings
}

fn list(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(address, identity)| (address.to_owned(), identity.to_owned()))
        .collect()
}

#[test]
fn deployed_objects_keep_their_addresses() {
    let folder = older().join("addresses");
    let tree = emitted(&folder.join("gateway.yaml"), "gateway.yaml");
    let files = tree.iter();
    let files = files.map(|(path, text)| (path.to_string(), text.to_owned())).collect();
    let known = list(&tool::get(&folder.join("addresses.txt")));
    let findings = omitted(&known, &files);
    assert!(findings.is_empty(), "fixtures/older/addresses/addresses.txt tells what to do:\n{}", findings.join("\n"));
}

#[test]
fn a_lost_address_is_noticed() {
    let known = list("# words\nazapi_resource.api_a type=T/apis name=a\n");
    let files = |text: &str| BTreeMap::from([("terraform/apis.tf".to_owned(), text.to_owned())]);
    let api = |label: &str, name: &str| {
        format!(
            "resource \"azapi_resource\" \"{label}\" {{\n  type = \"T/apis@2024-05-01\"\n  name = \"{name}\"\n  body = {{\n    name = \"z\"\n  }}\n}}\n"
        )
    };
    let moved = "\nmoved {\n  from = azapi_resource.api_a\n  to   = azapi_resource.one\n}\n";
    assert_eq!(omitted(&known, &files(&api("api_a", "a"))), [""; 0]);
    assert_eq!(omitted(&known, &files(&format!("{}{moved}", api("one", "a")))), [""; 0]);
    for (text, says) in [
        (api("one", "a"), "azapi_resource.api_a is gone"),
        (api("api_a", "b"), "azapi_resource.api_a is another object now"),
        (format!("{}{moved}", api("one", "b")), "azapi_resource.one is another object now"),
        (format!("{}{}", api("api_a", "a"), api("two", "c")), "azapi_resource.two is not in the list"),
    ] {
        let findings = omitted(&known, &files(&text)).join("\n");
        assert!(findings.contains(says), "{says}: {findings}");
    }
}

/// Changes of a gateway: which addresses and parameters go, and which come. All others stay what they are.
const CHANGES: [(&str, &[&str], &[&str]); 7] = [
    (
        "application-added-in-front",
        &[],
        &[
            "azapi_resource.named_value_entra_application_",
            "azapi_resource.named_value_entra_application_assistant",
            "azapi_resource.named_value_entra_audience_",
            "entra.application_",
            "entra.application_assistant",
            "entra.audience_",
        ],
    ),
    (
        "audience-shared",
        &[],
        &[
            "audiences.shop_a",
            "azapi_resource.api_new_shop",
            "azapi_resource.api_new_shop_subscription",
            "azapi_resource.backend_shop_a",
            "azapi_resource.named_value_audience_shop_a",
            "azurerm_api_management_api_policy.new_shop",
            "hosts.shop_a",
        ],
    ),
    (
        "backend-added-on-same-account",
        &[],
        &[
            "accounts.embeddings",
            "azapi_resource.api_embeddings",
            "azapi_resource.api_embeddings_subscription",
            "azapi_resource.backend_embeddings_embed",
            "azurerm_api_management_api_policy.embeddings",
        ],
    ),
    (
        "backend-removed-on-same-account",
        &[
            "accounts.claude",
            "azapi_resource.api_claude",
            "azapi_resource.api_claude_subscription",
            "azapi_resource.backend_claude_claude_haiku_4_5_anthropic",
            "azurerm_api_management_api_policy.claude",
        ],
        &[],
    ),
    (
        "backend-to-pool",
        &["hosts.openai"],
        &["azapi_resource.backend_east", "azapi_resource.backend_west", "hosts.east", "hosts.west"],
    ),
    (
        "pool-to-backend",
        &["azapi_resource.backend_east", "azapi_resource.backend_west", "hosts.east", "hosts.west"],
        &["hosts.openai"],
    ),
    (
        "secret-shared",
        &[],
        &[
            "azapi_resource.api_batch",
            "azapi_resource.api_batch_subscription",
            "azapi_resource.backend_batch",
            "azurerm_api_management_api_policy.batch",
            "hosts.batch",
        ],
    ),
];

/// Terraform's addresses with their names in Azure, and the parameters of a gateway with their values. A hash in a name is left out.
fn names(gateway: &Utf8Path) -> BTreeMap<String, String> {
    let tree = emitted(gateway, "gateway.yaml");
    let files = tree.iter().map(|(path, text)| (path.to_string(), text.to_owned())).collect();
    let mut names = BTreeMap::new();
    for (address, identity) in addresses(&files) {
        let name = identity.split(" parent_id=").next().unwrap();
        let name = name.rsplit_once("name=").map_or("", |(_, name)| name);
        names.insert(address, name.to_owned());
    }
    let mut group = "";
    let mut key = "";
    for line in tree.get(Utf8Path::new("terraform/terraform.tfvars")).unwrap().lines() {
        if let Some(name) = line.strip_suffix(" = {").filter(|name| !name.starts_with(' ')) {
            group = name;
        } else if let Some((name, value)) = line.split_once('=') {
            let depth = name.len() - name.trim_start().len();
            if depth == 2 {
                key = name.trim();
            }
            let values: &mut String = names.entry(format!("{group}.{key}")).or_default();
            values.push_str(value.trim());
        }
    }
    names
}

#[test]
fn what_is_added_or_removed_renames_nothing_else() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pairs");
    let mut found = Vec::new();
    for (pair, gone, new) in CHANGES {
        let side = |file: &str| names(&folder.join(pair).join(file));
        let (before, after) = (side("before.yaml"), side("after.yaml"));
        let without_hash = |name: &String| {
            let (start, end) = name.rsplit_once('_').unwrap_or((name, ""));
            let is_hash = end.len() == 8 && end.chars().all(|c| c.is_ascii_hexdigit());
            if is_hash { format!("{start}_") } else { name.clone() }
        };
        let only = |some: &BTreeMap<String, String>, others: &BTreeMap<String, String>| {
            let only = some.keys().filter(|name| !others.contains_key(*name));
            only.map(without_hash).collect::<Vec<_>>()
        };
        assert_eq!(only(&before, &after), gone, "{pair}: gone");
        assert_eq!(only(&after, &before), new, "{pair}: new");
        let differs = |(name, value): &(&String, &String)| after.get(*name).is_some_and(|other| other != *value);
        let changed = before.iter().filter(differs);
        found.extend(changed.map(|(name, value)| format!("{pair}: {name} was {value} and is {}", after[name])));
    }
    assert_eq!(found, [""; 0]);
}
