//! Values as source, framed so that `layout` leaves them as the target's own formatter would: two spaces, one item per line if they do
//! not fit into one.

use super::{Expression, Field, Part, Value};
use crate::emit::{layout, text};

/// The syntax of a language for values.
#[derive(Debug, Clone, Copy)]
pub struct Syntax {
    string: fn(&str) -> String,
    quote: char,
    /// The text between the quotes; does an expression follow it?
    body: fn(&str, bool) -> String,
    key: fn(&str) -> String,
    /// Between a key and its value.
    separator: &'static str,
    /// After each item of a list that has a line of its own.
    item_end: &'static str,
}

/// Bicep, as `bicep format` leaves it.
pub const BICEP: Syntax = Syntax {
    string: text::bicep,
    quote: '\'',
    body: |text, _| text::bicep_body(text),
    key: text::bicep_key,
    separator: ": ",
    item_end: "",
};

/// HCL, as `terraform fmt` leaves it once `align` has been over it. The width of lines is our own: `terraform fmt` has none.
pub const HCL: Syntax =
    Syntax { string: text::hcl, quote: '"', body: text::hcl_body, key: text::hcl_key, separator: " = ", item_end: "," };

impl Syntax {
    /// A value.
    pub fn value(&self, value: &Value) -> String {
        self.ended(value, "")
    }

    /// The lines of an object or a block without its braces.
    pub fn fields(&self, fields: &[Field]) -> String {
        layout::block(&self.lines(fields).collect::<Vec<_>>().join("\n"))
    }

    /// A quoted string.
    pub fn string(&self, text: &str) -> String {
        (self.string)(text)
    }

    /// A key of an object: bare if the language allows it, otherwise quoted.
    pub fn key(&self, key: &str) -> String {
        (self.key)(key)
    }

    /// A value without line breaks, for use as an expression.
    pub fn expression(&self, value: &Value) -> Expression {
        Expression::printed(self.one_line(value))
    }

    /// A value followed by `end` on its last line.
    fn ended(&self, value: &Value, end: &str) -> String {
        if value.is_simple() {
            return self.one_line(value) + end;
        }
        let broken = self.broken(value) + end;
        if is_flat(value) { layout::either(&(self.one_line(value) + end), &broken) } else { layout::block(&broken) }
    }

    fn broken(&self, value: &Value) -> String {
        let (open, lines, close): (_, Vec<_>, _) = match value {
            Value::List(items) | Value::Lines(items) => {
                ('[', items.iter().map(|item| self.ended(item, self.item_end)).collect(), ']')
            }
            Value::Object(fields) | Value::Row(fields) => ('{', self.lines(fields).collect(), '}'),
            _ => return self.one_line(value),
        };
        format!("{open}\n  {}\n{close}", lines.join("\n  "))
    }

    fn lines(&self, fields: &[Field]) -> impl Iterator<Item = String> {
        fields.iter().map(|(key, item)| format!("{}{}{}", self.key(key), self.separator, self.value(item)))
    }

    fn one_line(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => self.string(text),
            Value::Number(number) => number.to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::Reference(expression) => expression.as_str().to_owned(),
            Value::Interpolated(parts) => self.interpolated(parts),
            Value::List(items) | Value::Lines(items) => {
                format!("[{}]", items.iter().map(|item| self.one_line(item)).collect::<Vec<_>>().join(", "))
            }
            Value::Object(fields) | Value::Row(fields) if fields.is_empty() => "{}".to_owned(),
            Value::Object(fields) | Value::Row(fields) => {
                let fields = fields
                    .iter()
                    .map(|(key, value)| format!("{}{}{}", self.key(key), self.separator, self.one_line(value)));
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn interpolated(&self, parts: &[Part]) -> String {
        let parts = joined(parts);
        if let [Part::Reference(expression)] = parts.as_slice() {
            return expression.as_str().to_owned();
        }
        let mut out = String::from(self.quote);
        for (at, part) in parts.iter().enumerate() {
            match part {
                // Never two strings in a row: a reference follows.
                Part::Text(text) => out.push_str(&(self.body)(text, at + 1 < parts.len())),
                Part::Reference(expression) => out.extend(["${", expression.as_str(), "}"]),
            }
        }
        out.push(self.quote);
        out
    }
}

/// A call of a function of Bicep: on its line if it fits, else one argument per line.
pub fn call(name: &'static str, arguments: &[Expression]) -> Expression {
    let arguments: Vec<_> = arguments.iter().map(Expression::as_str).collect();
    let line = format!("{name}({})", arguments.join(", "));
    Expression::printed(layout::either(&line, &format!("{name}(\n  {}\n)", arguments.join(",\n  "))))
}

/// True if the value goes on one line when it fits.
fn is_flat(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(Value::is_simple),
        Value::Row(fields) => fields.iter().all(|(_, value)| is_flat(value)),
        value => value.is_simple(),
    }
}

/// Parts with neighbouring texts joined and empty ones gone: `$` and `{` of two texts must be encoded together.
fn joined(parts: &[Part]) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (joined.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(text),
            _ => joined.push(part.clone()),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::layout::layout;

    fn backend() -> Value {
        let range = |min, max| Value::Row(vec![("min".into(), Value::Number(min)), ("max".into(), Value::Number(max))]);
        Value::object([
            ("name", Value::text("O'Brien, \"hi\"")),
            (
                "url",
                Value::Interpolated(vec![
                    Part::Text("https://$".into()),
                    Part::Reference(Expression::fixed("host")),
                    Part::Text("/{openai}$".into()),
                    Part::Text("{x}".into()),
                ]),
            ),
            ("same", Value::Interpolated(vec![Part::Text(String::new()), Part::Reference(Expression::fixed("host"))])),
            ("protocols", Value::List(vec![Value::text("https"), Value::text("wss")])),
            ("api-key", Value::List(vec![])),
            ("order", Value::Lines(vec![Value::Reference(Expression::fixed("backends"))])),
            ("ranges", Value::List(vec![range(429, 429), range(-1, 503)])),
            ("empty", Value::object::<String>([])),
            ("row", Value::Row(vec![("bytes".into(), Value::Number(0))])),
            ("long", Value::List((0..3).map(|_| Value::text("x".repeat(40))).collect())),
        ])
    }

    #[test]
    fn a_backend_in_bicep() {
        insta::assert_snapshot!(layout(&format!("  a: {}", BICEP.value(&backend()))), @r#"
        a: {
          name: 'O\'Brien, "hi"'
          url: 'https://$${host}/{openai}\${x}'
          same: host
          protocols: ['https', 'wss']
          'api-key': []
          order: [
            backends
          ]
          ranges: [
            { min: 429, max: 429 }
            { min: -1, max: 503 }
          ]
          empty: {}
          row: { bytes: 0 }
          long: [
            'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
            'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
            'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
          ]
        }
        "#);
    }

    #[test]
    fn a_backend_in_hcl() {
        insta::assert_snapshot!(layout(&format!("  a = {}", HCL.value(&backend()))), @r#"
        a = {
          name = "O'Brien, \"hi\""
          url = "https://\u0024${host}/{openai}$${x}"
          same = host
          protocols = ["https", "wss"]
          "api-key" = []
          order = [
            backends,
          ]
          ranges = [
            { min = 429, max = 429 },
            { min = -1, max = 503 },
          ]
          empty = {}
          row = { bytes = 0 }
          long = [
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
          ]
        }
        "#);
    }

    #[test]
    fn calls_break_past_the_width() {
        let arguments = [Expression::fixed("subscription().subscriptionId"), Expression::fixed("group")];
        let call = call("resourceGroup", &arguments).then("[0]");
        let at = |used: usize| layout(&format!("{:used$}{}", "  a:", call.as_str()));
        assert_eq!(at(69).lines().count(), 1);
        insta::assert_snapshot!(at(70), @r#"
        a:                                                                  resourceGroup(
          subscription().subscriptionId,
          group
        )[0]
        "#);
    }
}
