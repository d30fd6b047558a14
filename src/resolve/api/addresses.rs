//! Addresses that may call: CIDR notation as first and last address, which is what the service compares.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Resolver;
use crate::diag::{Code, Location, Report};
use crate::model::{self, path_of};

/// Addresses from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// The first.
    pub first: IpAddr,
    /// The last, of the same version.
    pub last: IpAddr,
}

/// The reason why a text is not a range.
#[derive(Debug, PartialEq, Eq)]
enum Unreadable {
    /// It is no address.
    Address,
    /// The prefix length is too large; the largest that is allowed.
    Bits(u32),
    /// It is an IPv4 address inside an IPv6 one.
    Mapped(Ipv4Addr),
    /// Its first address is another one.
    Start(IpAddr, u32),
}

impl Addresses {
    fn parse(text: &str) -> Result<Self, Unreadable> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| Unreadable::Address)?;
        if let IpAddr::V6(v6) = address
            && let Some(v4) = v6.to_ipv4_mapped()
        {
            return Err(Unreadable::Mapped(v4));
        }
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => {
                let bits = bits.parse().map_err(|_| Unreadable::Bits(most))?;
                if bits > most {
                    return Err(Unreadable::Bits(most));
                }
                bits
            }
        };
        let range = Self::around(address, bits);
        if range.first != address {
            return Err(Unreadable::Start(range.first, bits));
        }
        Ok(range)
    }

    /// All addresses that share the leading bits of one.
    fn around(address: IpAddr, bits: u32) -> Self {
        match address {
            IpAddr::V4(v4) => {
                let rest = u32::MAX.checked_shr(bits).unwrap_or(0);
                let first = v4.to_bits() & !rest;
                Self { first: Ipv4Addr::from_bits(first).into(), last: Ipv4Addr::from_bits(first | rest).into() }
            }
            IpAddr::V6(v6) => {
                let rest = u128::MAX.checked_shr(bits).unwrap_or(0);
                let first = v6.to_bits() & !rest;
                Self { first: Ipv6Addr::from_bits(first).into(), last: Ipv6Addr::from_bits(first | rest).into() }
            }
        }
    }

    /// True if it is a single address.
    pub fn is_one(&self) -> bool {
        self.first == self.last
    }

    fn holds(&self, other: &Self) -> bool {
        // Addresses of version 4 sort before those of version 6, so a range never holds one of the other version.
        self.first.is_ipv4() == other.first.is_ipv4() && self.first <= other.first && other.last <= self.last
    }

    /// The number of IPv4 addresses in it.
    pub fn size(&self) -> u64 {
        match (self.first, self.last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => u64::from(last.to_bits()) - u64::from(first.to_bits()) + 1,
            _ => 0,
        }
    }

    /// True if it is all addresses of its version.
    pub fn is_everybody(&self) -> bool {
        *self == Self::around(self.first, 0)
    }
}

/// An entry of a filter that is a range of addresses.
#[derive(Debug, Clone, Copy)]
pub struct Allowed<'a> {
    /// Its position in the list.
    pub position: usize,
    /// As it is written.
    pub text: &'a str,
    /// The addresses.
    pub range: Addresses,
}

/// The entries of the filter of an API that are ranges.
pub(crate) fn allowed(api: &model::Api) -> Vec<Allowed<'_>> {
    let allow = api.ip_filter.iter().flat_map(|filter| &filter.allow).enumerate();
    let read = allow.map(|(position, text)| Addresses::parse(text).map(|range| Allowed { position, text, range }));
    read.filter_map(Result::ok).collect()
}

impl Resolver<'_> {
    /// The addresses in the author's order, without those that others hold.
    pub(super) fn addresses(&self, report: &mut Report) -> Vec<Addresses> {
        let allow = self.api.ip_filter.as_ref().map(|filter| &filter.allow);
        let path = self.path(&["ipFilter", "allow"]);
        for (position, text) in allow.into_iter().flatten().enumerate() {
            if let Err(why) = Addresses::parse(text) {
                let at = Location::value(self.context.file, path_of(&path).index(position));
                report.push(unreadable(text, why, at));
            }
        }
        let ranges: Vec<Addresses> = allowed(self.api).iter().map(|one| one.range).collect();
        let held = holders(&ranges);
        ranges.iter().zip(held).filter(|(_, holder)| holder.is_none()).map(|(range, _)| *range).collect()
    }
}

/// For each range the place of a wider one that holds it. Of two that are the same the first counts.
pub fn holders(ranges: &[Addresses]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    order.sort_by_key(|&at| (ranges[at].first, Reverse(ranges[at].last), at));
    let mut holders = vec![None; ranges.len()];
    // Of two ranges one holds the other, or they have nothing in common: only the last wide one can hold the next.
    let mut widest: Option<usize> = None;
    for at in order {
        match widest {
            Some(wide) if ranges[wide].holds(&ranges[at]) => holders[at] = Some(wide),
            _ => widest = Some(at),
        }
    }
    holders
}

fn unreadable(text: &str, why: Unreadable, at: Location) -> crate::diag::Diagnostic {
    let no_range = Code::Address.at(at.clone()).says(format!("`{text}` is not an IP address or CIDR range"));
    match why {
        Unreadable::Address => no_range
            .because("the part before the slash is not an IP address")
            .help("write an address like `203.0.113.7`, or a range like `203.0.113.0/24`"),
        Unreadable::Bits(most) => no_range
            .because(format!("the prefix length must be 0-{most}"))
            .help("write a smaller prefix length, or omit the slash for a single address"),
        Unreadable::Mapped(v4) => no_range
            .because("it is an IPv4-mapped IPv6 address, which the service does not compare with IPv4 callers")
            .help(format!("write `{v4}`, or a range of IPv4 addresses")),
        Unreadable::Start(first, bits) => {
            let address = text.split('/').next().unwrap_or(text);
            Code::HostBits
                .at(at)
                .says(format!("the range `{text}` has host bits set"))
                .because(format!("the /{bits} range that contains it starts at `{first}`"))
                .help(format!("write `{first}/{bits}` for the range, or `{address}` for the single address"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> String {
        let range = Addresses::parse(text).unwrap();
        format!("{}-{}", range.first, range.last)
    }

    #[test]
    fn ranges() {
        assert_eq!(range("203.0.113.0/24"), "203.0.113.0-203.0.113.255");
        assert_eq!(range("10.0.0.0/8"), "10.0.0.0-10.255.255.255");
        assert_eq!(range("198.51.100.7"), "198.51.100.7-198.51.100.7");
        assert_eq!(range("198.51.100.7/32"), "198.51.100.7-198.51.100.7");
        assert_eq!(range("0.0.0.0/0"), "0.0.0.0-255.255.255.255");
        assert_eq!(range("2001:db8::/126"), "2001:db8::-2001:db8::3");
        assert!(Addresses::parse("::/0").unwrap().is_everybody());
        let inner = Addresses::parse("10.1.0.0/16").unwrap();
        assert!(Addresses::parse("10.0.0.0/8").unwrap().holds(&inner));
        assert!(!inner.holds(&Addresses::parse("10.0.0.0/8").unwrap()));
    }

    #[test]
    fn ranges_in_ranges() {
        let ranges = ["10.1.0.0/16", "::/0", "10.0.0.0/8", "10.1.2.3", "11.0.0.0/8", "10.0.0.0/8", "9.0.0.0/8"];
        let ranges = ranges.map(|text| Addresses::parse(text).unwrap());
        assert_eq!(holders(&ranges), [Some(2), None, None, Some(2), None, Some(2), None]);
    }

    #[test]
    fn no_ranges() {
        let wrong = |text| Addresses::parse(text).unwrap_err();
        for text in ["", "/", "a", "1.2.3", "1.2.3.256", "01.2.3.4", ":::", "1.2.3.4.5/8", "/24"] {
            assert_eq!(wrong(text), Unreadable::Address, "{text}");
        }
        assert_eq!(wrong("1.2.3.4/33"), Unreadable::Bits(32));
        assert_eq!(wrong("1.2.3.4/"), Unreadable::Bits(32));
        assert_eq!(wrong("::/129"), Unreadable::Bits(128));
        assert_eq!(wrong("1.2.3.4/24"), Unreadable::Start([1, 2, 3, 0].into(), 24));
        assert_eq!(wrong("::ffff:1.2.3.4"), Unreadable::Mapped([1, 2, 3, 4].into()));
    }
}
