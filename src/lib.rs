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
//!      │ definition, include       the documents that it names, read and checked                                     I/O
//!      │ resolve                   names, defaults, references; whatever makes a gateway impossible → Report
//!      ▼
//!   Resolution ──► lint            what could be resolved; opinions about it → Report
//!      │ whole                     nothing, if there was an error
//!      ▼
//!   Resolved                       newtypes: if it exists, it is valid
//!      │ policy::documents         policies as trees; what the catalogue refuses → Report
//!      ▼
//!   Documents                      policies that the service takes
//!      │ plan::build               cannot fail
//!      ▼
//!   Plan ──► facts ──► explain     resources, policies and what they need, no target words; what holds, as data
//!      │ Policies::render          policies as text, once
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
pub mod lint;
pub mod model;
pub mod output;
pub mod plan;
pub mod resolve;
pub mod source;
