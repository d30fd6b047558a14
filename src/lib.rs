//! Gatewright compiles one YAML description of an AI gateway on Azure API Management into Bicep and Terraform.
//!
//! The model is what the user wrote, the plan is what we will make, a view is what a template may see, and a template only
//! says where things go. Each arrow is one function; nothing runs backwards.
//!
//! ```text
//!  gateway.yaml
//!      │ source                    text and positions                                                I/O
//!      ▼
//!   Source ──► SpanIndex           YAML path → bytes, looked up when a finding is shown
//!      │ model::load               merges applied; the JSON Schema finds every mistake of shape; what is left is kept
//!      ▼
//!   Gateway                        raw: String, Option, unchecked names
//!      │ resolve                   names, defaults, references, definitions; every problem → Report
//!      ▼
//!   Resolved                       newtypes: if it exists, it is valid
//!      │ plan::build               cannot fail; policies are trees that the catalogue checked
//!      ▼
//!   Plan ──► facts ──► explain     resources, policy documents and what they need, no target words; what holds, as data
//!      │ limits                    what no deployment could hold → Report
//!      │ emit                      view structs → askama → text; GATEWAY.md reads facts
//!      ▼
//!   FileTree                       path → text
//!      │ output::write, drift                                                                        I/O
//!      ▼
//!   out/…   or   a list of differences
//! ```
//!
//! `compile` walks the arrows down to the plan, `cli` the rest. `catalogue` holds facts of the service: policies, SKUs, kinds of
//! accounts.

pub mod catalogue;
pub mod cli;
pub mod compile;
pub mod definition;
pub mod diag;
pub mod emit;
pub mod explain;
pub mod facts;
pub mod include;
pub mod limits;
pub mod model;
pub mod output;
pub mod plan;
pub mod resolve;
pub mod source;
