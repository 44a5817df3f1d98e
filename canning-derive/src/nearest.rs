//! What the user may have meant.

/// The name that is most like `written`, if one is like it: a few letters differ, or one is the
/// start of the other, as `skip` of `skip_serializing`.
pub(crate) fn nearest<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let distances = names.into_iter().map(|name| {
        let distance = distance(written, name);
        let related = written.starts_with(name) || name.starts_with(written);
        (if related { distance.min(2) } else { distance }, name)
    });
    let (distance, name) = distances.min()?;
    (distance <= 1 + name.len() / 4).then_some(name)
}

/// The number of letters to add, remove, change, or swap with the next.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    // The last two rows of the usual table: the one before is for swaps.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, j) + usize::from(letter != other);
            let mut least = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped =
                i > 0 && j > 0 && a.get(i - 1) == Some(other) && b.get(j - 1) == Some(letter);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let names = ["rename", "rename_all", "default", "skip", "with"];
        let cases = [
            ("renam", Some("rename")),
            ("renmae", Some("rename")),
            ("rename-all", Some("rename_all")),
            ("defualt", Some("default")),
            ("skip_serializing", Some("skip")),
            ("flatten", None),
            ("x", None),
        ];
        for (written, meant) in cases {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
    }
}
