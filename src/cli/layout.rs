//! Output folders of the gateways, and conflicts between them. Pure.

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};

use super::find::GatewayFile;

/// Folders that a gateway creates in its output folder, now or after the next change of its YAML.
const OWN: [&str; 3] = ["bicep", "terraform", "mcp"];

/// One gateway of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gateway {
    /// The gateway file.
    pub(super) path: Utf8PathBuf,
    /// Its output folder.
    pub(super) out: Utf8PathBuf,
}

/// The output folder of each gateway.
///
/// # Errors
///
/// If two gateways would share a folder, or one would be written into the output of another.
pub(super) fn place(found: Vec<GatewayFile>, out: &Utf8Path) -> anyhow::Result<Vec<Gateway>> {
    for (position, one) in found.iter().enumerate() {
        for other in &found[..position] {
            apart(other, one, out)?;
        }
    }
    let place = |found: GatewayFile| Gateway { path: found.path, out: joined(out, &found.below) };
    Ok(found.into_iter().map(place).collect())
}

fn apart(one: &GatewayFile, other: &GatewayFile, out: &Utf8Path) -> anyhow::Result<()> {
    let (first, second) = (folded(&one.below), folded(&other.below));
    if first == second {
        bail!(
            "`{}` and `{}` would both be written to `{}`; run them separately, each with its own `--out`",
            one.path,
            other.path,
            joined(out, &other.below)
        );
    }
    let (outer, inner, below) = if let Ok(below) = second.strip_prefix(&first) {
        (one, other, below)
    } else if let Ok(below) = first.strip_prefix(&second) {
        (other, one, below)
    } else {
        return Ok(());
    };
    let is_mixed = below.components().next().is_some_and(|part| OWN.contains(&part.as_str()));
    if is_mixed {
        bail!(
            "`{}` would be written to `{}`, into the output of `{}`; rename its folder, or use a separate `--out` for one of the two",
            inner.path,
            joined(out, &inner.below),
            outer.path
        );
    }
    Ok(())
}

/// As on a case-insensitive file system, where the output may be checked out.
fn folded(path: &Utf8Path) -> Utf8PathBuf {
    path.as_str().to_lowercase().into()
}

/// Joining an empty path would append a slash, which would be visible.
fn joined(out: &Utf8Path, below: &Utf8Path) -> Utf8PathBuf {
    if below.as_str().is_empty() { out.to_owned() } else { out.join(below) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(files: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let found = files.iter().map(|(path, below)| GatewayFile { path: (*path).into(), below: (*below).into() });
        place(found.collect(), "out".into())
            .map(|gateways| gateways.into_iter().map(|g| g.out.into_string()).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn folders_stay_as_they_are() {
        let files = [
            ("g/gateway.yaml", ""),
            ("g/a/gateway.yaml", "a"),
            ("g/a/b/gateway.yaml", "a/b"),
            ("g/ab/gateway.yaml", "ab"),
            ("g/a/x/bicep/gateway.yaml", "a/x/bicep"),
        ];
        assert_eq!(placed(&files).unwrap(), ["out", "out/a", "out/a/b", "out/ab", "out/a/x/bicep"]);
    }

    #[test]
    fn gateways_do_not_meet() {
        insta::assert_snapshot!(
            placed(&[("one.yaml", ""), ("two.yaml", "")]).unwrap_err(),
            @"`one.yaml` and `two.yaml` would both be written to `out`; run them separately, each with its own `--out`"
        );
        insta::assert_snapshot!(
            placed(&[("a/team/gateway.yaml", "team"), ("b/Team/gateway.yaml", "Team")]).unwrap_err(),
            @"`a/team/gateway.yaml` and `b/Team/gateway.yaml` would both be written to `out/Team`; run them separately, each with its own `--out`"
        );
        insta::assert_snapshot!(
            placed(&[("g/a/Bicep/x/gateway.yaml", "a/Bicep/x"), ("g/a/gateway.yaml", "a")]).unwrap_err(),
            @"`g/a/Bicep/x/gateway.yaml` would be written to `out/a/Bicep/x`, into the output of `g/a/gateway.yaml`; rename its folder, or use a separate `--out` for one of the two"
        );
    }
}
