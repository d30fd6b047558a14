//! Layout that depends on the column: printers and filters frame what may go on one line or on several, templates place the frames
//! without counting, and this pass over the whole file decides.

/// The column that no generated line exceeds if it can be broken.
const WIDTH: usize = 120;

// Marks of frames. Every encoder escapes control characters, so only this module writes them.
const BEGIN: char = '\u{1}';
const OR: char = '\u{2}';
const END: char = '\u{3}';

/// Text whose lines after the first are indented as far as the line on which it is placed.
pub(super) fn block(text: &str) -> String {
    format!("{BEGIN}{text}{END}")
}

/// `line` where it fits, else `block`. If something in the line decides for itself, there is no choice.
pub(super) fn either(line: &str, block: &str) -> String {
    if line.contains(BEGIN) { self::block(block) } else { format!("{BEGIN}{line}{OR}{block}{END}") }
}

/// Source without frames: what fits its line is there, all else is broken and indented; empty lines stay empty.
pub fn layout(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut indents = vec![0];
    let mut rest = source;
    while let Some(at) = rest.find(['\n', BEGIN, OR, END]) {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        rest = &mark[1..];
        match mark.as_bytes()[0] {
            b'\n' => {
                out.push('\n');
                if !rest.starts_with('\n') {
                    out.extend(std::iter::repeat_n(' ', indents.last().copied().unwrap_or(0)));
                }
            }
            mark if char::from(mark) == BEGIN => {
                let line = &out[out.rfind('\n').map_or(0, |at| at + 1)..];
                let first = rest.find([BEGIN, OR, END]).filter(|at| rest[*at..].starts_with(OR));
                match first.map(|at| rest.split_at(at)) {
                    Some((flat, block)) if width(line) + width(flat) <= WIDTH => {
                        out.push_str(flat);
                        rest = after_frame(block);
                    }
                    choice => {
                        indents.push(line.len() - line.trim_start_matches(' ').len());
                        rest = choice.map_or(rest, |(_, block)| &block[1..]);
                    }
                }
            }
            _ => {
                indents.pop();
            }
        }
    }
    out.push_str(rest);
    out
}

/// The text after the frame in which `text` begins.
fn after_frame(text: &str) -> &str {
    let mut open = 1_usize;
    for (at, mark) in text.match_indices([BEGIN, END]) {
        open = if mark.starts_with(BEGIN) { open + 1 } else { open - 1 };
        if open == 0 {
            return &text[at + 1..];
        }
    }
    unreachable!("layout: every frame ends")
}

/// The number of columns that a formatter counts: UTF-16 units, as Bicep does.
fn width(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text;
    use super::*;

    #[test]
    fn frames_fit_or_break() {
        let inner = either("[1, 2]", "[\n  1\n  2\n]");
        let item = format!("{{\n  list: {inner}\n\n  rest: 1\n}}");
        let long = either(&"x".repeat(115), "broken(\n  x\n)");
        let source = format!("a\n  b: {}[0]\n  c: {}\nd: {inner} {long}\n", block(&item), either(&item, &item));
        insta::assert_snapshot!(layout(&source), @r#"
        a
          b: {
            list: [1, 2]

            rest: 1
          }[0]
          c: {
            list: [1, 2]

            rest: 1
          }
        d: [1, 2] broken(
          x
        )
        "#);
        for (column, expected) in [(114, "[1, 2]"), (115, "[\n  1\n  2\n]")] {
            let before = "x".repeat(column);
            assert_eq!(layout(&format!("{before}{inner}")), format!("{before}{expected}"));
        }
    }

    /// A text with frames in frames.
    fn framed() -> impl Strategy<Value = String> {
        "[a-z :]{0,40}(\n[a-z :]{0,8}){0,3}".prop_recursive(4, 40, 4, |inner| {
            let texts = proptest::collection::vec(inner, 1..4).prop_map(|texts| texts.join("-"));
            ("[a-z]{1,90}", texts, any::<bool>()).prop_map(
                |(line, text, has_line)| {
                    if has_line { either(&line, &text) } else { block(&text) }
                },
            )
        })
    }

    proptest::proptest! {
        #[test]
        fn no_frame_is_left(source in framed()) {
            let out = layout(&source);
            prop_assert!(!out.contains([BEGIN, OR, END]));
            prop_assert_eq!(layout(&out), out);
        }

        #[test]
        fn no_encoder_writes_a_mark(text: String, mark in "[\u{1}\u{2}\u{3}]") {
            let text = text + &mark;
            for encode in [text::bicep, text::bicep_key, text::hcl, text::hcl_key, text::line_comment] {
                prop_assert!(!encode(&text).contains([BEGIN, OR, END]));
            }
        }
    }
}
