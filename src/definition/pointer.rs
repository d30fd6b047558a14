//! JSON Pointers in the fragments of references (RFC 6901 §6).

use serde_json::Value;

use crate::source::YamlPath;

/// The target of a reference inside the document: `#/components/schemas/Pet`.
pub(super) fn target<'v>(root: &'v Value, reference: &str) -> Option<&'v Value> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.contains('%') {
        return root.pointer(&percent_decoded(pointer)?);
    }
    root.pointer(pointer)
}

/// Percent-decoded text; `None` if the result is not UTF-8.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// The keys of a pointer, from the first on.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// A key as part of a pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The keys of a reference.
pub(super) fn path_of(root: &Value, reference: &str) -> Option<YamlPath> {
    let pointer = percent_decoded(reference.strip_prefix('#')?)?;
    let mut path = YamlPath::root();
    let mut value = root;
    for key in tokens(&pointer) {
        (path, value) = match value {
            Value::Array(list) => {
                let index: usize = key.parse().ok()?;
                (path.index(index), list.get(index)?)
            }
            _ => {
                let child = value.get(&key)?;
                (path.key(key), child)
            }
        };
    }
    Some(path)
}
