//! Compiles the gateways of a run to files in memory, and prints all findings.

use serde_json::{Map, Value, json};

use super::arguments::{Format, Selection, TargetChoice};
use super::layout::Gateway;
use super::words::count;
use super::{Console, Verdict, find, layout, together};
use crate::compile::{self, Checked};
use crate::diag::{Severity, render};
use crate::emit::{self, Target};
use crate::output::{self, FileTree};

/// All gateways of a run.
pub(super) struct Run {
    pub(super) gateways: Vec<Compiled>,
    denies_warnings: bool,
}

/// One gateway, as far as it could be compiled.
pub(super) struct Compiled {
    pub(super) gateway: Gateway,
    checked: anyhow::Result<Checked>,
    /// Its files; `None` if there are errors in the YAML.
    pub(super) tree: Option<FileTree>,
}

impl Run {
    /// Finds, reads and compiles the gateways; prints their findings, and the files that could not be read.
    pub(super) fn start(selection: &Selection, console: &mut Console<'_>) -> anyhow::Result<Self> {
        let found = find::gateways(&selection.paths, &selection.out)?;
        let placed = layout::place(found, &selection.out)?;
        let mut gateways: Vec<_> = placed.into_iter().map(|gateway| Compiled::new(gateway, selection)).collect();
        compare(&mut gateways);
        let levels = selection.levels();
        for checked in gateways.iter_mut().filter_map(|compiled| compiled.checked.as_mut().ok()) {
            checked.report.level(&levels);
        }
        for compiled in &gateways {
            compiled.tell(selection.format, console);
        }
        Ok(Self { gateways, denies_warnings: selection.deny_warnings })
    }

    /// True if every gateway may be written.
    pub(super) fn verdict(&self) -> Verdict {
        let each = self.gateways.iter().map(|compiled| match &compiled.checked {
            Err(_) => Verdict::Failed,
            Ok(_) if compiled.tree.is_none() => Verdict::No,
            Ok(_) if self.denies_warnings && compiled.count(Severity::Warning) > 0 => Verdict::No,
            Ok(_) => Verdict::Yes,
        });
        each.max().unwrap_or(Verdict::Yes)
    }

    /// True if only warnings prevent writing.
    fn is_denied(&self) -> bool {
        self.verdict() == Verdict::No && self.count(Severity::Error) == 0
    }

    /// The number of findings of a severity in all gateways.
    fn count(&self, severity: Severity) -> usize {
        self.gateways.iter().map(|compiled| compiled.count(severity)).sum()
    }

    /// `2 errors, 1 warning`, if there is any finding.
    fn tally(&self) -> Option<String> {
        let parts: Vec<_> = [(Severity::Error, "error"), (Severity::Warning, "warning")]
            .into_iter()
            .map(|(severity, noun)| (self.count(severity), noun))
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, noun))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Prints the number of findings.
    pub(super) fn tell(&self, console: &mut Console<'_>) {
        if let Some(tally) = self.tally() {
            console.line(tally);
        }
        if self.is_denied() {
            console.refuse("warnings are denied by --deny-warnings");
        }
    }

    /// The JSON output that all commands share.
    pub(super) fn json(&self, verdict: Verdict) -> Map<String, Value> {
        Map::from_iter([
            ("ok".to_owned(), (verdict == Verdict::Yes).into()),
            ("errors".to_owned(), self.count(Severity::Error).into()),
            ("warnings".to_owned(), self.count(Severity::Warning).into()),
        ])
    }
}

/// Adds the findings about gateways that would harm each other.
fn compare(gateways: &mut [Compiled]) {
    let (mut positions, mut all) = (Vec::new(), Vec::new());
    for (at, compiled) in gateways.iter().enumerate() {
        let Ok(checked) = &compiled.checked else { continue };
        if let Some(plan) = &checked.plan {
            positions.push(at);
            all.push(together::One { path: &compiled.gateway.path, file: plan.file, plan });
        }
    }
    for (at, finding) in together::findings(&all) {
        if let Ok(checked) = &mut gateways[positions[at]].checked {
            checked.report.push(finding);
            checked.report.tidy(&checked.sources);
        }
    }
}

/// The targets of a gateway: those of the command line, else those that its folder holds, else both.
fn targets(gateway: &Gateway, selection: &Selection) -> &'static [Target] {
    let choice = selection.target.unwrap_or_else(|| {
        let folders = output::top_folders(&gateway.out);
        match (folders.contains("bicep"), folders.contains("terraform")) {
            (true, false) => TargetChoice::Bicep,
            (false, true) => TargetChoice::Terraform,
            _ => TargetChoice::All,
        }
    });
    choice.targets()
}

impl Compiled {
    fn new(gateway: Gateway, selection: &Selection) -> Self {
        let checked = compile::check(&gateway.path);
        let made = checked.as_ref().ok().and_then(|checked| checked.plan.as_ref().zip(checked.policies.as_ref()));
        let tree = made.map(|(plan, policies)| emit::emit(plan, policies, targets(&gateway, selection)));
        Self { gateway, checked, tree }
    }

    /// The JSON output for it that all commands share.
    pub(super) fn json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("path".into(), self.gateway.path.as_str().into());
        object.insert("out".into(), self.gateway.out.as_str().into());
        match &self.checked {
            Ok(checked) => {
                let findings = render::findings(&checked.report, &checked.sources);
                object.insert("findings".into(), findings);
            }
            Err(error) => {
                object.insert("findings".into(), json!([]));
                object.insert("failure".into(), format!("{error:#}").into());
            }
        }
        object
    }

    fn count(&self, severity: Severity) -> usize {
        let checked = self.checked.as_ref();
        checked.map_or(0, |checked| checked.report.count(severity))
    }

    fn tell(&self, format: Format, console: &mut Console<'_>) {
        match &self.checked {
            Ok(checked) if format == Format::Text => {
                console.say(render::text(&checked.report, &checked.sources, true));
            }
            Ok(_) => {}
            Err(error) => console.error(error),
        }
    }
}
