//! Are Bicep and Terraform twins? Each side is reduced to ARM's resources, with the tools that would deploy them, and compared:
//! types, versions, ids (with the names of role assignments), bodies, policy texts.

mod bicep;
mod compare;
pub(crate) mod side;
mod terraform;

use std::collections::BTreeSet;
use std::sync::OnceLock;

pub(crate) use terraform::{log as terraform_log, log_once as terraform_log_once};

use compare::{Difference, Exception, differences};
use side::Side;

use crate::case::{self, Case, cases, finds, map, none, scratch};
use crate::tool::{self, Terraform};

/// All differences that are meant. Ten at most, none without use.
const EXCEPTIONS: [Exception; 2] = [
    Exception {
        kind: "Microsoft.ApiManagement/service/namedValues",
        id: "application-insights-connection-string",
        path: "properties.value",
        reason: "Terraform sends the connection string in `sensitive_body`, out of plan and state, where no tool shows it",
    },
    Exception {
        kind: "Microsoft.ApiManagement/service/loggers",
        id: "",
        path: "properties.credentials",
        reason: "Terraform sends credentials in `sensitive_body`, since the service may not return them as they were sent",
    },
];

/// The resources that both targets would deploy.
#[derive(Debug)]
pub(crate) struct Twins {
    /// Their source.
    pub(crate) case: String,
    /// The resources that Bicep would deploy.
    pub(crate) bicep: Side,
    /// The resources that Terraform would deploy.
    pub(crate) terraform: Side,
}

impl Twins {
    /// Both sides of a case; `None` if a tool is missing.
    pub(crate) fn of(case: &Case) -> Option<Self> {
        Self::from_log(case, &terraform::log(case, &Terraform::find()?))
    }

    /// The same, where Terraform's test ran already.
    pub(crate) fn from_log(case: &Case, log: &str) -> Option<Self> {
        let (terraform, world) = terraform::side(log);
        let bicep = bicep::side(case, &world)?;
        Some(Self { case: case.name.clone(), bicep, terraform })
    }

    /// All of `out/`, made once for all tests.
    pub(crate) fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Twins>> = OnceLock::new();
        ALL.get_or_init(|| {
            let (Some(_), Some(found)) = (tool::find("bicep"), Terraform::find()) else {
                return Vec::new();
            };
            let all = map(&cases(), |case| Self::from_log(case, &terraform::log_once(case, &found)));
            all.into_iter().flatten().collect()
        })
    }

    /// The differences that no exception allows, whether or not all exceptions are needed here.
    pub(crate) fn unmeant(&self) -> Vec<String> {
        self.findings(&EXCEPTIONS, &mut BTreeSet::new())
    }

    /// Everything that was not understood, and every difference.
    fn findings(&self, exceptions: &[Exception], used: &mut BTreeSet<usize>) -> Vec<String> {
        let omitted = [&self.bicep, &self.terraform].into_iter().flat_map(|side| side.findings.clone());
        let mut found: Vec<String> = omitted.collect();
        found.extend(meant(&differences(&self.bicep, &self.terraform), exceptions, used));
        if self.bicep.resources.is_empty() {
            found.push("no resources".to_owned());
        }
        found.into_iter().map(|finding| format!("{}: {finding}", self.case)).collect()
    }
}

/// The differences that no exception allows.
fn meant(all: &[Difference], exceptions: &[Exception], used: &mut BTreeSet<usize>) -> Vec<String> {
    let mut found = Vec::new();
    for difference in all {
        match difference.allowed_by(exceptions) {
            Some(exception) => {
                used.insert(exception);
            }
            None => found.push(difference.text().to_owned()),
        }
    }
    found
}

#[test]
fn both_targets_deploy_the_same() {
    assert!(EXCEPTIONS.len() <= 10, "an exception is not the rule");
    let mut used = BTreeSet::new();
    let all = Twins::all();
    let mut found: Vec<_> = all.iter().flat_map(|twins| twins.findings(&EXCEPTIONS, &mut used)).collect();
    // Without tools nothing was compared.
    if !all.is_empty() {
        for (at, unused) in EXCEPTIONS.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            found.push(format!("exception {at} has no use any more: {unused:?}, {}", unused.reason));
        }
    }
    none(&found);
}

#[test]
fn a_small_gateway_has_no_difference_until_it_is_spoilt() {
    let (_keep, case) = case::small();
    let Some(twins) = Twins::of(&case) else {
        return;
    };
    none(&twins.findings(&[], &mut BTreeSet::new()));

    let (_keep, folder) = scratch();
    let spoilt = case.copy(&folder);
    spoilt.edit("bicep/modules/apis.bicep", "      allowTracing: false\n", "");
    spoilt.edit("bicep/modules/types.bicep", "5e0bd9bd-", "5e0bd9be-");
    spoilt.edit("terraform/backends.tf", "\"aigw-west-gpt-4o\"", "\"aigw-west-gpt-5\"");
    spoilt.edit("terraform/policies/api-west.xml", "<policies", "<policies ");
    spoilt.edit("terraform/apis.tf", "apis@2024-05-01", "apis@2023-05-01-preview");
    let found = Twins::of(&spoilt).unwrap().findings(&[], &mut BTreeSet::new());
    for words in [
        "properties.allowTracing: only Terraform has it: false",
        "only Bicep makes /subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-east/providers/Microsoft.CognitiveServices/accounts/aoai-east/providers/Microsoft.Authorization/roleAssignments/",
        "only Terraform makes /subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-east/providers/Microsoft.CognitiveServices/accounts/aoai-east/providers/Microsoft.Authorization/roleAssignments/",
        "only Bicep makes /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-ai/providers/Microsoft.ApiManagement/service/apim-contoso/backends/aigw-west-gpt-4o",
        "apis/aigw-west/policies/policy: properties.value: ",
        "apis/aigw-east: apiVersion: 2024-05-01 in Bicep, 2023-05-01-preview in Terraform",
    ] {
        finds(&found, words);
    }
}

/// Two backends that are two accounts in one environment are one account in another, which the two even spell differently.
#[test]
fn an_account_of_two_backends_gets_its_role_once() {
    let (_keep, case) = case::written(
        "version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai }
backends:
  one: { kind: azureOpenAI, account: aoai-one, deployments: { gpt-4o: {} } }
  two: { kind: azureOpenAI, account: aoai-two, deployments: { gpt-4o: {} } }
apis:
  one: { path: one, target: one/gpt-4o, subscriptions: [first-team] }
  two: { path: two, target: two/gpt-4o, subscriptions: [first-team] }
",
    );
    let roles = |side: &Side| side.resources.keys().filter(|id| id.contains("/roleAssignments/")).count();
    let Some(twins) = Twins::of(&case) else {
        return;
    };
    assert_eq!((roles(&twins.bicep), roles(&twins.terraform)), (2, 2));
    case.edit("bicep/main.bicepparam", "'aoai-two'", "'AOAI-One'");
    let test = "terraform/tests/gateway.tftest.hcl";
    case.edit(test, "https://aoai-two.", "https://aoai-one.");
    case.edit(test, "name = \"aoai-two\"", "name = \"AOAI-One\"");
    let twins = Twins::of(&case).unwrap();
    none(&twins.findings(&[], &mut BTreeSet::new()));
    assert_eq!((roles(&twins.bicep), roles(&twins.terraform)), (1, 1));
}

#[test]
fn an_exception_allows_one_property_of_one_type() {
    let side = |value: &str| {
        let mut side = Side::default();
        let resource = side::Resource {
            kind: "T".to_owned(),
            version: None,
            body: serde_json::json!({ "a": { "b": value }, "ab": value }),
            turns: BTreeSet::new(),
        };
        side.add("/x".to_owned(), resource);
        side
    };
    let all = differences(&side("1"), &side("2"));
    for (kind, id, path, left) in
        [("T", "x", "a", 1), ("T", "", "a.b", 1), ("T", "y", "a", 2), ("U", "x", "a", 2), ("T", "x", "", 2)]
    {
        let mut used = BTreeSet::new();
        let exception = Exception { kind, id, path, reason: "none" };
        assert_eq!(meant(&all, &[exception], &mut used).len(), left, "{kind} {id} {path}");
        assert_eq!(used.is_empty(), left == 2);
    }
}
