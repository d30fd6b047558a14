//! Values as Bicep, laid out as `bicep format` leaves them: two spaces, one item per line without commas, 120 columns.

use crate::emit::{
    refuse::Fragment,
    text,
    value::{Expression, Field, Part, Value, WIDTH, joined, width},
};

/// A value on a line that is indented by `indent` and already has `used` columns, indentation included.
pub fn value(value: &Value, indent: usize, used: usize) -> String {
    match flat(value) {
        Some(line) if value.is_simple() || used + width(&line) <= WIDTH => line,
        _ => broken(value, indent),
    }
}

/// The lines of an object without its braces, the first one without its indentation.
pub fn fields(fields: &[Field], indent: usize) -> String {
    let lines = fields.iter().map(|(key, item)| {
        let key = text::bicep_key(key);
        let item = value(item, indent, indent + width(&key) + 2);
        format!("{key}: {item}")
    });
    lines.collect::<Vec<_>>().join(&line_break(indent))
}

/// A value without line breaks, where an expression is wanted.
pub fn expression(value: &Value) -> Expression {
    Expression::printed(one_line(value))
}

/// A call behind `used` columns of a line indented by `indent`: on that line if it fits, else one argument per line.
pub fn call(name: &'static str, arguments: &[Expression], indent: usize, used: usize) -> Fragment {
    let arguments: Vec<_> = arguments.iter().map(Expression::as_str).collect();
    let line = format!("{name}({})", arguments.join(", "));
    if arguments.is_empty() || used + width(&line) <= WIDTH {
        return Fragment::from(&Expression::printed(line));
    }
    let inner = line_break(indent + 2);
    let arguments = arguments.join(&format!(",{inner}"));
    Fragment::from(&Expression::printed(format!("{name}({inner}{arguments}{})", line_break(indent))))
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
        Value::Text(text) => text::bicep(text),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Reference(expression) => expression.as_str().to_owned(),
        Value::Interpolated(parts) => interpolated(parts),
        Value::List(items) | Value::Lines(items) => {
            format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) | Value::Row(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) | Value::Row(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}: {}", text::bicep_key(key), one_line(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

fn broken(whole: &Value, indent: usize) -> String {
    let inner = line_break(indent + 2);
    let outer = line_break(indent);
    match whole {
        Value::List(items) | Value::Lines(items) => {
            let items = items.iter().map(|item| value(item, indent + 2, indent + 2));
            format!("[{inner}{}{outer}]", items.collect::<Vec<_>>().join(&inner))
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
    let parts = parts.iter().map(|part| match part {
        Part::Text(text) => text::bicep_body(text),
        Part::Reference(expression) => format!("${{{}}}", expression.as_str()),
    });
    format!("'{}'", parts.collect::<String>())
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
            ("name", Value::text("O'Brien")),
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
            ("dependsOn", Value::Lines(vec![Value::Reference(Expression::fixed("backends"))])),
            ("ranges", Value::List(vec![range(429, 429), range(-1, 503)])),
            ("empty", Value::object::<String>([])),
            ("long", Value::List((0..3).map(|_| Value::text("x".repeat(40))).collect())),
        ]);
        insta::assert_snapshot!(value(&tree, 2, 2), @r#"
        {
            name: 'O\'Brien'
            url: 'https://$${host}/{openai}\${x}'
            same: host
            protocols: ['https', 'wss']
            'api-key': []
            dependsOn: [
              backends
            ]
            ranges: [
              { min: 429, max: 429 }
              { min: -1, max: 503 }
            ]
            empty: {}
            long: [
              'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
              'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
              'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
            ]
          }
        "#);
    }

    #[test]
    fn calls_break_past_the_width() {
        let arguments = [Expression::fixed("subscription().subscriptionId"), Expression::fixed("group")];
        insta::assert_snapshot!(Fragment::nested(&call("resourceGroup", &arguments, 2, 9), 0), @"resourceGroup(subscription().subscriptionId, group)");
        insta::assert_snapshot!(Fragment::nested(&call("resourceGroup", &arguments, 2, 69), 0), @"resourceGroup(subscription().subscriptionId, group)");
        insta::assert_snapshot!(Fragment::nested(&call("resourceGroup", &arguments, 2, 70), 0), @r#"
        resourceGroup(
            subscription().subscriptionId,
            group
          )
        "#);
    }
}
