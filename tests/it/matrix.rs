//! Is every kind of backend tried with every surface and every credential? Each legal combination is in a valid fixture, deployed by both
//! targets; each other one is a finding with a file of its own.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use gatewright::plan::Plan;
use gatewright::resolve::Credential;

use crate::case::{checked, planned};
use crate::diagnostics::{cases, root};

const KINDS: [&str; 4] = ["azureOpenAI", "foundry", "contentSafety", "http"];
const SURFACES: [&str; 5] = ["azureOpenAI", "openAI", "foundryModels", "anthropic", "rest"];
const CREDENTIALS: [&str; 4] = ["none", "passThrough", "managedIdentity", "secret"];

/// A kind, a surface, a credential.
type Way = (&'static str, &'static str, &'static str);

fn one_of<const N: usize>(words: [&'static str; N], word: &str) -> &'static str {
    let found = words.into_iter().find(|known| *known == word);
    found.unwrap_or_else(|| panic!("{word} is new here"))
}

/// The ways in which requests of a gateway reach backends.
fn ways(plan: &Plan) -> BTreeSet<Way> {
    let mut ways = BTreeSet::new();
    for api in &plan.apis {
        for served in &api.serves {
            let kinds: BTreeSet<&str> = served.accounts().map(|account| plan[account].kind.word()).collect();
            let kinds = if kinds.is_empty() { BTreeSet::from(["http"]) } else { kinds };
            let credential = match &served.credential {
                Credential::None => "none",
                Credential::PassThrough => "passThrough",
                Credential::Identity(_) => "managedIdentity",
                Credential::Header(_) => "secret",
            };
            let surface = one_of(SURFACES, api.surface.word());
            ways.extend(kinds.into_iter().map(|kind| (one_of(KINDS, kind), surface, credential)));
        }
    }
    ways
}

/// The surfaces of each kind (reference apim-policies §2.2), as its users would write them down.
fn surfaces(kind: &str) -> &'static [&'static str] {
    match kind {
        "azureOpenAI" => &["azureOpenAI", "openAI"],
        "foundry" => &["azureOpenAI", "openAI", "foundryModels", "anthropic"],
        "contentSafety" => &["rest"],
        _ => &["openAI", "foundryModels", "anthropic", "rest"],
    }
}

/// `azureOpenAI` as names of files have it: `azure-openai`.
fn word(name: &str) -> String {
    let parts = [
        ("OpenAI", "-openai"),
        ("Models", "-models"),
        ("Safety", "-safety"),
        ("Through", "-through"),
        ("Identity", "-identity"),
    ];
    let spaced = parts.iter().fold(name.to_owned(), |name, (part, word)| name.replace(part, word));
    spaced.to_lowercase()
}

fn invalid(name: &str) -> Utf8PathBuf {
    root().join("fixtures/invalid").join(format!("{name}.yaml"))
}

#[test]
fn every_legal_combination_is_in_a_valid_fixture() {
    let mut seen = BTreeSet::new();
    for (_, path) in cases("valid") {
        seen.extend(ways(&planned(&path)));
    }
    let legal: BTreeSet<Way> = KINDS
        .into_iter()
        .flat_map(|kind| {
            surfaces(kind).iter().flat_map(move |surface| {
                let credentials: &[&'static str] = if kind == "http" { &CREDENTIALS } else { &["managedIdentity"] };
                credentials.iter().map(move |credential| (kind, *surface, *credential))
            })
        })
        .collect();
    assert!(legal.len() >= 15, "{legal:?}");
    // An account that two kinds of backends share is seen as one of them here, so there may be more.
    let missing: Vec<&Way> = legal.difference(&seen).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_other_combination_is_refused() {
    let mut refused = 0;
    let mut check = |name: String, code: &str| {
        let checked = checked(&invalid(&name));
        let found: Vec<&str> = checked.report.iter().map(|one| one.code.id()).collect();
        assert_eq!(found, [code], "{name}");
        refused += 1;
    };
    for kind in KINDS {
        for surface in SURFACES {
            if !surfaces(kind).contains(&surface) {
                check(format!("a001-{}-as-{}", word(kind), word(surface)), "A001");
            }
        }
        for credential in CREDENTIALS {
            if kind != "http" && credential != "none" {
                check(format!("b002-{}-with-{}", word(kind), word(credential)), "B002");
            }
        }
    }
    assert!(refused >= 15, "{refused}");
}
