//! Text from files, made safe for a terminal: control characters could move the cursor, change colours or hide what
//! follows, and bidirectional controls show a text in another order than it has.

use std::borrow::Cow;

/// The text with a visible replacement for each such character, one for one, so that columns are kept.
pub(crate) fn neutral(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return text.into();
    }
    text.chars().map(stand_in).collect::<String>().into()
}

/// JSON with such characters escaped: safe and lossless.
pub(super) fn neutral_json(json: String) -> String {
    if json.chars().all(|c| is_harmless(c) || c == '\n') {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        // Characters below U+0020 are escaped in JSON strings already; the remaining ones are layout.
        if is_harmless(c) || c < ' ' {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

fn is_harmless(c: char) -> bool {
    // A tab moves the cursor only a little, and carets are drawn accordingly.
    c == '\t' || (!c.is_control() && !is_invisible(c))
}

fn stand_in(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if is_harmless(c) => c,
        _ => '\u{fffd}',
    }
}

/// Invisible characters that change how others are shown.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{neutral, neutral_json};

    #[test]
    fn nothing_reaches_the_terminal_raw() {
        let table = [
            ("plain é 😀", "plain é 😀"),
            ("\u{1b}[31mred", "␛[31mred"),
            ("a\tb\r\n", "a\tb␍␊"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("\u{202e}evil\u{2066}", "\u{fffd}evil\u{fffd}"),
            ("\u{7f}\u{0}\u{200b}\u{feff}", "␡␀\u{fffd}\u{fffd}"),
        ];
        for (text, shown) in table {
            assert_eq!(neutral(text), shown);
            assert_eq!(neutral(text).chars().count(), text.chars().count());
        }
    }

    #[test]
    fn json_keeps_what_it_says() {
        let hostile = "\u{1b}[31m \u{202e} \u{9b} \u{e0041} 😀\n";
        let json = neutral_json(serde_json::to_string_pretty(&[hostile]).unwrap());
        assert!(json.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')));
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [hostile]);
    }
}
