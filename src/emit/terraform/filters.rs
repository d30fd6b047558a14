//! The filters of Terraform templates.

use askama::filters::Safe;

use crate::emit::{filters, value::print::HCL};

filters::syntax!(HCL);
