//! Expressions in words, for people who read what a policy does and no C#.
//!
//! Every piece has words of its own: a new one does not compile before it has some.

use super::{
    Chats, CsBlock, CsExpr, CsNumber, CsTest, CsText, LONGEST_WAIT, Number, Part, Test, Value, Variable, WaitFrom,
};

impl CsExpr {
    /// The value of the expression in words: a condition, a text or a number.
    pub fn words(&self) -> String {
        match self {
            Self::Test(CsTest(test)) => clause(test),
            Self::Text(CsText(text)) => value(text),
            Self::Number(CsNumber(number)) => self::number(number),
            Self::Block(block) => self::block(block),
        }
    }
}

fn block(block: &CsBlock) -> String {
    match block {
        CsBlock::BodyModel => "the `model` of the JSON body, or empty".to_owned(),
        CsBlock::AsksForUsage { chats, since } => {
            let operation = match chats {
                Chats::Operations(ids) if ids.is_empty() => String::new(),
                Chats::Operations(ids) => {
                    let chats: Vec<Test> = ids.iter().cloned().map(Test::Operation).collect();
                    format!("{}, ", joined(&chats, "or", false).0)
                }
                Chats::Ending(end) => format!("the path ends with `{end}`, "),
            };
            let version =
                since.map(|(since, default)| format!(", the `api-version` is {since} or later ({default} by default)"));
            format!(
                "{operation}the body requests a stream{}, and it contains neither `stream_options` nor `data_sources`",
                version.unwrap_or_default()
            )
        }
        CsBlock::WithUsage => "the original body, with `stream_options` that request the token usage".to_owned(),
        CsBlock::ShortestWait => {
            "the shortest `Retry-After` of the responses to this request so far, in seconds".to_owned()
        }
        CsBlock::Recovery { trip_for, accepts_retry_after } => {
            let asked = if *accepts_retry_after { "the `Retry-After` of the response, otherwise " } else { "" };
            format!(
                "the time at which the first member recovers: the known one, or after {asked}{trip_for}, whichever is sooner"
            )
        }
        CsBlock::Wait { from, default } => {
            let known = match from {
                WaitFrom::Recovery => "the time until the first member recovers",
                WaitFrom::Attempts => "the shortest `Retry-After` of the backends",
                WaitFrom::Response => "the `Retry-After` of the response",
            };
            format!("{known}, at most {LONGEST_WAIT} s, otherwise {default}")
        }
        CsBlock::LacksRoles(roles) => {
            let roles: Vec<String> = roles.iter().map(|role| quoted(role)).collect();
            format!("the token has none of the roles {}", roles.join(", "))
        }
    }
}

fn variable(variable: Variable) -> &'static str {
    match variable {
        Variable::Model => "the model",
        Variable::Member => "the number of the next member",
        Variable::Pool => "the pool",
        Variable::Recovery => "the time at which the first member recovers",
        Variable::RetryAfter => "the shortest `Retry-After` of the backends",
        Variable::Token => "the caller's token",
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Literal(text) => quoted(text),
        Value::Variable(name) => variable(*name).to_owned(),
        Value::PathParameter(name) => format!("the path parameter `{{{name}}}`"),
        Value::Below(api, Part::Deployment) => {
            format!("the deployment in a path `/{api}/deployments/…/…`")
        }
        Value::Below(_, Part::Rest) => "the path after its deployment".to_owned(),
        Value::Boolean(test) => format!("whether {}", clause(test)),
        Value::Either(test, yes, no) => {
            format!("{} if {}, otherwise {}", self::value(yes), clause(test), self::value(no))
        }
        Value::Subscription => "the subscription of the key".to_owned(),
        Value::RequestId => "the id of the request".to_owned(),
        Value::Address => "the caller's IP address".to_owned(),
        Value::Header(name, default) => {
            format!("the header `{name}`, or {} without it", quoted(default))
        }
        Value::Claim(names) => {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            format!("the claim {} of the token", names.join(", or "))
        }
        Value::Joined(values) => {
            let values: Vec<String> = values.iter().map(self::value).collect();
            values.join(" and ")
        }
    }
}

fn number(number: &Number) -> String {
    match number {
        Number::Variable(name) => variable(*name).to_owned(),
        Number::OfRequest(count) => {
            format!("a number from 0 to {} derived from the request id", count.saturating_sub(1))
        }
        Number::Next(name, count) => {
            format!("one more than {}, and 0 after {}", variable(*name), count.saturating_sub(1))
        }
        Number::Remaining(timeout, all) => {
            format!("{timeout} s, or what is left of {all} s since the request arrived; the unit is seconds")
        }
        Number::Milliseconds => "the milliseconds since the request arrived".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "empty".to_owned() } else { format!("`{text}`") }
}

/// A comparison: a subject is one of some objects, or is not.
struct Is {
    subject: String,
    objects: Vec<String>,
    is_negated: bool,
}

fn is(test: &Test) -> Option<Is> {
    let (subject, object) = match test {
        Test::OneOf(value, texts) => {
            let objects = texts.iter().map(|text| quoted(text)).collect();
            return Some(Is { subject: self::value(value), objects, is_negated: false });
        }
        Test::Equals(value, text) => (self::value(value), quoted(text)),
        Test::Operation(id) => ("the operation".to_owned(), quoted(id.as_str())),
        Test::NumberEquals(number, value) => (self::number(number), value.to_string()),
        Test::Method(name) => ("the method".to_owned(), (*name).to_owned()),
        Test::Status(from, to) if from == to => ("the status".to_owned(), from.to_string()),
        Test::Status(from, to) => ("the status".to_owned(), format!("{from}-{to}")),
        Test::Reason(reason) => ("the reason of the error".to_owned(), quoted(reason)),
        Test::FailedAt(id) => ("the policy that failed".to_owned(), quoted(id)),
        Test::Not(test) => {
            let is = is(test)?;
            return Some(Is { is_negated: !is.is_negated, ..is });
        }
        Test::NoResponse
        | Test::PoolRefused
        | Test::Within(_)
        | Test::NoSubscription
        | Test::StepsOut
        | Test::Compressed
        | Test::Under(..)
        | Test::SectionIsBackend
        | Test::Streamed
        | Test::All(_)
        | Test::Any(_) => return None,
    };
    Some(Is { subject, objects: vec![object], is_negated: false })
}

fn clause(test: &Test) -> String {
    match test {
        Test::NoResponse => "there is no response".to_owned(),
        Test::PoolRefused => "the response is the pool's own, as all members are tripped".to_owned(),
        Test::Within(seconds) => format!("less than {seconds} s have passed since the request arrived"),
        Test::NoSubscription => "the request has no subscription".to_owned(),
        Test::Compressed => "the body is compressed".to_owned(),
        Test::Under(api, segment) => format!("the path starts with `/{api}/{segment}`"),
        Test::StepsOut => "the path has a segment `.` or `..`, plain or encoded".to_owned(),
        Test::SectionIsBackend => "the error occurred in the backend section".to_owned(),
        Test::Streamed => "the response is an event stream".to_owned(),
        Test::All(tests) if tests.is_empty() => "always".to_owned(),
        Test::Any(tests) if tests.is_empty() => "never".to_owned(),
        Test::All(tests) => joined(tests, "and", true).0,
        Test::Any(tests) => joined(tests, "or", false).0,
        Test::Not(inner) => match is(test) {
            Some(is) => comparison(&is.subject, &is.objects, is.is_negated),
            None => format!("not ({})", clause(inner)),
        },
        Test::Equals(..)
        | Test::OneOf(..)
        | Test::Operation(_)
        | Test::NumberEquals(..)
        | Test::Method(_)
        | Test::Status(..)
        | Test::Reason(_)
        | Test::FailedAt(_) => {
            let is = is(test).expect("csharp: these compare");
            comparison(&is.subject, &is.objects, false)
        }
    }
}

/// Clauses with a word between them, and how many there are. Neighbours about one subject are one: `the model is a, b or c`.
fn joined(tests: &[Test], word: &str, negated: bool) -> (String, usize) {
    let mut clauses: Vec<(Option<String>, Vec<String>, bool)> = Vec::new();
    for test in tests {
        match is(test).filter(|is| is.is_negated == negated) {
            Some(is) => match clauses.last_mut() {
                Some((Some(subject), objects, _)) if *subject == is.subject => {
                    objects.extend(is.objects);
                }
                _ => clauses.push((Some(is.subject), is.objects, false)),
            },
            None => {
                let parts = match test {
                    Test::All(parts) => joined(parts, "and", true).1,
                    Test::Any(parts) => joined(parts, "or", false).1,
                    _ => 1,
                };
                clauses.push((None, vec![clause(test)], parts > 1));
            }
        }
    }
    let is_alone = clauses.len() < 2;
    let clauses: Vec<String> = clauses
        .into_iter()
        .map(|(subject, words, has_parts)| match subject {
            Some(subject) => comparison(&subject, &words, negated),
            None if has_parts && !is_alone => format!("({})", words.concat()),
            None => words.concat(),
        })
        .collect();
    (clauses.join(&format!(" {word} ")), clauses.len())
}

fn comparison(subject: &str, objects: &[String], is_negated: bool) -> String {
    let (last, others) = objects.split_last().expect("csharp: a clause is about something");
    match (others, is_negated) {
        ([], false) => format!("{subject} is {last}"),
        ([], true) => format!("{subject} is not {last}"),
        (others, false) => format!("{subject} is {} or {last}", others.join(", ")),
        (others, true) => format!("{subject} is neither {} nor {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::measure::{Seconds, Statuses};

    #[test]
    fn clauses() {
        let model = || CsText::variable(Variable::Model);
        let words = |test: CsTest| CsExpr::Test(test).words();
        let statuses = Statuses::of(vec![(429, 429), (502, 504)]);
        let failed = || CsTest::any([CsTest::no_response()].into_iter().chain(CsTest::statuses(&statuses)));
        insta::assert_snapshot!(words(!model().equals("a")), @"the model is not `a`");
        insta::assert_snapshot!(words(model().equals("")), @"the model is empty");
        insta::assert_snapshot!(words(CsTest::all(["a", "b", "c"].map(|text| !model().equals(text)))), @"the model is neither `a`, `b` nor `c`");
        insta::assert_snapshot!(words(CsTest::any(["a", "b"].map(|text| model().equals(text)))), @"the model is `a` or `b`");
        insta::assert_snapshot!(words(CsTest::all([model().equals("a"), failed()])), @"the model is `a` and (there is no response or the status is 429 or 502-504)");
        insta::assert_snapshot!(words(CsTest::not_sent()), @"the error occurred in the backend section and the reason of the error is neither `Timeout`, `ClientConnectionFailure` nor `ExpressionValueEvaluationFailure`");
        let one_of = || model().is_one_of(["a", "b"]);
        insta::assert_snapshot!(words(one_of()), @"the model is `a` or `b`");
        insta::assert_snapshot!(words(!one_of()), @"the model is neither `a` nor `b`");
        insta::assert_snapshot!(words(!CsTest::any([])), @"not (never)");
        insta::assert_snapshot!(words(!!model().equals("a")), @"the model is `a`");
    }

    #[test]
    fn texts_and_numbers() {
        let number = |number| CsExpr::Number(number).words();
        insta::assert_snapshot!(CsExpr::Text(CsText::path_parameter("id")).words(), @"the path parameter `{id}`");
        insta::assert_snapshot!(CsExpr::Text(CsText::flag(CsTest::streamed())).words(), @"whether the response is an event stream");
        insta::assert_snapshot!(number(CsNumber::of_request(3)), @"a number from 0 to 2 derived from the request id");
        insta::assert_snapshot!(number(CsNumber::next(Variable::Member, 3)), @"one more than the number of the next member, and 0 after 2");
        let wait = |from| CsExpr::Block(CsBlock::Wait { from, default: Seconds(10) }).words();
        insta::assert_snapshot!(wait(WaitFrom::Attempts), @"the shortest `Retry-After` of the backends, at most 300 s, otherwise 10 s");
        insta::assert_snapshot!(wait(WaitFrom::Response), @"the `Retry-After` of the response, at most 300 s, otherwise 10 s");
        insta::assert_snapshot!(wait(WaitFrom::Recovery), @"the time until the first member recovers, at most 300 s, otherwise 10 s");
    }
}
