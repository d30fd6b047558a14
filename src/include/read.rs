//! XML → statements. Reports malformed XML and unknown policies.

use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};

use super::xml::{Excess, excess, reason, without_declaration};
use super::{Included, PolicyText, Statement};
use crate::catalogue::{self, Content, Element, Policy};
use crate::diag::{self, Code, HINTS, Location, Report};
use crate::source::{FileId, LineColumn, Source, Sources, values_of_xml};

/// The root element around the text, which may have several elements.
const OPEN: &str = "<fragment>";
const CLOSE: &str = "</fragment>";

/// Maximum nesting; no real policy comes close.
const DEEPEST: usize = 64;

/// Maximum number of attributes: the parser compares each with all before it.
const MOST_ATTRIBUTES: usize = 200;

/// Maximum number of elements; more than any policy can have.
const MOST_NODES: u32 = 50_000;

/// Reads a file that the gateway file refers to as `named`.
pub fn read(file: FileId, named: &str, from: &Location, sources: &Sources, report: &mut Report) -> Option<Included> {
    let source = sources.get(file);
    let text = without_declaration(source.text());
    let refused = |range: Range<usize>| {
        let found = Code::PolicyText.at(Location::range(file, range));
        found.also(from.clone(), "referenced here")
    };
    let found_nothing = |report: &mut Report| {
        report.push(
            Code::PolicyText
                .at(from.clone())
                .says(format!("`{named}` contains no policy"))
                .because("the entry would have no effect")
                .help("add policy elements, such as `<set-header …>`, or remove the entry"),
        );
    };
    if text.trim().is_empty() {
        found_nothing(report);
        return None;
    }
    if let Some(much) = excess(&text, DEEPEST, MOST_ATTRIBUTES) {
        source.hide(values_of_xml(source.text()));
        let says = match much {
            Excess::Levels => format!("`{named}` is nested more than {DEEPEST} levels deep"),
            Excess::Attributes => {
                format!("an element of `{named}` has more than {MOST_ATTRIBUTES} attributes")
            }
        };
        report.push(
            refused(0..0).says(says).because("parsing stops here").help("close the elements and quotes that are open"),
        );
        return None;
    }
    let whole = format!("{OPEN}{text}{CLOSE}");
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(&whole, options) {
        Ok(document) => document,
        Err(error) => {
            // Which values are secrets is unknown, so only names are shown.
            source.hide(values_of_xml(source.text()));
            let at = error.pos();
            let (line, column) = (at.row as usize, at.col as usize);
            let shift = if line == 1 { OPEN.len() } else { 0 };
            let column = column.saturating_sub(shift).max(1);
            let start = source.byte(LineColumn { line, column });
            let wide = source.text()[start..].chars().next().map_or(0, char::len_utf8);
            report.push(
                refused(start..start + wide)
                    .says(format!("`{named}` is not well-formed XML"))
                    .because(reason(&error))
                    .help("in expressions write `&quot;` for `\"`, `&amp;&amp;` for `&&` and `&lt;` for `<`, or put the attribute in single quotes"),
            );
            return None;
        }
    };
    let mut reader = Reader {
        file,
        from,
        shift: OPEN.len(),
        source,
        text: source.text(),
        whole: &whole,
        report,
        is_right: true,
        refused: 0,
    };
    let mut root = document.root_element();
    let mut elements = root.children().filter(Node::is_element);
    // A file may have its own root, as the export of a fragment does.
    if let (Some(only), None) = (elements.next(), elements.next())
        && only.tag_name().name() == "fragment"
    {
        root = only;
    }
    let statements = reader.statements(root);
    let is_right = reader.is_right;
    if statements.is_empty() && is_right {
        found_nothing(report);
        return None;
    }
    is_right.then(|| Included { file, named: named.to_owned(), statements })
}

struct Reader<'a> {
    file: FileId,
    source: &'a Source,
    from: &'a Location,
    shift: usize,
    text: &'a str,
    whole: &'a str,
    report: &'a mut Report,
    is_right: bool,
    /// The number of findings.
    refused: usize,
}

impl Reader<'_> {
    /// Converts a range of the wrapped text into one of the file.
    fn range(&self, range: Range<usize>) -> Range<usize> {
        let end = self.text.len();
        let start = range.start.saturating_sub(self.shift).min(end);
        start..range.end.saturating_sub(self.shift).clamp(start, end)
    }

    fn refuse(&mut self, range: Range<usize>, says: String, because: &str, help: String) {
        self.is_right = false;
        self.refused += 1;
        let place = Location::range(self.file, self.range(range));
        self.report.push(
            Code::PolicyRefused
                .at(place)
                .says(says)
                .because(because)
                .also(self.from.clone(), "referenced here")
                .help(help),
        );
    }

    /// The name in a start tag.
    fn tag(node: Node<'_, '_>) -> Range<usize> {
        let start = node.range().start + 1;
        start..start + node.tag_name().name().len()
    }

    /// The policy elements. Comments are ignored.
    fn statements(&mut self, parent: Node<'_, '_>) -> Vec<Statement> {
        self.stray(parent);
        let elements = parent.children().filter(Node::is_element);
        let mut statements = Vec::new();
        for node in elements {
            let name = node.tag_name().name();
            let is_outer = ["policies", "inbound", "backend", "outbound", "on-error", "fragment"].contains(&name);
            if is_outer || name == "base" {
                let because = match name {
                    "base" => "Gatewright writes it, once per section",
                    "fragment" => "it is the root element of a whole policy document, not part of a section",
                    _ => "the gateway file selects the section",
                };
                let help = match name {
                    "base" => "remove it".to_owned(),
                    _ => "write only the policies, and one file per section".to_owned(),
                };
                self.refuse(Self::tag(node), format!("`{name}` is not allowed in an included file"), because, help);
                continue;
            }
            if node.tag_name().namespace().is_some() {
                self.refuse(
                    Self::tag(node),
                    format!("`{}` has an XML namespace", diag::neutral(name)),
                    "policy elements have no namespace",
                    "remove the prefix and `xmlns`".to_owned(),
                );
                continue;
            }
            let Some(policy) = catalogue::policy(name) else {
                let known = catalogue::POLICIES.iter().map(|policy| policy.name());
                // More suggestions would help no reader, and each takes time.
                let near = (self.refused < HINTS).then(|| diag::closest(name, known));
                let help = match near.flatten() {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "check the spelling; a policy that Gatewright does not support yet can be put into a policy fragment: `<include-fragment fragment-id=\"…\" />`"
                        .to_owned(),
                };
                self.refuse(
                    Self::tag(node),
                    format!("unknown policy `{}`", diag::neutral(name)),
                    "it is not in Gatewright's catalogue, so Gatewright cannot check it",
                    help,
                );
                continue;
            };
            statements.push(self.statement(node, policy.element, Some(policy)));
        }
        statements
    }

    fn statement(
        &mut self,
        node: Node<'_, '_>,
        element: &'static Element,
        policy: Option<&'static Policy>,
    ) -> Statement {
        let mut attributes = Vec::new();
        for attribute in node.attributes() {
            let own = policy.map(|_| catalogue::ID.name);
            let mut known = element.attributes.iter().map(|known| known.name).chain(own);
            let name = attribute.name();
            let found = known.find(|known| *known == name && attribute.namespace().is_none());
            let Some(found) = found else {
                let all = element.attributes.iter().map(|known| known.name);
                let help = match diag::closest(name, all) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "remove it".to_owned(),
                };
                let whole = self.whole[attribute.range_qname()].to_owned();
                self.refuse(
                    attribute.range_qname(),
                    format!("`{}` has no attribute `{}`", element.name, diag::neutral(&whole)),
                    "the service would reject or ignore it",
                    help,
                );
                continue;
            };
            let value = attribute.range_value();
            attributes.push((found, self.attribute(value, attribute.value())));
        }
        let at = self.range(Self::tag(node));
        let (text, children) = match &element.content {
            Content::Statements | Content::Only(_) => (None, self.statements(node)),
            Content::Children(known) => {
                self.stray(node);
                let children = node.children().filter(Node::is_element);
                let children = children.filter_map(|child| {
                    let name = child.tag_name().name();
                    let found = known.iter().find(|known| known.element.name == name);
                    let Some(found) = found else {
                        let all = known.iter().map(|known| known.element.name);
                        let near = diag::closest(name, all.clone());
                        let help = near.map_or_else(
                            || format!("its attributes are {}", quoted(all)),
                            |near| format!("did you mean `{near}`?"),
                        );
                        self.refuse(
                            Self::tag(child),
                            format!("`{}` has no child element `{}`", element.name, diag::neutral(name)),
                            "the service would reject it",
                            help,
                        );
                        return None;
                    };
                    Some(self.statement(child, found.element, None))
                });
                (None, children.collect())
            }
            Content::Empty | Content::Text { .. } => {
                if let Some(child) = node.children().find(Node::is_element) {
                    self.refuse(
                        Self::tag(child),
                        format!("`{}` has no child elements", element.name),
                        "the service would reject it",
                        "remove it; if it is text, put it into `<![CDATA[…]]>`".to_owned(),
                    );
                }
                (self.between(node), Vec::new())
            }
        };
        Statement { name: element.name, policy, attributes, text, children, at }
    }

    /// Text where only elements are allowed.
    fn stray(&mut self, node: Node<'_, '_>) {
        let stray = node
            .children()
            .find(|child| child.is_pi() || child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty()));
        if let Some(stray) = stray {
            let range = stray.range();
            // It may be a file of another kind, with secrets.
            let texts = node.children().filter(Node::is_text).map(|text| self.range(text.range()));
            self.source.hide(texts.collect::<Vec<_>>());
            let lead = self.whole[range.clone()].len() - self.whole[range.clone()].trim_start().len();
            let start = range.start + lead;
            let wide = self.whole[start..range.end].find(char::is_whitespace);
            let end = wide.map_or(range.end, |wide| start + wide);
            self.refuse(
                start..end,
                "text is not allowed here, only elements".to_owned(),
                "the service would reject it",
                "remove it, or turn it into a comment: `<!-- … -->`".to_owned(),
            );
        }
    }

    /// An attribute as in the file, normalised to double quotes.
    fn attribute(&self, range: Range<usize>, value: &str) -> PolicyText {
        let mut words = PolicyText {
            at: self.range(range.clone()),
            is_liquid: false,
            source: self.whole[range].replace("\r\n", "\n").replace('"', "&quot;"),
            value: value.to_owned(),
        };
        // XML parsers read these as spaces; only in code a line break may end a comment.
        if !words.is_code() {
            words.source = words.source.replace(['\t', '\n', '\r'], " ");
        }
        words
    }

    /// The text between tags, joined if comments or CDATA divide it.
    fn between(&self, node: Node<'_, '_>) -> Option<PolicyText> {
        let texts = node.children().filter(Node::is_text);
        let value: String = texts.clone().filter_map(|child| child.text()).collect();
        let ranges = texts.map(|child| child.range());
        let at = ranges.reduce(|all, next| all.start..next.end)?;
        let at = self.range(at);
        let source = value
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            // Line breaks are LF by now; any other would be lost when the policy is parsed again.
            .replace('\r', "&#13;");
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let is_liquid = node.attribute("template") == Some("liquid");
        (!value.chars().all(is_blank)).then_some(PolicyText { source, value, at, is_liquid })
    }
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::{Source, YamlPath};

    fn included(text: &str) -> (Option<Included>, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.xml", text));
        let from = Location::key(file, YamlPath::root());
        let mut report = Report::default();
        let included = read(file, "a.xml", &from, &sources, &mut report);
        let said = report.iter().map(|found| found.message.clone()).collect();
        (included, said)
    }

    fn only(text: &str) -> Statement {
        let (included, said) = included(text);
        let mut statements = included.unwrap_or_else(|| panic!("{said:?}")).statements;
        assert_eq!(statements.len(), 1);
        statements.remove(0)
    }

    #[test]
    fn code_stays_as_it_is() {
        let code = "@{\n  // &quot;a&quot;\n  return 1 &lt; 2; }";
        for quote in ['"', '\''] {
            let statement = only(&format!("<set-variable name=\"x\" value={quote}{code}{quote} />"));
            let (_, words) = &statement.attributes[1];
            assert_eq!(words.source(), code);
            assert!(words.is_code());
        }
        let statement = only("<set-variable name='x' value='@(\"a\" + \"&gt;\")' />");
        assert_eq!(statement.attributes[1].1.source(), "@(&quot;a&quot; + &quot;&gt;&quot;)");
        let statement = only("<set-body><![CDATA[@(\"<a>\" + \"&amp;\")]]></set-body>");
        assert_eq!(statement.text.unwrap().source(), "@(\"&lt;a&gt;\" + \"&amp;amp;\")");
    }

    #[test]
    fn named_values_are_found_in_every_place() {
        let statement = only("<set-variable name=\"x\" value='@(\"{{ a }}\" + {{b}})' />");
        let names: Vec<_> = statement.attributes[1].1.named_values().collect();
        assert_eq!(names, ["a", "b"]);
        for text in ["{{", "}}{{", "{{a", "a}}"] {
            let statement = only(&format!("<set-variable name=\"x\" value=\"{text}\" />"));
            assert_eq!(statement.attributes[1].1.named_values().count(), 0, "{text}");
        }
    }

    #[test]
    fn braces_of_liquid_are_its_own() {
        for (template, names) in [("liquid", 0), ("none", 1)] {
            let statement =
                only(&format!("<set-body template=\"{template}\">{{ \"id\": \"{{{{body.id}}}}\" }}</set-body>"));
            let text = statement.text.unwrap();
            assert_eq!(text.named_values().count(), names, "{template}");
        }
    }

    #[test]
    fn a_root_and_a_declaration_may_be_there() {
        let inside = "<set-header name=\"A\" exists-action=\"delete\" />";
        for text in [
            inside.to_owned(),
            format!("<fragment>{inside}</fragment>"),
            format!(
                "\n<?xml version=\"1.0\" encoding=\"\u{e9}\"?>\n<!-- a --><fragment>{inside}<!-- b --></fragment>\n"
            ),
        ] {
            let statement = only(&text);
            assert_eq!(&text[statement.at], "set-header");
        }
    }

    #[test]
    fn what_is_nested_without_end_is_refused_soon() {
        for text in [
            "<choose>".repeat(100_000),
            "<choose a='>'>".repeat(100_000),
            format!("{}{}", "<choose>".repeat(70), "</choose>".repeat(70)),
        ] {
            let (included, said) = included(&text);
            assert!(included.is_none());
            assert_eq!(said, ["`a.xml` is nested more than 64 levels deep"]);
        }
    }

    proptest! {
        #[test]
        fn odd_texts_are_answered(text in "(<[a-z/!?]{0,6}|set-header|choose|when| name=|[\"'<>/&;\\]\\[é -]|--|CDATA\\[|\\{\\{|\\}\\}|\\?>|\\r?\\n){0,40}") {
            let (included, said) = included(&text);
            prop_assert!(included.is_some() || !said.is_empty());
        }
    }
}
