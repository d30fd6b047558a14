//! Values as HCL, laid out as `terraform fmt` leaves them: two spaces, a comma behind every item of a list with
//! lines of its own. `align` puts the `=` of neighbours below each other later.

use crate::emit::{
    text,
    value::{Expression, Field, Part, Value, WIDTH, joined, width},
};

/// A value on a line that is indented by `indent` and already has `used` columns, indentation included.
pub fn value(value: &Value, indent: usize, used: usize) -> String {
    match flat(value) {
        // `terraform fmt` has no width: this one is ours, and `align` pads later, so that no neighbour changes the layout.
        Some(line) if value.is_simple() || used + width(&line) <= WIDTH => line,
        _ => broken(value, indent),
    }
}

/// The lines of an object or a block without its braces, the first one without its indentation.
pub fn fields(fields: &[Field], indent: usize) -> String {
    let lines = fields.iter().map(|(key, item)| {
        let key = text::hcl_key(key);
        let item = value(item, indent, indent + width(&key) + 3);
        format!("{key} = {item}")
    });
    lines.collect::<Vec<_>>().join(&line_break(indent))
}

/// A value without line breaks, where an expression is wanted.
pub fn expression(value: &Value) -> Expression {
    Expression::printed(one_line(value))
}

/// The value on one line, if a reader would want it there.
fn flat(value: &Value) -> Option<String> {
    match value {
        Value::List(items) if items.iter().all(Value::is_simple) => Some(one_line(value)),
        Value::Row(fields) if fields.iter().all(|(_, value)| flat(value).is_some()) => Some(one_line(value)),
        value if value.is_simple() => Some(one_line(value)),
        _ => None,
    }
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Text(text) => text::hcl(text),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Reference(expression) => expression.as_str().to_owned(),
        Value::Interpolated(parts) => interpolated(parts),
        Value::List(items) | Value::Lines(items) => {
            format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) | Value::Row(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) | Value::Row(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{} = {}", text::hcl_key(key), one_line(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

fn broken(whole: &Value, indent: usize) -> String {
    let inner = line_break(indent + 2);
    let outer = line_break(indent);
    match whole {
        Value::List(items) | Value::Lines(items) => {
            let items = items.iter().map(|item| format!("{inner}{},", value(item, indent + 2, indent + 3)));
            format!("[{}{outer}]", items.collect::<String>())
        }
        Value::Object(items) | Value::Row(items) => {
            format!("{{{inner}{}{outer}}}", fields(items, indent + 2))
        }
        _ => one_line(whole),
    }
}

fn interpolated(parts: &[Part]) -> String {
    let parts = joined(parts);
    if let [Part::Reference(expression)] = parts.as_slice() {
        return expression.as_str().to_owned();
    }
    let mut out = String::from("\"");
    for (at, part) in parts.iter().enumerate() {
        match part {
            // Never two texts in a row: whatever follows is a reference.
            Part::Text(text) => out.push_str(&text::hcl_body(text, at + 1 < parts.len())),
            Part::Reference(expression) => out.extend(["${", expression.as_str(), "}"]),
        }
    }
    out.push('"');
    out
}

fn line_break(indent: usize) -> String {
    format!("\n{}", " ".repeat(indent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend() {
        let range = |min, max| Value::Row(vec![("min".into(), Value::Number(min)), ("max".into(), Value::Number(max))]);
        let tree = Value::object([
            ("name", Value::text("say \"hi\"")),
            (
                "url",
                Value::Interpolated(vec![
                    Part::Text("https://$".into()),
                    Part::Reference(Expression::fixed("local.host")),
                    Part::Text("/{openai}$".into()),
                    Part::Text("{x}".into()),
                ]),
            ),
            (
                "same",
                Value::Interpolated(vec![Part::Text(String::new()), Part::Reference(Expression::fixed("local.host"))]),
            ),
            ("protocols", Value::List(vec![Value::text("https"), Value::text("wss")])),
            ("api-key", Value::List(vec![])),
            ("depends_on", Value::Lines(vec![Value::Reference(Expression::fixed("azapi_resource.x"))])),
            ("ranges", Value::List(vec![range(429, 429), range(-1, 503)])),
            ("empty", Value::object::<String>([])),
            ("b", Value::Row(vec![("bytes".into(), Value::Number(0))])),
            ("long", Value::List((0..3).map(|_| Value::text("x".repeat(40))).collect())),
        ]);
        insta::assert_snapshot!(value(&tree, 2, 2), @r#"
        {
            name = "say \"hi\""
            url = "https://\u0024${local.host}/{openai}$${x}"
            same = local.host
            protocols = ["https", "wss"]
            "api-key" = []
            depends_on = [
              azapi_resource.x,
            ]
            ranges = [
              { min = 429, max = 429 },
              { min = -1, max = 503 },
            ]
            empty = {}
            b = { bytes = 0 }
            long = [
              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ]
          }
        "#);
    }
}
