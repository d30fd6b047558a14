//! stub
pub(super) fn document(_d: &crate::plan::policy::Document, source: &str) -> String {
    format!("<!-- {source} -->\n<policies />\n")
}
