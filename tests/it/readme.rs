//! README.md keeps its word: the gateway that it shows is one.

use camino::Utf8Path;
use gatewright::compile;

use crate::tool;

#[test]
fn the_smallest_gateway_has_no_findings() {
    let readme = tool::get(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let (_, block) = readme.split_once("```yaml\n").unwrap();
    let (block, _) = block.split_once("```\n").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(scratch.path()).unwrap().join("gateway.yaml");
    tool::put(&path, block);
    let checked = compile::check(&path).unwrap();
    assert!(checked.report.is_empty(), "{:?}", checked.report);
}
