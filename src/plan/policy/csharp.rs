//! C# 7 as trees of vetted pieces. Each is null-safe by itself: whatever a request looks like, it throws nothing. This is the
//! only file that makes text of C#.

/// An expression of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsExpr {
    /// One that gives text.
    Text(CsText),
    /// One that gives true or false.
    Condition(Condition),
}

/// An expression that gives text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsText {
    /// Text as its author meant it.
    Literal(String),
    /// The first of these parameters that the operation's path has; empty if it has none (reference apim-policies §3).
    PathParameter(Vec<String>),
    /// A text variable that a policy before has set; empty if none has.
    Variable(&'static str),
    /// The operation's id; null if the request has none, which equals no text.
    OperationId,
}

/// An expression that gives true or false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Both are the same text, upper and lower case told apart.
    Equal(CsText, CsText),
    /// They are not.
    Differ(CsText, CsText),
    /// At least one holds.
    Any(Vec<Self>),
    /// Every one holds.
    All(Vec<Self>),
}

impl CsExpr {
    /// The expression as it stands in a policy, before XML.
    pub fn source(&self) -> String {
        let mut out = String::from("@(");
        match self {
            Self::Text(text) => text.write(&mut out),
            Self::Condition(condition) => condition.write(&mut out),
        }
        out.push(')');
        out
    }
}

impl From<CsText> for CsExpr {
    fn from(text: CsText) -> Self {
        Self::Text(text)
    }
}

impl From<Condition> for CsExpr {
    fn from(condition: Condition) -> Self {
        Self::Condition(condition)
    }
}

impl CsText {
    /// Text as its author meant it.
    pub fn lit(text: impl Into<String>) -> Self {
        Self::Literal(text.into())
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Literal(text) => literal(text, out),
            Self::PathParameter(names) => {
                // An indexer throws where there is none.
                for name in names {
                    out.push_str("context.Request.MatchedParameters.ContainsKey(");
                    literal(name, out);
                    out.push_str(") ? context.Request.MatchedParameters[");
                    literal(name, out);
                    out.push_str("] : ");
                }
                out.push_str("\"\"");
            }
            Self::Variable(name) => {
                out.push_str("context.Variables.GetValueOrDefault<string>(");
                literal(name, out);
                out.push_str(", \"\")");
            }
            Self::OperationId => out.push_str("context.Operation?.Id"),
        }
    }

    /// As a part of a larger expression.
    fn write_operand(&self, out: &mut String) {
        let binds_loosely = matches!(self, Self::PathParameter(_));
        if binds_loosely {
            out.push('(');
        }
        self.write(out);
        if binds_loosely {
            out.push(')');
        }
    }
}

impl Condition {
    /// The text is one of these; nothing is one of none.
    pub fn is_one_of<'a>(text: &CsText, values: impl IntoIterator<Item = &'a str>) -> Self {
        let equal = |value| Self::Equal(text.clone(), CsText::lit(value));
        Self::Any(values.into_iter().map(equal).collect())
    }

    /// The text is none of these.
    pub fn is_none_of<'a>(text: &CsText, values: impl IntoIterator<Item = &'a str>) -> Self {
        let differ = |value| Self::Differ(text.clone(), CsText::lit(value));
        Self::All(values.into_iter().map(differ).collect())
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Equal(a, b) => compare(a, "==", b, out),
            Self::Differ(a, b) => compare(a, "!=", b, out),
            Self::Any(all) => join(all, " || ", "false", out),
            Self::All(all) => join(all, " && ", "true", out),
        }
    }
}

fn compare(a: &CsText, operator: &str, b: &CsText, out: &mut String) {
    a.write_operand(out);
    out.push(' ');
    out.push_str(operator);
    out.push(' ');
    b.write_operand(out);
}

/// Conditions with an operator between them; `empty` if there is none.
fn join(all: &[Condition], operator: &str, empty: &str, out: &mut String) {
    if all.is_empty() {
        out.push_str(empty);
    }
    for (at, condition) in all.iter().enumerate() {
        if at > 0 {
            out.push_str(operator);
        }
        let is_group = matches!(condition, Condition::Any(_) | Condition::All(_));
        if is_group && all.len() > 1 {
            out.push('(');
            condition.write(out);
            out.push(')');
        } else {
            condition.write(out);
        }
    }
}

/// A string literal. The only caller of user text in C#.
fn literal(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            // `{{` would be a named value, also in here (reference apim-policies §1.7).
            '{' | '}' => push_unit(c as u16, out),
            ' '..='~' => out.push(c),
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    push_unit(*unit, out);
                }
            }
        }
    }
    out.push('"');
}

fn push_unit(unit: u16, out: &mut String) {
    out.push_str(&format!("\\u{unit:04X}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_anything() {
        for (text, expected) in [
            ("gpt-4o", "\"gpt-4o\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("{{x}}", "\"\\u007B\\u007Bx\\u007D\\u007D\""),
            ("é\n", "\"\\u00E9\\u000A\""),
            ("🦀", "\"\\uD83E\\uDD80\""),
        ] {
            let mut out = String::new();
            literal(text, &mut out);
            assert_eq!(out, expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn literals_are_ascii_on_one_line_and_come_back(text: String) {
            let mut out = String::new();
            literal(&text, &mut out);
            assert!(out.chars().all(|c| (' '..='~').contains(&c)));
            assert!(!out.contains("{{") && !out.contains("}}"));
            // JSON has the same escapes.
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }

    #[test]
    fn expressions() {
        let model = CsText::Variable("model");
        let deployment = CsText::PathParameter(vec!["deployment-id".to_owned()]);
        let table = [
            CsExpr::from(deployment.clone()),
            Condition::is_one_of(&model, ["a", "b"]).into(),
            Condition::is_none_of(&model, ["a"]).into(),
            Condition::is_one_of(&model, []).into(),
            Condition::Equal(deployment, CsText::OperationId).into(),
            Condition::All(vec![
                Condition::is_one_of(&model, ["a", "b"]),
                Condition::Equal(CsText::OperationId, CsText::lit("x")),
            ])
            .into(),
        ];
        let all: Vec<String> = table.iter().map(CsExpr::source).collect();
        insta::assert_snapshot!(all.join("\n"), @r#"
        @(context.Request.MatchedParameters.ContainsKey("deployment-id") ? context.Request.MatchedParameters["deployment-id"] : "")
        @(context.Variables.GetValueOrDefault<string>("model", "") == "a" || context.Variables.GetValueOrDefault<string>("model", "") == "b")
        @(context.Variables.GetValueOrDefault<string>("model", "") != "a")
        @(false)
        @((context.Request.MatchedParameters.ContainsKey("deployment-id") ? context.Request.MatchedParameters["deployment-id"] : "") == context.Operation?.Id)
        @((context.Variables.GetValueOrDefault<string>("model", "") == "a" || context.Variables.GetValueOrDefault<string>("model", "") == "b") && context.Operation?.Id == "x")
        "#);
    }
}
