//! Gatewright compiles one YAML description of an AI gateway on Azure API Management into Bicep and Terraform.

pub mod diag;
pub mod model;
pub mod source;
