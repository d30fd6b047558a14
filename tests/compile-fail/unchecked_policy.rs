//~ cannot construct `gatewright::plan::policy::Document` with struct literal syntax due to private fields
//! Only a document that the catalogue has checked can be rendered, and nobody makes one around the check.

use gatewright::plan::policy::Document;

fn main() {
    let _ = gatewright::emit::policy::document(&Document {}, "gateway.yaml");
}
