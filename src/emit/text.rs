//! Encoders, one per context: text as its author meant it goes in, source of the target comes out.
//! Pure functions of the text alone; where a context is used is the templates' matter.

use std::fmt::Write;

/// Characters that a reviewer cannot see or that reorder the line: all controls, line separators, bidi controls, zero-width characters
/// (but not the joiners that emoji and Persian need), tags and noncharacters.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
        )
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Writing to a `String` cannot fail.
macro_rules! put {
    ($out:expr, $($format:tt)*) => { write!($out, $($format)*).expect("text: a string takes everything") };
}

/// A quoted Bicep string: `'…'`.
pub fn bicep(text: &str) -> String {
    format!("'{}'", bicep_body(text))
}

/// The text between the quotes of a Bicep string or of one of its parts; no part of text follows another.
pub(super) fn bicep_body(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            c if is_hidden(c) => put!(out, "\\u{{{:x}}}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

/// A key of a Bicep object, bare if it may be: the linter objects to needless quotes.
pub fn bicep_key(key: &str) -> String {
    if is_word(key, |c| c == '_') && !matches!(key, "true" | "false" | "null") { key.to_owned() } else { bicep(key) }
}

/// A quoted HCL string: `"…"`. Terraform itself turns text into NFC; nothing here can prevent it.
pub fn hcl(text: &str) -> String {
    format!("\"{}\"", hcl_body(text, false))
}

/// The text between the quotes of an HCL string, which may be one part of several: does `${` of ours follow?
pub(super) fn hcl_body(text: &str, before_reference: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            // Followed by our `${`, a dollar would make a `$${`.
            '$' if before_reference && chars.peek().is_none() => out.push_str("\\u0024"),
            c if is_hidden(c) && u32::from(c) > 0xFFFF => put!(out, "\\U{:08x}", u32::from(c)),
            c if is_hidden(c) => put!(out, "\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

/// A key of an HCL object, bare if it is a plain word: `{ for …` would start a loop, `null` would be no text.
pub fn hcl_key(key: &str) -> String {
    let is_plain = is_word(key, |c| c == '_') && !matches!(key, "true" | "false" | "null" | "for");
    if is_plain { key.to_owned() } else { hcl(key) }
}

/// True if the text has only ASCII letters, digits and what `also` allows, and does not start with a digit.
fn is_word(text: &str, also: impl Fn(char) -> bool) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || also(c))
}

/// Inline text of Markdown, in a paragraph, a list item or a table cell; never code, HTML, a link or a heading.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut is_number = true; // "1." at the start of a line is a list
    for (at, c) in text.chars().enumerate() {
        let is_special = match c {
            '\\' | '`' | '|' | '<' | '>' | '*' | '_' | '[' | ']' | '&' | '~' => true,
            '#' | '+' | '-' | '=' => at == 0,
            '.' | ')' => at > 0 && is_number,
            _ => false,
        };
        is_number &= c.is_ascii_digit();
        if is_special {
            out.push('\\');
        }
        out.push(visible(c));
    }
    out
}

/// Text as Markdown code, in a paragraph or a table cell.
pub fn code_span(text: &str) -> String {
    // A bar would end a table cell, its escape would show outside of one, and a code span cannot be empty: HTML holds all.
    if text.is_empty() || text.contains('|') {
        let mut out = String::from("<code>");
        for c in text.chars().map(visible) {
            if c.is_ascii_punctuation() {
                put!(out, "&#{};", u32::from(c));
            } else {
                out.push(c);
            }
        }
        out.push_str("</code>");
        return out;
    }
    let text: String = text.chars().map(visible).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Markdown takes one space from both ends, unless there is nothing else.
    let is_blank = text.trim_matches(' ').is_empty();
    let is_padded = text.starts_with('`') || text.ends_with('`') || text.starts_with(' ') && text.ends_with(' ');
    let pad = if is_padded && !is_blank { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Line breaks and tabs become spaces, invisible characters the replacement character.
fn visible(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if is_hidden(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// One argument of a POSIX shell command, bare if no shell gives it a meaning. No argument can contain NUL: it is omitted.
pub fn shell(text: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+,-".contains(c);
    if !text.is_empty() && !text.starts_with('=') && text.chars().all(is_safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\0', "").replace('\'', "'\\''"))
}

/// Text between the double quotes of a POSIX shell, where `$`, backquotes and backslashes mean something.
pub fn shell_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| *c != '\0') {
        if matches!(c, '\\' | '"' | '$' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A string of JMESPath, the language of `--query`. Where a backslash would be read as an escape, it is a JSON literal.
pub fn jmespath(text: &str) -> String {
    if text.contains('\\') {
        let json = serde_json::Value::from(text).to_string();
        return format!("`{}`", json.replace('`', "\\u0060"));
    }
    format!("'{}'", text.replace('\'', "\\'"))
}

/// Text inside a comment that ends with its line. What would end the line, or is not seen, is spelled out.
pub fn line_comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            put!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Text inside an XML comment, which must not hold two hyphens in a row. What is not seen is spelled out, and so is the second of two
/// braces: the service looks for named values before it reads the XML (reference apim-policies §1.7).
pub fn xml_comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in line_comment(text).chars() {
        if c == '-' && out.ends_with('-') {
            out.push_str("\\u{2d}");
        } else if c == '{' && out.ends_with('{') {
            out.push_str("\\u{7b}");
        } else {
            out.push(c);
        }
    }
    out
}

/// Text inside a double-quoted attribute of XML, whose parsers make spaces of tabs and line breaks.
pub fn xml_attribute(text: &str) -> String {
    xml(text, |c| matches!(c, '"' | '\t' | '\n' | '\r'))
}

/// Text between the tags of an XML element.
pub fn xml_text(text: &str) -> String {
    xml(text, |c| matches!(c, '\n' | '\r'))
}

/// Text with what is markup, not seen or `special` as entities.
fn xml(text: &str, special: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if special(c) => out.push_str("&quot;"),
            c if special(c) || is_hidden(c) && c != '\t' => put!(out, "&#x{:X};", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encode: fn(&str) -> String, table: &[(&str, &str)]) {
        for (text, expected) in table {
            assert_eq!(&encode(text), expected, "{text:?}");
        }
    }

    #[test]
    fn bicep_strings() {
        check(
            bicep,
            &[
                ("", "''"),
                ("plain", "'plain'"),
                ("O'Brien", r"'O\'Brien'"),
                (r"C:\new", r"'C:\\new'"),
                ("${x}", r"'\${x}'"),
                ("$${x} $ {", r"'$\${x} $ {'"),
                ("%{x} {{y}} @(z) ]]>", "'%{x} {{y}} @(z) ]]>'"),
                ("'''", r"'\'\'\''"),
                ("a\r\n\tb", r"'a\r\n\tb'"),
                ("\0\u{1b}\u{7f}\u{85}\u{9f}", r"'\u{0}\u{1b}\u{7f}\u{85}\u{9f}'"),
                ("\u{2028}\u{2029}\u{202e}\u{2066}\u{feff}", r"'\u{2028}\u{2029}\u{202e}\u{2066}\u{feff}'"),
                ("é 日本 👩\u{200d}💻 עברית", "'é 日本 👩\u{200d}💻 עברית'"),
                ("\u{e0041}\u{10ffff}", r"'\u{e0041}\u{10ffff}'"),
            ],
        );
    }

    #[test]
    fn hcl_strings() {
        check(
            hcl,
            &[
                ("", r#""""#),
                (r#"say "hi""#, r#""say \"hi\"""#),
                (r"C:\new", r#""C:\\new""#),
                ("${x} %{y}", r#""$${x} %%{y}""#),
                ("$${x}", r#""$$${x}""#),
                ("%${x}", r#""%$${x}""#),
                ("100 % of $5 {", r#""100 % of $5 {""#),
                ("a\r\n\tb", r#""a\r\n\tb""#),
                ("\0\u{85}\u{2028}\u{202e}\u{feff}", r#""\u0000\u0085\u2028\u202e\ufeff""#),
                ("\u{e0041}", r#""\U000e0041""#),
                ("O'Brien 🙂", r#""O'Brien 🙂""#),
            ],
        );
    }

    #[test]
    fn keys() {
        check(
            bicep_key,
            &[
                ("name", "name"),
                ("_x9", "_x9"),
                ("resource", "resource"),
                ("null", "'null'"),
                ("api-key", "'api-key'"),
                ("9x", "'9x'"),
                ("", "''"),
                ("é", "'é'"),
            ],
        );
        check(
            hcl_key,
            &[
                ("name", "name"),
                ("for", "\"for\""),
                ("true", "\"true\""),
                ("api-key", "\"api-key\""),
                ("9x", "\"9x\""),
                ("", "\"\""),
                ("${x}", "\"$${x}\""),
            ],
        );
    }

    #[test]
    fn xml() {
        check(
            xml_attribute,
            &[
                ("", ""),
                ("O'Brien & \"Söhne\"", "O'Brien &amp; &quot;Söhne&quot;"),
                ("</a> ]]> <!--", "&lt;/a&gt; ]]&gt; &lt;!--"),
                ("&amp;", "&amp;amp;"),
                ("a\tb\r\n", "a&#x9;b&#xD;&#xA;"),
                ("\u{202e}\u{2028}🙂", "&#x202E;&#x2028;🙂"),
            ],
        );
        check(
            xml_text,
            &[("{\"a\": 1}", "{\"a\": 1}"), ("<b> & ]]>", "&lt;b&gt; &amp; ]]&gt;"), ("a\tb\r\n", "a\tb&#xD;&#xA;")],
        );
        check(
            xml_comment,
            &[
                ("gateway.yaml", "gateway.yaml"),
                ("a--b---", r"a-\u{2d}b-\u{2d}-"),
                ("--><x/>", r"-\u{2d}><x/>"),
                ("a\n\u{202e}", r"a\u{a}\u{202e}"),
            ],
        );
    }

    #[test]
    fn markdown_text() {
        check(
            markdown,
            &[
                ("plain (text), 1.5", "plain (text), 1.5"),
                ("# x # y", r"\# x # y"),
                ("1. x", r"1\. x"),
                ("- x-y", r"\- x-y"),
                ("a|b `c` <d> *e* _f_ [g](h)", r"a\|b \`c\` \<d\> \*e\* \_f\_ \[g\](h)"),
                ("&amp; \\", r"\&amp; \\"),
                ("a\nb\r\n", "a b  "),
                ("\u{202e}x", "\u{fffd}x"),
            ],
        );
        check(
            code_span,
            &[
                ("x", "`x`"),
                ("a`b", "``a`b``"),
                ("``", "``` `` ```"),
                (" a ", "`  a  `"),
                (" ", "` `"),
                ("a|b", "<code>a&#124;b</code>"),
                ("", "<code></code>"),
                ("a\nb", "`a b`"),
                ("<b>*", "`<b>*`"),
            ],
        );
    }

    #[test]
    fn shell_arguments() {
        check(
            shell,
            &[
                ("out/bicep/main.bicep", "out/bicep/main.bicep"),
                ("", "''"),
                ("a b", "'a b'"),
                ("it's", r"'it'\''s'"),
                ("$(rm -rf ~)", "'$(rm -rf ~)'"),
                ("~", "'~'"),
                ("=ls", "'=ls'"),
                ("a\nb", "'a\nb'"),
            ],
        );
    }

    #[test]
    fn text_between_double_quotes_of_a_shell() {
        check(
            shell_quoted,
            &[("rg-ai_gateway.(eu)", "rg-ai_gateway.(eu)"), ("$(x) `y` \"z\" \\", "\\$(x) \\`y\\` \\\"z\\\" \\\\")],
        );
    }

    #[test]
    fn comments_keep_their_line() {
        check(
            line_comment,
            &[
                ("gateway.yaml", "gateway.yaml"),
                ("a\nresource b", r"a\u{a}resource b"),
                ("\u{2028}\u{85}\r", r"\u{2028}\u{85}\u{d}"),
                ("é ${x} */", "é ${x} */"),
            ],
        );
    }

    /// The characters that XML 1.0 allows; `LiteralText` and C# reject all others.
    fn xml_holds(text: &str) -> String {
        let is_held = |c: &char| matches!(c, '\t' | '\n' | '\r') || !(*c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}'));
        text.chars().filter(is_held).collect()
    }

    /// A JMESPath literal decoded: between quotes only `\'` is an escape, between backquotes `\`` before the JSON is read.
    fn read_jmespath(source: &str) -> String {
        if let Some(json) = source.strip_prefix('`') {
            let json = json.strip_suffix('`').unwrap();
            assert!(!json.contains('`'));
            return serde_json::from_str(json).unwrap();
        }
        let raw = source.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
        let is_open = |at: usize| !raw[..at].ends_with('\\');
        assert!(!raw.match_indices('\'').any(|(at, _)| is_open(at)), "{source}");
        raw.replace("\\'", "'")
    }

    proptest::proptest! {
        #[test]
        fn jmespath_gives_texts_back(text in "[a\\\\'`\"\n\u{e9}]{0,6}") {
            proptest::prop_assert_eq!(read_jmespath(&jmespath(&text)), text);
        }

        #[test]
        fn a_parser_of_xml_gives_texts_back(text: String) {
            let text = xml_holds(&text);
            let (attribute, inner, comment) = (xml_attribute(&text), xml_text(&text), xml_comment(&text));
            let document = format!("<!-- {comment}. --><a b=\"{attribute}\">{inner}</a>");
            assert!(!document.contains('\n'));
            let parsed = roxmltree::Document::parse(&document).unwrap();
            assert_eq!(parsed.root_element().attribute("b"), Some(text.as_str()));
            assert_eq!(parsed.root_element().text().unwrap_or_default(), text);
        }
    }
}
