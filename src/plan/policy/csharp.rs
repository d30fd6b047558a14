//! Expressions: trees of pieces that are known to compile and not to meet a null. The only file that writes C#.
//!
//! A piece has the type of its value: `CsTest` is a Boolean, `CsText` a string. New pieces (a header or its default, whether the
//! request streams) are variants of the two private enums, each with one constructor and one arm in `print`.

use std::fmt::Write;

use crate::definition::OperationId;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsExpr {
    /// One that is true or false.
    Test(CsTest),
    /// One that is a string, never null.
    Text(CsText),
}

/// A Boolean expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsTest(Test);

/// An expression whose value is a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsText(Value);

/// A variable of a request. Whoever reads one makes sure that it is set before, at every path to there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// What the caller asks for: a string.
    Model,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Equals(Value, String),
    Operation(OperationId),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Literal(String),
    Variable(Variable),
    PathParameter(String),
}

impl Variable {
    /// Its name in the request's context.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
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

    /// What stands in the request's path at a parameter of the operation, or the empty text.
    pub fn path_parameter(name: &str) -> Self {
        Self(Value::PathParameter(name.to_owned()))
    }

    /// Whether it is exactly this text.
    pub fn equals(self, text: &str) -> CsTest {
        CsTest(Test::Equals(self.0, text.to_owned()))
    }
}

impl CsTest {
    /// Whether the request is for this operation.
    pub fn operation(id: &OperationId) -> Self {
        Self(Test::Operation(id.clone()))
    }

    /// Whether all hold.
    pub fn all(tests: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(tests, Test::All)
    }

    /// Whether one of them holds.
    pub fn any(tests: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(tests, Test::Any)
    }

    fn joined(tests: impl IntoIterator<Item = Self>, join: fn(Vec<Test>) -> Test) -> Self {
        let mut tests: Vec<Test> = tests.into_iter().map(|test| test.0).collect();
        Self(if tests.len() == 1 {
            tests.remove(0)
        } else {
            join(tests)
        })
    }
}

impl std::ops::Not for CsTest {
    type Output = Self;

    fn not(self) -> Self {
        Self(Test::Not(Box::new(self.0)))
    }
}

impl CsExpr {
    /// The expression as a policy has it: `@(…)`. Every line break in it is layout.
    pub fn code(&self) -> String {
        match self {
            Self::Test(CsTest(test)) => match test {
                // One operand on a line, so that one more is one line more.
                Test::All(tests) if tests.len() > 2 => lines(tests, "&&"),
                Test::Any(tests) if tests.len() > 2 => lines(tests, "||"),
                test => format!("@({})", print(test, false)),
            },
            Self::Text(CsText(value)) => format!("@({})", print_value(value, false)),
        }
    }
}

fn lines(tests: &[Test], operator: &str) -> String {
    let mut code = String::from("@(");
    for (position, test) in tests.iter().enumerate() {
        code.push_str("\n  ");
        if position > 0 {
            code.push_str(operator);
            code.push(' ');
        }
        code.push_str(&print(test, true));
    }
    code.push_str("\n)");
    code
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
        Test::Not(test) => match &**test {
            Test::Equals(value, text) => {
                format!("{} != {}", print_value(value, true), literal(text))
            }
            Test::Operation(id) => format!("context.Operation?.Id != {}", literal(id.as_str())),
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
    }
}

fn parenthesised(code: String, is_operand: bool) -> String {
    if is_operand {
        format!("({code})")
    } else {
        code
    }
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
                        units.push(
                            u16::from_str_radix(&digits, 16)
                                .ok()
                                .filter(|_| digits.len() == 4)?,
                        );
                    }
                    _ => return None,
                },
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => return None,
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
        chars
            .next()
            .is_none()
            .then(|| String::from_utf16(&units).ok())?
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
