//! The filters of Bicep templates.

use askama::filters::Safe;

use crate::emit::{filters, value::print::BICEP};

filters::syntax!(BICEP);
