//! What Bicep templates may say after a bar.

use askama::filters::Safe;

use crate::emit::{filters, value::print::BICEP};

filters::syntax!(BICEP);
