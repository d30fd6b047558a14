//! A value as in YAML, before it becomes JSON. Knows serde, but no parser.

use std::fmt;

use serde::de::{Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Number, Value};

/// A YAML value, including what JSON cannot represent.
pub(super) enum YamlValue {
    Scalar(Value),
    /// `.nan` or an infinity.
    Special(&'static str),
    /// A number that no integer type holds.
    Huge,
    List(Vec<Self>),
    /// Keys may be duplicate.
    Map(Vec<(String, Self)>),
    /// The value after a tag. `guard` has reported the tag.
    Tagged(Box<Self>),
}

impl<'de> Deserialize<'de> for YamlValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = YamlValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(flag.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(number.into()))
    }

    fn visit_i128<E>(self, _: i128) -> Result<YamlValue, E> {
        Ok(YamlValue::Huge)
    }

    fn visit_u128<E>(self, _: u128) -> Result<YamlValue, E> {
        Ok(YamlValue::Huge)
    }

    fn visit_f64<E>(self, number: f64) -> Result<YamlValue, E> {
        /// 2^64. Smaller numbers without a fraction come as integers, unless they are written like `1e3`.
        const TOO_LARGE: f64 = 18_446_744_073_709_551_616.0;
        /// 2^53, up to which every integer is exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        // `1.0` and `1e3` are integers to people and to JSON Schema, but not to serde.
        if number.fract() == 0.0 && number.abs() <= EXACT {
            return Ok(YamlValue::Scalar((number as i64).into()));
        }
        Ok(match Number::from_f64(number) {
            Some(_) if number.abs() >= TOO_LARGE => YamlValue::Huge,
            Some(number) => YamlValue::Scalar(number.into()),
            None if number.is_nan() => YamlValue::Special(".nan"),
            None if number < 0.0 => YamlValue::Special("-.inf"),
            None => YamlValue::Special(".inf"),
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<YamlValue, E> {
        Ok(YamlValue::Scalar(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<YamlValue, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(YamlValue::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<YamlValue, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(YamlValue::Map(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<YamlValue, A::Error> {
        let (_, contents) = data.variant::<String>()?;
        let contents = contents.newtype_variant()?;
        Ok(YamlValue::Tagged(Box::new(contents)))
    }
}
