//! What Terraform templates may say after a bar.

use askama::filters::Safe;

use crate::emit::{filters, value::print::HCL};

filters::syntax!(HCL);
