//! From a gateway file to what the commands work with: the arrows of the pipeline in their order.

use camino::Utf8Path;

use crate::catalogue::sku::Sku;
use crate::diag::{self, Report};
use crate::emit::policy::Policies;
use crate::model::load;
use crate::plan::{self, Plan, policy};
use crate::resolve::{self, Resolved};
use crate::source::{FileId, Source, Sources};
use crate::{definition, include, limits};

/// What reading and checking one gateway file gave.
#[derive(Debug)]
pub struct Checked {
    /// The file and the documents that it names.
    pub sources: Sources,
    /// All findings, in the order of the text.
    pub report: Report,
    /// What will exist; `None` exactly when the report holds an error.
    pub plan: Option<Plan>,
    /// The text of the plan's policies; there exactly when the plan is.
    pub policies: Option<Policies>,
}

/// Reads and checks a gateway file.
///
/// # Errors
///
/// If there is no such file, or the system does not let us read it.
pub fn check(path: &Utf8Path) -> anyhow::Result<Checked> {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let plan = match Source::read(path) {
        Ok(source) => {
            let file = sources.add(source);
            planned(file, &mut sources, &mut report)
        }
        Err(error) => {
            // The error names the file by itself.
            report.push(diag::unread(error, &mut sources)?);
            None
        }
    };
    report.tidy(&sources);
    let (plan, policies) = plan.unzip();
    Ok(Checked { sources, report, plan, policies })
}

fn planned(file: FileId, sources: &mut Sources, report: &mut Report) -> Option<(Plan, Policies)> {
    let resolved = resolved(file, sources, report)?;
    let documents = policy::documents(&resolved, report)?;
    let plan = plan::build(documents);
    let policies = Policies::render(&plan);
    limits::check(&plan, &policies, resolved.service.sku.map(Sku::tier), file, report);
    (!report.has_errors()).then_some((plan, policies))
}

fn resolved(file: FileId, sources: &mut Sources, report: &mut Report) -> Option<Resolved> {
    let loaded = load::gateway(file, sources, report)?;
    let definitions = definition::read_all(file, &loaded.gateway, sources, report);
    let path = sources.get(file).path();
    let input = resolve::Input {
        file,
        source_name: path.file_name().unwrap_or(path.as_str()).to_owned(),
        definitions,
        includes: include::read_all(file, &loaded.gateway, sources, report),
        gateway: &loaded.gateway,
        lost: &loaded.lost,
    };
    resolve::resolve(input, report)
}
