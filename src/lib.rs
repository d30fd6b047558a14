//! Gatewright compiles one YAML description of an AI gateway on Azure API Management into Bicep and Terraform.

pub mod cli;
pub mod compile;
pub mod definition;
pub mod diag;
pub mod emit;
pub mod limits;
pub mod model;
pub mod output;
pub mod plan;
pub mod resolve;
pub mod source;
