//! What texts become, and where they end at a limit.

use super::{DEFINITION_LIMITS, Document, Failure, GATEWAY_LIMITS, Language, Limits, Numbers, value};

fn json(text: &str) -> Result<Document, Failure> {
    value(text, Language::Json, Numbers::Copied, DEFINITION_LIMITS)
}

fn yaml(text: &str) -> Result<Document, Failure> {
    value(text, Language::Yaml, Numbers::Copied, DEFINITION_LIMITS)
}

#[test]
fn yaml_becomes_the_json_it_means() {
    let table = [
        ("200: a\n'404': b\n~: c\n1.10: d", r#"{"200":"a","404":"b","~":"c","1.10":"d"}"#),
        ("z: 1\na: 2\nm: 3", r#"{"z":1,"a":2,"m":3}"#),
        ("when: 2024-01-01\nyes: on", r#"{"when":"2024-01-01","yes":"on"}"#),
        ("a: &x {b: 1}\nc: *x", r#"{"a":{"b":1},"c":{"b":1}}"#),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", r#"{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}"#),
        ("a: !tag text\nb: !!str 1", r#"{"a":"text","b":"1"}"#),
        ("a: .inf\nb:\nc: 1.0", r#"{"a":"inf","b":null,"c":1.0}"#),
    ];
    for (text, expected) in table {
        let document = yaml(text).unwrap();
        assert_eq!(document.value.to_string(), expected);
        assert!(document.duplicates.is_empty());
    }
}

#[test]
fn merges_have_one_rule() {
    let text = "a: &a {x: 1, y: 1}\nb: {<<: [*a, {y: 2, z: 2}, 5], z: 3}\nc: {<<: [{<<: !t 7, w: 1}], <<: *a}\n";
    for (numbers, limits) in [(Numbers::Checked, GATEWAY_LIMITS), (Numbers::Copied, DEFINITION_LIMITS)] {
        let document = value(text, Language::Yaml, numbers, limits).unwrap();
        let expected = r#"{"a":{"x":1,"y":1},"b":{"z":3,"x":1,"y":1},"c":{"w":1,"x":1,"y":1}}"#;
        assert_eq!(document.value.to_string(), expected);
        let bad: Vec<_> = document.bad_merges.iter().map(ToString::to_string).collect();
        assert_eq!(bad, ["b", "c"]);
        assert_eq!(document.duplicates[0].to_string(), "c");
    }
    assert_eq!(json(r#"{"<<": {"a": 1}}"#).unwrap().value.to_string(), r#"{"<<":{"a":1}}"#);
}

#[test]
fn a_key_that_stands_twice_is_found() {
    for read in [json, yaml] {
        let document = read(r#"{"a": {"b": 1, "c": 2, "b": 3}}"#).unwrap();
        assert_eq!(document.duplicates[0].to_string(), "a.b");
        assert_eq!(document.value.to_string(), r#"{"a":{"b":1,"c":2}}"#);
    }
}

#[test]
fn syntax_is_located() {
    let table = [
        (json as fn(&str) -> _, "\u{feff}{\"a\": ü}", "ü"),
        (json, "{\n  \"a\": 1,\n}", "}"),
        (json, "{} x", "x"),
        (json, "{", "{"),
        (yaml, "a: 1\nü: [", ""),
        (yaml, "a: 1\n\tb: 2", "\t"),
    ];
    for (read, text, at) in table {
        let Err(Failure::Syntax { range, message }) = read(text) else {
            panic!("{text:?} is no syntax error");
        };
        assert_eq!(&text[range], at, "{text:?}: {message}");
    }
}

#[test]
fn bombs_are_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let item = format!("*a{}", level - 1);
        laughs += &format!("a{level}: &a{level} [{}]\n", [item.as_str(); 10].join(", "));
    }
    assert!(yaml(&laughs).is_err());

    let text = format!("a: &a {}\nb: [{}]", "x".repeat(1 << 20), "*a, ".repeat(50));
    assert!(matches!(yaml(&text), Err(Failure::Large)));

    for (read, text) in [
        (json as fn(&str) -> _, "[".repeat(100_000)),
        (json, "{\"a\":".repeat(125)),
        (yaml, "{a: ".repeat(500_000)),
        (yaml, format!("{}1{}", "[".repeat(125), "]".repeat(125))),
    ] {
        assert!(matches!(read(&text), Err(Failure::Deep(_))));
    }
    let fine = format!("{}1{}", "[".repeat(119), "]".repeat(119));
    assert!(json(&fine).is_ok() && yaml(&fine).is_ok());
}

#[test]
fn each_limit_counts() {
    let few = Limits { levels: 3, nodes: 5, bytes: 8, brackets: 3 };
    let read = |text: &str| value(text, Language::Yaml, Numbers::Copied, few);
    for fine in
        ["[1, 2, 3, 4]", "a: [1, 2]", "{a: 1, b: 2, c: 3, d: 4}", "a: xxxxxxx", "[!t [1]]", "- 1\n- 2\n- 3\n- 4\n"]
    {
        assert!(read(fine).is_ok(), "{fine}");
    }
    for large in ["[1, 2, 3, 4, 5]", "- 1\n- 2\n- 3\n- 4\n- 5\n", "{a: 1, b: 2, c: 3, d: 4, e: 5}", "a: xxxxxxxx"] {
        assert!(matches!(read(large), Err(Failure::Large)), "{large}");
    }
    for deep in ["a: {b: [[1]]}", "- - - 1"] {
        assert!(matches!(read(deep), Err(Failure::Deep(_))), "{deep}");
    }
}
