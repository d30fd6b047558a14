//! Tools that take longer to start than to answer, started once: Bicep's CLI as a server, and the providers, which Terraform would
//! start again for each of its steps.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use camino::Utf8Path;
use serde_json::{Map, Value as Json, json};

use crate::case::scratch;
use crate::tool;

/// A Bicep CLI that answers over JSON-RPC. It ends with its input.
#[derive(Debug)]
pub(crate) struct Bicep {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Bicep {
    fn start() -> Option<Self> {
        let mut bicep = tool::find("bicep")?;
        bicep.args(["jsonrpc", "--stdio"]);
        let (input, output) = started(&mut bicep);
        Some(Self { input, output })
    }

    /// The response to a call.
    pub(crate) fn ask(&mut self, method: &str, argument: &Json) -> Json {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": [argument] });
        let call = call.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{call}", call.len()).unwrap();
        self.input.flush().unwrap();
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            match line.trim().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut answer = vec![0; length];
        self.output.read_exact(&mut answer).unwrap();
        let mut answer: Json = serde_json::from_slice(&answer).unwrap();
        assert!(answer["error"].is_null(), "{call}: {answer}");
        answer["result"].take()
    }
}

/// Does something with the Bicep CLI while no other test does; `None` without the tool.
pub(crate) fn with_bicep<T>(work: impl FnOnce(&mut Bicep) -> T) -> Option<T> {
    // One is enough: most of its time goes into its first answers.
    static RUNNING: Mutex<Option<Bicep>> = Mutex::new(None);
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    // After a panic no server is left.
    let mut bicep = match running.take() {
        Some(bicep) => bicep,
        None => Bicep::start()?,
    };
    let result = work(&mut bicep);
    *running = Some(bicep);
    Some(result)
}

/// Everything that ARM's engine makes of a parameter file in a resource group; `None` without the tool.
pub(crate) fn snapshot(parameters: &Utf8Path, subscription: &str, group: &str) -> Option<Vec<Json>> {
    let metadata = json!({
        "tenantId": "55555555-5555-5555-5555-555555555555",
        "subscriptionId": subscription,
        "resourceGroup": group,
        "location": "westeurope",
        "deploymentName": "gateway",
    });
    let argument = json!({ "path": parameters, "metadata": metadata });
    let taken = with_bicep(|bicep| bicep.ask("bicep/getSnapshot", &argument))?;
    let mut taken: Json = serde_json::from_str(taken["snapshot"].as_str().unwrap()).unwrap();
    match taken["predictedResources"].take() {
        Json::Array(resources) => Some(resources),
        other => panic!("a snapshot without resources: {other}"),
    }
}

/// All that generated code needs.
const PROVIDERS: &str = r#"
terraform {
  required_providers {
    azapi   = { source = "Azure/azapi" }
    azurerm = { source = "hashicorp/azurerm" }
  }
}
"#;

/// The value of TF_REATTACH_PROVIDERS: providers that run until the tests end. `config` says where Terraform gets them.
pub(crate) fn providers(config: &str) -> &'static str {
    static RUNNING: OnceLock<(String, Vec<ChildStdin>)> = OnceLock::new();
    let (value, _) = RUNNING.get_or_init(|| {
        let (_keep, folder) = scratch();
        tool::put(&folder.join("main.tf"), PROVIDERS);
        let mut terraform = tool::find("terraform").expect("it was there before");
        terraform.args(["init", "-backend=false", "-no-color"]);
        tool::run(terraform.current_dir(&folder).env("TF_CLI_CONFIG_FILE", config));
        let installed = folder.join(".terraform/providers");
        let mut value = Map::new();
        let mut inputs = Vec::new();
        for entry in walkdir::WalkDir::new(&installed).follow_links(true) {
            let entry = entry.unwrap();
            let path = Utf8Path::from_path(entry.path()).unwrap();
            let is_program = path.file_name().unwrap().starts_with("terraform-provider-");
            if !is_program || !entry.file_type().is_file() {
                continue;
            }
            let address: Vec<_> = path.strip_prefix(&installed).unwrap().iter().take(3).collect();
            let (input, said) = provider(path);
            value.insert(address.join("/"), said);
            inputs.push(input);
        }
        (Json::from(value).to_string(), inputs)
    });
    value
}

/// Starts a provider, which ends with its input, and gives what Terraform has to know to find it.
fn provider(path: &Utf8Path) -> (ChildStdin, Json) {
    // The cookie that a provider requires, so that it is not started by accident (hashicorp/terraform, internal/plugin/serve.go).
    const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    let script = r#""$1" & read -r _; kill $!"#;
    let mut shell = Command::new("bash");
    shell.args(["-c", script, "provider", path.as_str()]);
    shell.env("TF_PLUGIN_MAGIC_COOKIE", COOKIE);
    let (input, mut output) = started(&mut shell);
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let parts: Vec<_> = line.trim().split('|').collect();
    let [_, version, network, address, protocol, ..] = parts.as_slice() else {
        panic!("{path} says {line:?}");
    };
    let version: u64 = version.parse().unwrap();
    let said = json!({
        "Protocol": protocol, "ProtocolVersion": version, "Pid": std::process::id(), "Test": true,
        "Addr": { "Network": network, "String": address },
    });
    (input, said)
}

fn started(command: &mut Command) -> (ChildStdin, BufReader<ChildStdout>) {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let Child { stdin, stdout, .. } = command.spawn().expect("the tool starts");
    (stdin.unwrap(), BufReader::new(stdout.unwrap()))
}
