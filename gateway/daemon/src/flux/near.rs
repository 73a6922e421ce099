//! Names that are like one that was mistyped.

/// The most names that are told.
const MOST: usize = 3;

/// The known names that take the fewest changes to be the given one, the nearest first; none if all are far.
pub(super) fn nearest<'a>(name: &str, known: &'a [String]) -> Vec<&'a str> {
    let far = name.chars().count().div_ceil(3);
    let mut near: Vec<(usize, &str)> = known.iter().map(|k| (distance(name, k), k.as_str())).collect();
    near.retain(|(changes, _)| *changes <= far);
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// How many characters have to be put in, taken out or replaced to make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for ((y, above), before) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().map_or(0, |n| n + 1);
            next.push((before + usize::from(x != *y)).min(above + 1).min(left));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted() {
        for (a, b, changes) in
            [("", "", 0), ("", "ab", 2), ("filter", "filtr", 1), ("abc", "acb", 2), ("x", "y", 1)]
        {
            assert_eq!((distance(a, b), distance(b, a)), (changes, changes), "{a} {b}");
        }
    }

    #[test]
    fn only_names_that_are_near_are_told() {
        let known = ["filter", "fill", "math.floor", "strings.title"].map(str::to_owned);
        assert_eq!(nearest("filtr", &known), ["filter", "fill"]);
        assert_eq!(nearest("string.title", &known), ["strings.title"]);
        assert!(nearest("nosuchthing", &known).is_empty());
    }
}
