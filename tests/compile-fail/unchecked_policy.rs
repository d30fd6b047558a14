//~ are private
//! Only a document that the catalogue has checked can be rendered, and nobody makes one around the check.

use gatewright::plan::policy::Document;

fn main() {
    let _ = gatewright::emit::policy::document(&Document { sections: Vec::new(), references: Vec::new() }, "gateway.yaml");
}
