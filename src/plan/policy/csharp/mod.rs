//! Expressions: trees of pieces that are known to compile and not to meet a null. The only file that writes C#.
//!
//! A piece has the type of its value: `CsTest` is a Boolean, `CsText` a string, `CsNumber` a number. New pieces are variants of the
//! private enums, each with one constructor and one arm in `print`, and in `words`. `CsBlock` is a piece of several statements, and no operand.

mod words;

use std::fmt::Write;

use crate::definition::OperationId;
use crate::resolve::measure::{Seconds, Statuses};
use crate::resolve::name::HeaderName;

/// The result type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsType {
    /// True or false.
    Test,
    /// A string.
    Text,
    /// A number.
    Number,
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsExpr {
    /// One that is true or false.
    Test(CsTest),
    /// One that is a string, never null.
    Text(CsText),
    /// One that is a number.
    Number(CsNumber),
    /// One of several statements.
    Block(CsBlock),
}

/// A Boolean expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsTest(Test);

/// An expression whose value is a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsText(Value);

/// An expression whose value is a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsNumber(Number);

/// An expression of several statements. Each meets no null, no body that is no JSON, and keeps the body for the backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsBlock {
    /// The model that the JSON body names, or an empty string.
    BodyModel,
    /// True if the body requests a streamed chat to which an event with the usage can be added: the caller sets no stream options
    /// and no data sources, with which the model refuses them.
    AsksForUsage {
        /// The requests that are chats.
        chats: Chats,
        /// The first version of the API that knows usage in streams, and the version of who names none.
        since: Option<(&'static str, &'static str)>,
    },
    /// The body, asking for usage. All else in it stays as it was written.
    WithUsage,
    /// The shortest wait that a backend requested for this request, in seconds, or 0.
    ShortestWait,
    /// The time at which the first member of a pool recovers, in seconds since the start of 2026: the one in the variable, or that of the
    /// member that has just failed, whichever comes first.
    Recovery {
        /// The trip duration.
        trip_for: Seconds,
        /// True if the member's `Retry-After` replaces it.
        accepts_retry_after: bool,
    },
    /// The wait to send to the caller, in seconds, or this one.
    Wait {
        /// What it is known from.
        from: WaitFrom,
        /// The wait if nothing is known.
        default: Seconds,
    },
    /// True if the caller's token has none of these roles. The claim is a list, and its joined text could only be searched for parts.
    LacksRoles(Vec<String>),
}

/// What is known of the time at which a pool can be called again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitFrom {
    /// The time at which its first member recovers, in the variable.
    Recovery,
    /// The shortest wait that the backends requested for this request, in the variable.
    Attempts,
    /// The wait that the response requests.
    Response,
}

/// The longest wait that callers are sent, in seconds: a member that is out for a day may be back sooner, or another may be added.
pub const LONGEST_WAIT: u32 = 300;

/// The distinction between chats and other requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chats {
    /// By their operations; none: any request may be one.
    Operations(Vec<OperationId>),
    /// By the end of their path.
    Ending(&'static str),
}

/// A variable of a request. Code that reads one ensures that it is set before, on every path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// The model that the caller requests: a string.
    Model,
    /// The next member of a pool: a number.
    Member,
    /// The pool of the request: a string. It is set where an API has several.
    Pool,
    /// The time at which the first member of the pool recovers: digits. It may be absent.
    Recovery,
    /// The shortest wait that a backend requested, in seconds: a number. It may be absent.
    RetryAfter,
    /// The caller's token, after it was checked.
    Token,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Equals(Value, String),
    /// One of several texts.
    OneOf(Value, Vec<String>),
    Operation(OperationId),
    NumberEquals(Number, u32),
    NoResponse,
    /// The response is the pool's own: all of its members are tripped.
    PoolRefused,
    /// Less than this many seconds have passed since the request arrived.
    Within(u32),
    /// The request has no subscription: no key, or one that the service did not have to check.
    NoSubscription,
    /// The body is compressed.
    Compressed,
    /// The path below an API starts with this segment.
    Under(String, &'static str),
    /// The path has a segment `.` or `..`, plain or encoded.
    StepsOut,
    Method(&'static str),
    Status(u16, u16),
    SectionIsBackend,
    Reason(&'static str),
    /// The error is of the policy with this id.
    FailedAt(&'static str),
    Streamed,
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Literal(String),
    Variable(Variable),
    PathParameter(String),
    /// The path below an API, split at its deployment.
    Below(String, Part),
    /// `true` or `false`.
    Boolean(Box<Test>),
    /// One of two, by a test.
    Either(Box<Test>, Box<Self>, Box<Self>),
    Subscription,
    RequestId,
    Address,
    /// A header, and the value used when it is absent.
    Header(String, String),
    /// The first of these claims that the token has.
    Claim(Vec<String>),
    Joined(Vec<Self>),
}

/// A part of a path below a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Deployment,
    Rest,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Number {
    Variable(Variable),
    /// A number below this one, always the same for a request.
    OfRequest(u32),
    /// One more, and 0 after the last.
    Next(Variable, u32),
    Milliseconds,
    /// This many seconds, or what is left of so many, in this order.
    Remaining(u32, u32),
}

impl Variable {
    /// Its name in the request's context.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Member => "member",
            Self::Pool => "pool",
            Self::Recovery => "recovery",
            Self::RetryAfter => "retryAfter",
            Self::Token => "callerToken",
        }
    }
}

impl CsText {
    /// A text.
    pub fn literal(text: &str) -> Self {
        Self(Value::Literal(text.to_owned()))
    }

    /// The value of a variable that was set before.
    pub fn variable(variable: Variable) -> Self {
        Self(Value::Variable(variable))
    }

    /// The value of a path parameter of the operation, or an empty string.
    pub fn path_parameter(name: &str) -> Self {
        Self(Value::PathParameter(name.to_owned()))
    }

    /// The deployment in the path of a request that no operation describes, or the empty text. `api` is the path of the API.
    pub fn deployment_below(api: &str) -> Self {
        Self(Value::Below(api.to_owned(), Part::Deployment))
    }

    /// The rest of such a path after the deployment, or an empty string.
    pub fn rest_after_deployment(api: &str) -> Self {
        Self(Value::Below(api.to_owned(), Part::Rest))
    }

    /// `true` or `false`.
    pub fn flag(test: CsTest) -> Self {
        Self(Value::Boolean(Box::new(test.0)))
    }

    /// The first text if a test holds, else the second.
    pub fn either(test: CsTest, then: &str, otherwise: &str) -> Self {
        let literal = |text: &str| Box::new(Value::Literal(text.to_owned()));
        Self(Value::Either(Box::new(test.0), literal(then), literal(otherwise)))
    }

    /// The id of the caller's subscription, or the empty text.
    pub fn subscription() -> Self {
        Self(Value::Subscription)
    }

    /// The id of the request.
    pub fn request_id() -> Self {
        Self(Value::RequestId)
    }

    /// The caller's address.
    pub fn address() -> Self {
        Self(Value::Address)
    }

    /// The value of a header; several values are joined by commas.
    pub fn header(name: &HeaderName, default: &str) -> Self {
        Self(Value::Header(name.to_string(), default.to_owned()))
    }

    /// The first of these claims that the caller's token has, or an empty string. Only after the check of the token.
    pub fn claim(names: &[&str]) -> Self {
        Self(Value::Claim(names.iter().map(|name| (*name).to_owned()).collect()))
    }

    /// The texts, concatenated.
    pub fn joined(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(Value::Joined(parts.into_iter().map(|part| part.0).collect()))
    }

    /// True if it equals this text.
    pub fn equals(self, text: &str) -> CsTest {
        CsTest(Test::Equals(self.0, text.to_owned()))
    }

    /// True if it equals one of these texts.
    pub fn is_one_of<'a>(self, texts: impl IntoIterator<Item = &'a str>) -> CsTest {
        let mut texts: Vec<String> = texts.into_iter().map(ToOwned::to_owned).collect();
        CsTest(if texts.len() == 1 { Test::Equals(self.0, texts.remove(0)) } else { Test::OneOf(self.0, texts) })
    }
}

impl CsNumber {
    /// The value of a variable that was set before.
    pub fn variable(variable: Variable) -> Self {
        Self(Number::Variable(variable))
    }

    /// A number below `count`, spread evenly over requests. It comes from the id of the request: `new Random()` is seeded by a
    /// coarse clock (reference apim-policies §3).
    pub fn of_request(count: u32) -> Self {
        Self(Number::OfRequest(count))
    }

    /// The number after that of a variable, modulo `count`.
    pub fn next(variable: Variable, count: u32) -> Self {
        Self(Number::Next(variable, count))
    }

    /// Milliseconds since the request came.
    pub fn milliseconds() -> Self {
        Self(Number::Milliseconds)
    }

    /// This timeout, or what is left of the time that all attempts have, in whole seconds.
    pub fn remaining(timeout: Seconds, all: u32) -> Self {
        Self(Number::Remaining(timeout.0, all))
    }

    /// True if it equals this number.
    pub fn equals(self, number: u32) -> CsTest {
        CsTest(Test::NumberEquals(self.0, number))
    }
}

impl CsBlock {
    /// Its result type.
    pub fn kind(&self) -> CsType {
        match self {
            Self::BodyModel | Self::WithUsage | Self::Recovery { .. } | Self::Wait { .. } => CsType::Text,
            Self::AsksForUsage { .. } | Self::LacksRoles(_) => CsType::Test,
            Self::ShortestWait => CsType::Number,
        }
    }
}

impl CsTest {
    /// True if the request has this method.
    pub fn method(name: &'static str) -> Self {
        Self(Test::Method(name))
    }

    /// True if the request has no subscription.
    pub fn no_subscription() -> Self {
        Self(Test::NoSubscription)
    }

    /// True if the request says that its body is compressed (RFC 9110 §8.4).
    pub fn compressed() -> Self {
        Self(Test::Compressed)
    }

    /// True if the path below an API starts with a segment. `api` is the path of the API.
    pub fn under(api: &str, segment: &'static str) -> Self {
        Self(Test::Under(api.to_owned(), segment))
    }

    /// True if the path has a segment `.` or `..`, plain or encoded: backends that resolve it leave their base path.
    pub fn steps_out() -> Self {
        Self(Test::StepsOut)
    }

    /// True if the response is that of API Management for a pool whose members are all tripped (reference apim-policies §1.3).
    pub fn pool_refused() -> Self {
        Self(Test::PoolRefused)
    }

    /// True if less than this many seconds have passed since the request arrived.
    pub fn within(seconds: u32) -> Self {
        Self(Test::Within(seconds))
    }

    /// True if there is no response: the backend was unreachable or too slow.
    pub fn no_response() -> Self {
        Self(Test::NoResponse)
    }

    /// Tests for a response with one of these statuses, one for each range.
    pub fn statuses(statuses: &Statuses) -> impl Iterator<Item = Self> {
        let ranges = statuses.ranges().iter();
        ranges.map(|&(from, to)| Self(Test::Status(from, to)))
    }

    /// In `on-error`: true if no backend received the request, since all are tripped or unreachable.
    pub fn not_sent() -> Self {
        // The service's error when all members are tripped is not documented, so errors known to mean something else are excluded.
        let others = ["Timeout", "ClientConnectionFailure", "ExpressionValueEvaluationFailure"];
        let others = others.map(|reason| Test::Not(Box::new(Test::Reason(reason))));
        Self(Test::All([Test::SectionIsBackend].into_iter().chain(others).collect()))
    }

    /// In `on-error`: whether the policy with this id refused the request.
    pub fn failed_at(id: &'static str) -> Self {
        Self(Test::FailedAt(id))
    }

    /// In `on-error`: whether this was the reason.
    pub fn reason(reason: &'static str) -> Self {
        Self(Test::Reason(reason))
    }

    /// True if the response is an event stream.
    pub fn streamed() -> Self {
        Self(Test::Streamed)
    }

    /// True if the request is for this operation.
    pub fn operation(id: &OperationId) -> Self {
        Self(Test::Operation(id.clone()))
    }

    /// True if all of them hold.
    pub fn all(tests: impl IntoIterator<Item = Self>) -> Self {
        let parts = tests.into_iter().flat_map(|test| match test.0 {
            Test::All(parts) => parts,
            part => vec![part],
        });
        Self::joined(parts.map(Self), Test::All)
    }

    /// True if one of them holds.
    pub fn any(tests: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(tests, Test::Any)
    }

    fn joined(tests: impl IntoIterator<Item = Self>, join: fn(Vec<Test>) -> Test) -> Self {
        let mut tests: Vec<Test> = tests.into_iter().map(|test| test.0).collect();
        Self(if tests.len() == 1 { tests.remove(0) } else { join(tests) })
    }
}

impl std::ops::Not for CsTest {
    type Output = Self;

    fn not(self) -> Self {
        Self(Test::Not(Box::new(self.0)))
    }
}

impl CsExpr {
    /// Its result type.
    pub fn kind(&self) -> CsType {
        match self {
            Self::Test(_) => CsType::Test,
            Self::Text(_) => CsType::Text,
            Self::Number(_) => CsType::Number,
            Self::Block(block) => block.kind(),
        }
    }

    /// The expression as a policy has it: `@(…)` or `@{…}`. Every line break in it is layout.
    pub fn code(&self) -> String {
        match self {
            Self::Test(CsTest(test)) => {
                let line = format!("@({})", print(test, false));
                // One operand on a line, so that one more is one line more.
                match test {
                    Test::All(tests) if tests.len() > 2 || is_long(&line, tests) => lines(tests, "&&"),
                    Test::Any(tests) if tests.len() > 2 || is_long(&line, tests) => lines(tests, "||"),
                    _ => line,
                }
            }
            Self::Text(CsText(value)) => format!("@({})", print_value(value, false)),
            Self::Number(CsNumber(number)) => format!("@({})", print_number(number)),
            Self::Block(block) => format!("@{{\n{}}}", print_block(block)),
        }
    }
}

/// True if each operand goes on a line of its own.
fn is_long(line: &str, tests: &[Test]) -> bool {
    tests.len() > 1 && line.len() > 120
}

/// The statements of a block, each line indented.
fn print_block(block: &CsBlock) -> String {
    let retry_after = literal(Variable::RetryAfter.name());
    let recovery = literal(Variable::Recovery.name());
    let lines: Vec<String> = match block {
        CsBlock::BodyModel => vec![
            "if (context.Request.Body == null) { return \"\"; }".to_owned(),
            "try {".to_owned(),
            "  var model = context.Request.Body.As<JObject>(preserveContent: true)[\"model\"];".to_owned(),
            "  return model != null && model.Type == JTokenType.String ? (string)model : \"\";".to_owned(),
            "} catch {".to_owned(),
            "  return \"\";".to_owned(),
            "}".to_owned(),
        ],
        CsBlock::AsksForUsage { chats, since } => {
            // Other bodies, such as recordings, are not read at all.
            let is_other = is_no_chat(chats);
            let is_other = is_other.map(|is_other| format!("if ({is_other}) {{ return false; }}"));
            let version = since.map(|(since, default)| {
                let (since, default) = (literal(since), literal(default));
                format!(
                    "var version = context.Request.Url.Query.GetValueOrDefault(\"api-version\", {default});\n\
                     if (string.CompareOrdinal(version, {since}) < 0) {{ return false; }}"
                )
            });
            is_other
                .into_iter()
                .chain(["if (context.Request.Body == null) { return false; }".to_owned()])
                .chain(version.iter().flat_map(|lines| lines.split('\n').map(ToOwned::to_owned)))
                .chain(
                    [
                        "try {",
                        "  var body = context.Request.Body.As<JObject>(preserveContent: true);",
                        "  var stream = body[\"stream\"];",
                        "  return stream != null && stream.Type == JTokenType.Boolean && (bool)stream && body[\"messages\"] is JArray",
                        "    && body[\"stream_options\"] == null && body[\"data_sources\"] == null;",
                        "} catch {",
                        "  return false;",
                        "}",
                    ]
                    .map(ToOwned::to_owned),
                )
                .collect()
        }
        CsBlock::WithUsage => vec![
            "var text = context.Request.Body.As<string>(preserveContent: true);".to_owned(),
            "return \"{\\\"stream_options\\\": {\\\"include_usage\\\": true}, \" + text.Substring(text.IndexOf('{') + 1);".to_owned(),
        ],
        CsBlock::ShortestWait => vec![
            NOW.to_owned(),
            format!("var least = context.Variables.GetValueOrDefault<int>({retry_after}, 0);"),
        ]
        .into_iter()
        .chain(requested_wait())
        .chain([
            "if (asked < 1) { return least; }".to_owned(),
            "return least == 0 ? asked : Math.Min(least, asked);".to_owned(),
        ])
        .collect(),
        CsBlock::Recovery { trip_for, accepts_retry_after } => {
            let own = match accepts_retry_after {
                true => format!("var back = seconds + (asked < 1 ? {} : asked);", trip_for.0),
                false => format!("var back = seconds + {};", trip_for.0),
            };
            [NOW.to_owned(), seconds("now"), "int known;".to_owned()]
                .into_iter()
                .chain(accepts_retry_after.then(requested_wait).into_iter().flatten())
                .chain([
                    own,
                    format!("int.TryParse(context.Variables.GetValueOrDefault<string>({recovery}, \"\"), out known);"),
                    "return (known > seconds ? Math.Min(known, back) : back).ToString();".to_owned(),
                ])
                .collect()
        }
        CsBlock::LacksRoles(roles) => {
            let roles: Vec<_> = roles.iter().map(|role| literal(role)).collect();
            vec![
                format!("var claims = {}.Claims;", token()),
                "if (!claims.ContainsKey(\"roles\")) { return true; }".to_owned(),
                format!(
                    "return !new[] {{ {} }}.Intersect(claims[\"roles\"]).Any();",
                    roles.join(", ")
                ),
            ]
        }
        CsBlock::Wait { from: WaitFrom::Recovery, default } => vec![
            NOW.to_owned(),
            seconds("now"),
            "int known;".to_owned(),
            format!("int.TryParse(context.Variables.GetValueOrDefault<string>({recovery}, \"\"), out known);"),
            format!("return (known > seconds ? Math.Min(known - seconds, {LONGEST_WAIT}) : {}).ToString();", default.0),
        ],
        CsBlock::Wait { from: WaitFrom::Attempts, default } => vec![
            format!("var least = context.Variables.GetValueOrDefault<int>({retry_after}, 0);"),
            format!("return (least < 1 ? {} : Math.Min(least, {LONGEST_WAIT})).ToString();", default.0),
        ],
        CsBlock::Wait { from: WaitFrom::Response, default } => [NOW.to_owned()]
            .into_iter()
            .chain(requested_wait())
            .chain([format!("return (asked < 1 ? {} : Math.Min(asked, {LONGEST_WAIT})).ToString();", default.0)])
            .collect(),
    };
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// The time of the expression. A request that waits for attempts is older than its timestamp.
const NOW: &str = "var now = context.Timestamp.Add(context.Elapsed);";

/// A variable `seconds`: those of a time since the start of 2026, of which an `int` holds 68 years.
fn seconds(of: &str) -> String {
    format!("var seconds = (int)({of} - new DateTime(2026, 1, 1)).TotalSeconds;")
}

/// A variable `asked`: the wait that the response requests, a number of seconds or a date (RFC 9110 §10.2.3); below 1: none.
fn requested_wait() -> [String; 5] {
    [
        "int asked;".to_owned(),
        "DateTimeOffset date;".to_owned(),
        "var wait = context.Response?.Headers.GetValueOrDefault(\"Retry-After\", \"\") ?? \"\";".to_owned(),
        "var isNumber = int.TryParse(wait, out asked);".to_owned(),
        "if (!isNumber && DateTimeOffset.TryParse(wait, out date)) { asked = (int)(date.UtcDateTime - now).TotalSeconds; }"
            .to_owned(),
    ]
}

/// True if a request is not a chat, if that can be determined.
fn is_no_chat(chats: &Chats) -> Option<String> {
    match chats {
        Chats::Operations(ids) => {
            let others = ids.iter().map(|id| Test::Not(Box::new(Test::Operation(id.clone()))));
            match others.collect::<Vec<_>>().as_slice() {
                [] => None,
                [one] => Some(print(one, false)),
                all => Some(print(&Test::All(all.to_vec()), false)),
            }
        }
        Chats::Ending(end) => Some(format!("!{PATH}.EndsWith({}, StringComparison.OrdinalIgnoreCase)", literal(end))),
    }
}

/// The path that the caller requested, including the API's own.
const PATH: &str = "context.Request.OriginalUrl.Path";

/// A segment `.` or `..` of a path, with encoded dots and slashes, encoded once or more.
const STEP_OUT: &str = r"(?i)(^|/|\\|%(25)*(2f|5c))(\.|%(25)*2e){1,2}($|/|\\|%(25)*(2f|5c))";

/// The path below an API, split at its deployment, as a regular expression. No segment after the deployment starts with a dot or
/// is encoded: a backend that takes `/../` or `%2e%2e` for a way up would reach another deployment.
fn below_deployment(api: &str) -> String {
    let api = api.replace('.', "[.]");
    format!(r"^(?i)/{api}/deployments/([a-z0-9._-]+)((?:/[^./%{{}}\\][^/%{{}}\\]*)+)$")
}

/// The caller's token.
fn token() -> String {
    format!("((Jwt)context.Variables[{}])", literal(Variable::Token.name()))
}

/// Columns from which an operand with operands of its own is spread over lines.
const LONG_OPERAND: usize = 100;

fn lines(tests: &[Test], operator: &str) -> String {
    format!("@(\n{}\n)", operands(tests, operator, 2))
}

/// One operand on a line, indented; long ones over several, in parentheses.
fn operands(tests: &[Test], operator: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    let lines = tests.iter().enumerate().map(|(position, test)| {
        let before = match position {
            0 => String::new(),
            _ => format!("{operator} "),
        };
        let line = print(test, true);
        let inner = |tests: &[Test], operator: &str| {
            let inner = operands(tests, operator, indent + 2);
            format!("{space}{before}(\n{inner}\n{space})")
        };
        match test {
            Test::All(tests) if line.len() > LONG_OPERAND => inner(tests, "&&"),
            Test::Any(tests) if line.len() > LONG_OPERAND => inner(tests, "||"),
            _ => format!("{space}{before}{line}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A test on one line, in parentheses if it is an operand and needs them.
fn print(test: &Test, is_operand: bool) -> String {
    let join = |tests: &[Test], operator: &str| {
        let tests: Vec<_> = tests.iter().map(|test| print(test, true)).collect();
        parenthesised(tests.join(operator), is_operand)
    };
    match test {
        Test::Equals(value, text) => format!("{} == {}", print_value(value, true), literal(text)),
        Test::Operation(id) => format!("context.Operation?.Id == {}", literal(id.as_str())),
        Test::NumberEquals(number, value) => format!("{} == {value}", print_number(number)),
        Test::OneOf(value, texts) => {
            let texts: Vec<_> = texts.iter().map(|text| literal(text)).collect();
            format!("new[] {{ {} }}.Contains({})", texts.join(", "), print_value(value, false))
        }
        Test::NoResponse => "context.Response == null".to_owned(),
        Test::PoolRefused => "(context.Response?.StatusReason ?? \"\").Contains(\"Backend pool\")".to_owned(),
        Test::Within(seconds) => format!("context.Elapsed.TotalSeconds < {seconds}"),
        Test::NoSubscription => "context.Subscription == null".to_owned(),
        Test::Compressed => {
            "!new[] { \"\", \"identity\" }.Contains(context.Request.Headers.GetValueOrDefault(\"Content-Encoding\", \"\").ToLower())"
                .to_owned()
        }
        Test::Under(api, segment) => {
            let pattern = format!("^(?i)/{}/{segment}(/|$)", api.replace('.', "[.]"));
            format!("Regex.IsMatch({PATH}, {})", literal(&pattern))
        }
        Test::StepsOut => format!("Regex.IsMatch({PATH}, {})", literal(STEP_OUT)),
        Test::Status(from, to) if from == to => format!("context.Response?.StatusCode == {from}"),
        Test::Status(from, to) => parenthesised(
            format!("context.Response?.StatusCode >= {from} && context.Response?.StatusCode <= {to}"),
            is_operand,
        ),
        Test::SectionIsBackend => "context.LastError?.Section == \"backend\"".to_owned(),
        Test::Reason(reason) => format!("context.LastError?.Reason == {}", literal(reason)),
        Test::FailedAt(id) => format!("context.LastError?.PolicyId == {}", literal(id)),
        Test::Method(name) => format!("context.Request.Method == {}", literal(name)),
        Test::Streamed => "(context.Response?.Headers.GetValueOrDefault(\"Content-Type\", \"\") ?? \"\").StartsWith(\"text/event-stream\")".to_owned(),
        Test::Not(test) => match &**test {
            Test::Equals(value, text) => {
                format!("{} != {}", print_value(value, true), literal(text))
            }
            test @ Test::OneOf(..) => format!("!{}", print(test, false)),
            Test::Operation(id) => format!("context.Operation?.Id != {}", literal(id.as_str())),
            Test::Reason(reason) => format!("context.LastError?.Reason != {}", literal(reason)),
            Test::Method(name) => format!("context.Request.Method != {}", literal(name)),
            test => format!("!({})", print(test, false)),
        },
        Test::All(tests) if tests.is_empty() => "true".to_owned(),
        Test::Any(tests) if tests.is_empty() => "false".to_owned(),
        Test::All(tests) => join(tests, " && "),
        Test::Any(tests) => join(tests, " || "),
    }
}

fn print_value(value: &Value, is_operand: bool) -> String {
    match value {
        Value::Literal(text) => literal(text),
        Value::Variable(variable) => {
            format!("(string)context.Variables[{}]", literal(variable.name()))
        }
        Value::PathParameter(name) => {
            let name = literal(name);
            let parameters = "context.Request.MatchedParameters";
            let code = format!("{parameters}.ContainsKey({name}) ? {parameters}[{name}] : \"\"");
            parenthesised(code, is_operand)
        }
        Value::Below(api, part) => {
            let group = match part {
                Part::Deployment => 1,
                Part::Rest => 2,
            };
            let pattern = literal(&below_deployment(api));
            format!("Regex.Match({PATH}, {pattern}).Groups[{group}].Value")
        }
        Value::Boolean(test) => parenthesised(format!("{} ? \"true\" : \"false\"", print(test, true)), is_operand),
        Value::Either(test, then, otherwise) => parenthesised(
            format!("{} ? {} : {}", print(test, true), print_value(then, true), print_value(otherwise, true)),
            is_operand,
        ),
        Value::Subscription => parenthesised("context.Subscription?.Id ?? \"\"".to_owned(), is_operand),
        Value::RequestId => "context.RequestId.ToString()".to_owned(),
        Value::Address => "context.Request.IpAddress".to_owned(),
        Value::Header(name, default) => {
            format!("context.Request.Headers.GetValueOrDefault({}, {})", literal(name), literal(default))
        }
        Value::Claim(names) => names.iter().rev().fold(literal(""), |otherwise, name| {
            let claims = token();
            format!("{claims}.Claims.GetValueOrDefault({}, {otherwise})", literal(name))
        }),
        Value::Joined(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| print_value(part, true)).collect();
            parenthesised(parts.join(" + "), is_operand)
        }
    }
}

fn print_number(number: &Number) -> String {
    let variable = |variable: &Variable| format!("(int)context.Variables[{}]", literal(variable.name()));
    match number {
        Number::Variable(name) => variable(name),
        Number::OfRequest(count) => {
            format!("Math.Abs(context.RequestId.GetHashCode() % {count})")
        }
        Number::Next(name, count) => format!("({} + 1) % {count}", variable(name)),
        Number::Milliseconds => "context.Elapsed.TotalMilliseconds".to_owned(),
        Number::Remaining(timeout, all) => {
            format!("Math.Max(1, Math.Min({timeout}, {all} - (int)context.Elapsed.TotalSeconds))")
        }
    }
}

fn parenthesised(code: String, is_operand: bool) -> String {
    if is_operand { format!("({code})") } else { code }
}

/// A string literal: printable ASCII, and letters and digits of any language, all else as `\uXXXX`.
fn literal(text: &str) -> String {
    let mut code = String::with_capacity(text.len() + 2);
    code.push('"');
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\\' | '"' => code.extend(['\\', c]),
            // API Management looks for named values in code too, even inside of literals.
            '{' if before == '{' => code.push_str("\\u007b"),
            ' '..='~' => code.push(c),
            c if !c.is_ascii() && c.is_alphanumeric() => code.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(code, "\\u{unit:04x}").expect("csharp: a string takes everything");
                }
            }
        }
        before = c;
    }
    code.push('"');
    code
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn model() -> CsText {
        CsText::variable(Variable::Model)
    }

    fn code(test: CsTest) -> String {
        CsExpr::Test(test).code()
    }

    #[test]
    fn variables_are_those_that_others_leave_alone() {
        let all = [
            Variable::Model,
            Variable::Member,
            Variable::Pool,
            Variable::Recovery,
            Variable::RetryAfter,
            Variable::Token,
        ];
        assert_eq!(all.map(Variable::name), crate::catalogue::OWN_VARIABLES);
    }

    #[test]
    fn pieces() {
        let chat = OperationId::parse("chat-completions").unwrap();
        insta::assert_snapshot!(code(model().equals("gpt-4o")), @r#"@((string)context.Variables["model"] == "gpt-4o")"#);
        insta::assert_snapshot!(code(!model().equals("gpt-4o")), @r#"@((string)context.Variables["model"] != "gpt-4o")"#);
        insta::assert_snapshot!(code(CsTest::operation(&chat)), @r#"@(context.Operation?.Id == "chat-completions")"#);
        insta::assert_snapshot!(code(!CsTest::operation(&chat)), @r#"@(context.Operation?.Id != "chat-completions")"#);
        insta::assert_snapshot!(
            CsExpr::Text(CsText::path_parameter("deployment-id")).code(),
            @r#"@(context.Request.MatchedParameters.ContainsKey("deployment-id") ? context.Request.MatchedParameters["deployment-id"] : "")"#
        );
        insta::assert_snapshot!(CsExpr::Text(CsText::literal("x")).code(), @r#"@("x")"#);
    }

    #[test]
    fn any_path() {
        insta::assert_snapshot!(
            CsExpr::Text(CsText::deployment_below("ai/v1.0")).code(),
            @r#"@(Regex.Match(context.Request.OriginalUrl.Path, "^(?i)/ai/v1[.]0/deployments/([a-z0-9._-]+)((?:/[^./%{}\\\\][^/%{}\\\\]*)+)$").Groups[1].Value)"#
        );
        insta::assert_snapshot!(
            code(CsText::rest_after_deployment("ai").equals("")),
            @r#"@(Regex.Match(context.Request.OriginalUrl.Path, "^(?i)/ai/deployments/([a-z0-9._-]+)((?:/[^./%{}\\\\][^/%{}\\\\]*)+)$").Groups[2].Value == "")"#
        );
        let chats = Chats::Ending("/chat/completions");
        insta::assert_snapshot!(
            is_no_chat(&chats).unwrap(),
            @r#"!context.Request.OriginalUrl.Path.EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase)"#
        );
    }

    #[test]
    fn numbers_and_answers() {
        let number = |number| CsExpr::Number(number).code();
        let member = Variable::Member;
        insta::assert_snapshot!(number(CsNumber::of_request(3)), @"@(Math.Abs(context.RequestId.GetHashCode() % 3))");
        insta::assert_snapshot!(number(CsNumber::next(member, 3)), @r#"@(((int)context.Variables["member"] + 1) % 3)"#);
        insta::assert_snapshot!(number(CsNumber::milliseconds()), @"@(context.Elapsed.TotalMilliseconds)");
        insta::assert_snapshot!(code(CsNumber::variable(member).equals(1)), @r#"@((int)context.Variables["member"] == 1)"#);
        let statuses = Statuses::of(vec![(429, 429), (500, 599)]);
        let failed = CsTest::statuses(&statuses);
        let failed = CsTest::any([CsTest::no_response()].into_iter().chain(failed));
        insta::assert_snapshot!(code(CsTest::all([model().equals("gpt-4o"), failed])), @r#"
        @(
          (string)context.Variables["model"] == "gpt-4o"
          && (
            context.Response == null
            || context.Response?.StatusCode == 429
            || (context.Response?.StatusCode >= 500 && context.Response?.StatusCode <= 599)
          )
        )
        "#);
        insta::assert_snapshot!(code(CsTest::all([CsTest::not_sent(), model().equals("x")])), @r#"
        @(
          context.LastError?.Section == "backend"
          && context.LastError?.Reason != "Timeout"
          && context.LastError?.Reason != "ClientConnectionFailure"
          && context.LastError?.Reason != "ExpressionValueEvaluationFailure"
          && (string)context.Variables["model"] == "x"
        )
        "#);
    }

    #[test]
    fn blocks() {
        let block = |block| CsExpr::Block(block).code();
        let default = Seconds(10);
        insta::assert_snapshot!(block(CsBlock::Wait { from: WaitFrom::Attempts, default }), @r#"
        @{
          var least = context.Variables.GetValueOrDefault<int>("retryAfter", 0);
          return (least < 1 ? 10 : Math.Min(least, 300)).ToString();
        }
        "#);
        insta::assert_snapshot!(block(CsBlock::Wait { from: WaitFrom::Response, default }), @r#"
        @{
          var now = context.Timestamp.Add(context.Elapsed);
          int asked;
          DateTimeOffset date;
          var wait = context.Response?.Headers.GetValueOrDefault("Retry-After", "") ?? "";
          var isNumber = int.TryParse(wait, out asked);
          if (!isNumber && DateTimeOffset.TryParse(wait, out date)) { asked = (int)(date.UtcDateTime - now).TotalSeconds; }
          return (asked < 1 ? 10 : Math.Min(asked, 300)).ToString();
        }
        "#);
        insta::assert_snapshot!(block(CsBlock::Recovery { trip_for: Seconds(60), accepts_retry_after: false }), @r#"
        @{
          var now = context.Timestamp.Add(context.Elapsed);
          var seconds = (int)(now - new DateTime(2026, 1, 1)).TotalSeconds;
          int known;
          var back = seconds + 60;
          int.TryParse(context.Variables.GetValueOrDefault<string>("recovery", ""), out known);
          return (known > seconds ? Math.Min(known, back) : back).ToString();
        }
        "#);
        for (block, kind) in [
            (CsBlock::BodyModel, CsType::Text),
            (CsBlock::WithUsage, CsType::Text),
            (CsBlock::AsksForUsage { chats: Chats::Operations(Vec::new()), since: None }, CsType::Test),
            (CsBlock::ShortestWait, CsType::Number),
            (CsBlock::Recovery { trip_for: Seconds(1), accepts_retry_after: true }, CsType::Text),
            (CsBlock::Wait { from: WaitFrom::Recovery, default }, CsType::Text),
            (CsBlock::LacksRoles(vec!["a".to_owned()]), CsType::Test),
        ] {
            let code = CsExpr::Block(block.clone()).code();
            assert_eq!(block.kind(), kind);
            // A body that is read is kept for the backend, and no comment swallows a line.
            assert_eq!(code.matches(".As<").count(), code.matches("preserveContent: true").count());
            assert!(!code.contains("//") && !code.contains("{{"), "{code}");
        }
    }

    #[test]
    fn callers() {
        let text = |text| CsExpr::Text(text).code();
        let header = HeaderName::parse("X-Agent-Id").unwrap();
        insta::assert_snapshot!(
            text(CsText::joined([CsText::literal("a:"), CsText::subscription(), CsText::address()])),
            @r#"@("a:" + (context.Subscription?.Id ?? "") + context.Request.IpAddress)"#
        );
        insta::assert_snapshot!(text(CsText::header(&header, "no\"body")), @r#"@(context.Request.Headers.GetValueOrDefault("X-Agent-Id", "no\"body"))"#);
        insta::assert_snapshot!(
            text(CsText::claim(&["azp", "appid"])),
            @r#"@(((Jwt)context.Variables["callerToken"]).Claims.GetValueOrDefault("azp", ((Jwt)context.Variables["callerToken"]).Claims.GetValueOrDefault("appid", "")))"#
        );
        insta::assert_snapshot!(
            CsExpr::Block(CsBlock::LacksRoles(vec!["a".to_owned(), "b\"".to_owned()])).code(),
            @r#"
        @{
          var claims = ((Jwt)context.Variables["callerToken"]).Claims;
          if (!claims.ContainsKey("roles")) { return true; }
          return !new[] { "a", "b\"" }.Intersect(claims["roles"]).Any();
        }
        "#
        );
        insta::assert_snapshot!(
            text(CsText::either(CsTest::reason("TokenNotPresent"), "a", "b")),
            @r#"@(context.LastError?.Reason == "TokenNotPresent" ? "a" : "b")"#
        );
        insta::assert_snapshot!(code(CsTest::failed_at("x")), @r#"@(context.LastError?.PolicyId == "x")"#);
    }

    #[test]
    fn operators() {
        let [a, b, c] = ["a", "b", "c"].map(|text| CsText::literal(text).equals(text));
        insta::assert_snapshot!(code(CsTest::any([])), @"@(false)");
        insta::assert_snapshot!(code(!CsTest::all([])), @"@(!(true))");
        insta::assert_snapshot!(code(CsTest::any([a.clone()])), @r#"@("a" == "a")"#);
        insta::assert_snapshot!(code(CsTest::any([a.clone(), b.clone()])), @r#"@("a" == "a" || "b" == "b")"#);
        insta::assert_snapshot!(
            code(CsTest::all([CsTest::any([a.clone(), b.clone()]), !CsTest::any([a.clone(), c.clone()])])),
            @r#"@(("a" == "a" || "b" == "b") && !("a" == "a" || "c" == "c"))"#
        );
        insta::assert_snapshot!(code(CsTest::all([a, !b, c])), @r#"
        @(
          "a" == "a"
          && "b" != "b"
          && "c" == "c"
        )
        "#);
        let one_of = |texts: &[&str]| CsText::literal("x").is_one_of(texts.iter().copied());
        insta::assert_snapshot!(code(one_of(&["a"])), @r#"@("x" == "a")"#);
        insta::assert_snapshot!(code(one_of(&["a", "b"])), @r#"@(new[] { "a", "b" }.Contains("x"))"#);
        insta::assert_snapshot!(code(!one_of(&["a", "b"])), @r#"@(!new[] { "a", "b" }.Contains("x"))"#);
        insta::assert_snapshot!(code(CsTest::all([one_of(&["a", "b"]), CsTest::no_subscription()])), @r#"@(new[] { "a", "b" }.Contains("x") && context.Subscription == null)"#);
        insta::assert_snapshot!(code(CsText::path_parameter("x").equals("y")), @r#"@((context.Request.MatchedParameters.ContainsKey("x") ? context.Request.MatchedParameters["x"] : "") == "y")"#);
    }

    #[test]
    fn literals() {
        for (text, expected) in [
            ("", r#""""#),
            (r#"say "hi" \n"#, r#""say \"hi\" \\n""#),
            ("{{a}}", r#""{\u007ba}}""#),
            ("{{{", r#""{\u007b\u007b""#),
            ("a\r\n\t\0", r#""a\u000d\u000a\u0009\u0000""#),
            ("\u{85}\u{2028}\u{202e}", r#""\u0085\u2028\u202e""#),
            ("é 日本 🦀", r#""é 日本 \ud83e\udd80""#),
            ("// @(x) ]]>", r#""// @(x) ]]>""#),
        ] {
            assert_eq!(literal(text), expected);
        }
    }

    /// Reads a regular string literal of C# (specification §6.4.5.6) that ends with the text.
    fn read(code: &str) -> Option<String> {
        let mut units = Vec::new();
        let mut chars = code.strip_prefix('"')?.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => match chars.next()? {
                    c @ ('"' | '\\') => units.push(u16::try_from(u32::from(c)).ok()?),
                    'u' => {
                        let digits: String = chars.by_ref().take(4).collect();
                        units.push(u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?);
                    }
                    _ => return None,
                },
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => return None,
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
        chars.next().is_none().then(|| String::from_utf16(&units).ok())?
    }

    proptest! {
        #[test]
        fn literals_say_what_was_meant(text in r#"(\PC|[\\"{}@\x00-\x1f\u0085\u2028\u2029]){0,24}"#) {
            let code = literal(&text);
            prop_assert_eq!(read(&code), Some(text));
            prop_assert!(!code.contains("{{") && !code.contains(char::is_control), "{}", code);
        }
    }
}
