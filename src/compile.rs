//! From a gateway file to what the commands work with: the arrows of the pipeline in their order.

use camino::Utf8Path;

use crate::catalogue::sku::Sku;
use crate::diag::{self, Levels, Report};
use crate::emit::policy::Policies;
use crate::model::load::{self, Loaded};
use crate::plan::{self, Plan, policy};
use crate::resolve;
use crate::source::{FileId, Source, Sources};
use crate::{definition, include, limits, lint};

/// The result of reading and checking one gateway file.
#[derive(Debug)]
pub struct Checked {
    /// The file and the documents that it refers to.
    pub sources: Sources,
    /// All findings, in the order of the text.
    pub report: Report,
    /// The plan; `None` exactly if the report contains an error.
    pub plan: Option<Plan>,
    /// The text of the plan's policies; there exactly when the plan is.
    pub policies: Option<Policies>,
}

/// Reads and checks a gateway file, with the levels of the table of codes.
///
/// # Errors
///
/// If the file does not exist, or cannot be read.
pub fn check(path: &Utf8Path) -> anyhow::Result<Checked> {
    check_with(path, &Levels::default())
}

/// The same with levels of one's own.
///
/// # Errors
///
/// If the file does not exist, or cannot be read.
pub fn check_with(path: &Utf8Path, levels: &Levels) -> anyhow::Result<Checked> {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let plan = match Source::read(path) {
        Ok(source) => {
            let file = sources.add(source);
            planned(file, levels, &mut sources, &mut report)
        }
        Err(error) => {
            // The error contains the path.
            report.push(diag::unread(error, &mut sources)?);
            None
        }
    };
    report.level(levels);
    report.tidy(&sources);
    let (plan, policies) = plan.unzip();
    Ok(Checked { sources, report, plan, policies })
}

fn planned(file: FileId, levels: &Levels, sources: &mut Sources, report: &mut Report) -> Option<(Plan, Policies)> {
    let loaded = load::gateway(file, sources, report)?;
    let resolution = resolve::resolve(input(file, &loaded, sources, report), report);
    lint::check(&resolution, report);
    report.level(levels);
    let resolved = resolution.whole().filter(|_| !report.has_errors())?;
    let documents = policy::documents(&resolved, report)?;
    let mut plan = plan::build(documents);
    let policies = Policies::render(&plan);
    limits::fit(&mut plan, &policies);
    limits::check(&plan, &policies, resolved.service.sku.map(Sku::tier), file, report);
    report.level(levels);
    (!report.has_errors()).then_some((plan, policies))
}

/// The input of `resolve`: the model, and the files that it names.
fn input<'a>(file: FileId, loaded: &'a Loaded, sources: &mut Sources, report: &mut Report) -> resolve::Input<'a> {
    let gateway = &loaded.gateway;
    let path = sources.get(file).path();
    resolve::Input {
        file,
        source_name: path.file_name().unwrap_or(path.as_str()).to_owned(),
        definitions: definition::read_all(file, gateway, sources, report),
        includes: include::read_all(file, gateway, sources, report),
        gateway,
        omitted: &loaded.omitted,
    }
}
