//! Columns of HCL: templates and printers put one space before each `=`, and this pass puts the `=` of neighbouring attributes below
//! each other, as `terraform fmt` does.

/// The same source with `=` aligned over neighbouring attributes of one line each. Nothing but the spaces before these `=` changes: not
/// strings, heredocs, comments, nor values of several lines. A comment of ours has a line of its own, since `terraform fmt` also
/// aligns those after attributes.
pub fn align(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + source.len() / 8);
    let mut reader = Reader::default();
    let mut group: Vec<Attribute<'_>> = Vec::new();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let end = start + line.len();
        match reader.read(line) {
            Line::Attribute(equals) => {
                let key = line[..equals].trim_end_matches(' ');
                group.push(Attribute { key, equals: start + equals, end });
            }
            // The end of a heredoc: to `terraform fmt`, the attribute and its text are one line.
            Line::Inside if !group.is_empty() => group.last_mut().into_iter().for_each(|attribute| attribute.end = end),
            Line::Inside | Line::Other => {
                write(&mut out, source, &mut group);
                out.push_str(line);
            }
        }
        start = end;
    }
    write(&mut out, source, &mut group);
    out
}

/// `key = value`, with `=` and the end as places in the source.
struct Attribute<'a> {
    key: &'a str,
    equals: usize,
    end: usize,
}

fn write(out: &mut String, source: &str, group: &mut Vec<Attribute<'_>>) {
    // `terraform fmt` counts what a reader sees as one character, which is more than one `char` where characters combine.
    let width = |attribute: &Attribute<'_>| attribute.key.chars().count();
    let longest = group.iter().map(width).max().unwrap_or(0);
    for attribute in group.drain(..) {
        out.push_str(attribute.key);
        out.extend(std::iter::repeat_n(' ', longest - width(&attribute) + 1));
        out.push_str(&source[attribute.equals..attribute.end]);
    }
}

/// The role of a line in the alignment.
enum Line {
    /// A whole attribute, with the place of its `=`.
    Attribute(usize),
    /// The inside of a heredoc, a comment or a string that began on a line above.
    Inside,
    Other,
}

/// The construct that is open where a line begins.
#[derive(Default)]
struct Reader {
    /// Brackets and quotes.
    open: Vec<u8>,
    is_comment: bool,
    /// The word that ends a heredoc.
    heredoc: Option<String>,
}

impl Reader {
    fn read(&mut self, line: &str) -> Line {
        if let Some(word) = &self.heredoc {
            if line.trim() == word {
                self.heredoc = None;
            }
            return Line::Inside;
        }
        let is_inside = self.is_comment || self.open.contains(&b'"');
        // The first `=`, and how much is open there.
        let mut equals = None;
        let mut at = 0;
        while at < line.len() {
            let rest = &line.as_bytes()[at..];
            at += match rest {
                [b'*', b'/', ..] if self.is_comment => {
                    self.is_comment = false;
                    2
                }
                _ if self.is_comment => 1,
                _ if self.open.last() == Some(&b'"') => self.text(rest),
                [b'#', ..] | [b'/', b'/', ..] => break,
                [b'/', b'*', ..] => {
                    self.is_comment = true;
                    2
                }
                [b'<', b'<', ..] => {
                    self.heredoc = Some(line[at + 2..].trim_start_matches('-').trim().to_owned());
                    break;
                }
                [b'=', b'=' | b'>', ..] | [b'!' | b'<' | b'>', b'=', ..] => 2,
                [b'=', ..] => {
                    equals.get_or_insert((at, self.open.len()));
                    1
                }
                [bracket @ (b'"' | b'{' | b'[' | b'('), ..] => self.opens(*bracket, 1),
                [b'}' | b']' | b')', ..] => self.closes(),
                _ => 1,
            };
        }
        match equals {
            _ if is_inside => Line::Inside,
            // With more or less open at its end, the line is part of a longer value.
            Some((at, open)) if open == self.open.len() && !line[..at].trim().is_empty() => Line::Attribute(at),
            _ => Line::Other,
        }
    }

    /// The number of bytes at the start of the rest of a string that belong together.
    fn text(&mut self, rest: &[u8]) -> usize {
        match rest {
            [b'\\', _, ..] => 2,
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => 3,
            [b'$' | b'%', b'{', ..] => self.opens(b'{', 2),
            [b'"', ..] => self.closes(),
            _ => 1,
        }
    }

    fn opens(&mut self, bracket: u8, length: usize) -> usize {
        self.open.push(bracket);
        length
    }

    fn closes(&mut self) -> usize {
        self.open.pop();
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_aligned() {
        let source = r#"resource "x" "y" {
  type = "a"
  parent_id   = "b"
  body = {
    "a=b" = { min = 1, max = 2 }
    é = "${join("=", ["}", x == y])} = $${"
    s = 1
  }
  name = 1
  # long_name = 2
  longer = 2

  list = [
    { min = 1, max = 2 },
  ]
  x = x == y ? { a = 1 } : { bcd = 2 }
  long = trimspace(<<EOT
    a = 1
    bcd = 2
    EOT
  )
  text = <<-EOT
    a = 1
    bcd = ${2}
  EOT
  a = 1
  /* a = 1
  bcd = 2 */
}
"#;
        insta::assert_snapshot!(align(source), @r#"
        resource "x" "y" {
          type      = "a"
          parent_id = "b"
          body = {
            "a=b" = { min = 1, max = 2 }
            é     = "${join("=", ["}", x == y])} = $${"
            s     = 1
          }
          name = 1
          # long_name = 2
          longer = 2

          list = [
            { min = 1, max = 2 },
          ]
          x = x == y ? { a = 1 } : { bcd = 2 }
          long = trimspace(<<EOT
            a = 1
            bcd = 2
            EOT
          )
          text = <<-EOT
            a = 1
            bcd = ${2}
          EOT
          a    = 1
          /* a = 1
          bcd = 2 */
        }
        "#);
        assert_eq!(align(&align(source)), align(source));
    }

    proptest::proptest! {
        #[test]
        fn only_spaces_before_an_equals_sign_change(source in r#"([a-c]{1,3}|[ =\n"\\#${}(\[\])]|<<E\n|E\n|\$\{|/\*|\*/| = ){0,60}"#) {
            let squeezed = |text: &str| text.split('=').map(|part| part.trim_end_matches(' ').to_owned()).collect::<Vec<_>>();
            let aligned = align(&source);
            assert_eq!(squeezed(&aligned), squeezed(&source));
            assert_eq!(align(&aligned), aligned);
        }
    }
}
