//! Text with the conflict markers of git.

/// The two texts that git could not merge; `None` if the text has no complete conflict.
pub(super) fn sides(content: &[u8]) -> Option<[Vec<u8>; 2]> {
    /// The part of a conflict that a line is in.
    #[derive(PartialEq)]
    enum Part {
        Both,
        Ours,
        /// The common ancestor, with `merge.conflictStyle` diff3.
        Base,
        Theirs,
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut part = Part::Both;
    let mut conflicts = 0;
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        let marker = line.strip_suffix(b"\n").unwrap_or(line);
        part = match part {
            Part::Both if marker.starts_with(b"<<<<<<< ") => Part::Ours,
            Part::Ours if marker.starts_with(b"||||||| ") => Part::Base,
            Part::Ours | Part::Base if marker == b"=======" => Part::Theirs,
            Part::Theirs if marker.starts_with(b">>>>>>> ") => {
                conflicts += 1;
                Part::Both
            }
            part => {
                if matches!(part, Part::Both | Part::Ours) {
                    ours.extend_from_slice(line);
                }
                if matches!(part, Part::Both | Part::Theirs) {
                    theirs.extend_from_slice(line);
                }
                part
            }
        };
    }
    (conflicts > 0 && part == Part::Both).then_some([ours, theirs])
}

#[cfg(test)]
mod tests {
    use super::sides;

    #[test]
    fn both_sides_of_a_conflict_are_found() {
        let text = b"a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\nd\n>>>>>>> team\ne\n";
        assert_eq!(sides(text), Some([b"a\nb\ne\n".to_vec(), b"a\nc\nd\ne\n".to_vec()]));
        for text in [&b"a\n"[..], b"", b"<<<<<<< HEAD\nb\n", b"=======\n", b"a\n<<<<<<< HEAD\n=======\n"] {
            assert_eq!(sides(text), None);
        }
    }
}
