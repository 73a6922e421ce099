//! Rows of a CSV text, as leniently as Go's reader with lazy quotes.

/// Iterates over rows. Blank lines are skipped; rows may differ in length.
pub(super) struct Records<'a> {
    rest: &'a str,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Reads the next row into `row`; false at the end.
    pub(super) fn read(&mut self, row: &mut Vec<String>) -> bool {
        row.clear();
        while let Some(rest) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            self.rest = rest;
        }
        if self.rest.is_empty() {
            return false;
        }
        loop {
            let ended = match self.rest.strip_prefix('"') {
                Some(rest) => self.quoted(rest, row),
                None => self.plain(row),
            };
            if ended {
                return true;
            }
        }
    }

    /// A cell without quotes. Answers whether the row ends with it.
    fn plain(&mut self, row: &mut Vec<String>) -> bool {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at(end);
        let goes_on = rest.starts_with(',');
        let cell = if goes_on { cell } else { cell.strip_suffix('\r').unwrap_or(cell) };
        row.push(cell.to_owned());
        self.rest = rest.get(1..).unwrap_or("");
        !goes_on
    }

    /// The rest of a cell after its opening quote. A quote that ends nothing stands for itself.
    fn quoted(&mut self, mut rest: &'a str, row: &mut Vec<String>) -> bool {
        let mut cell = String::new();
        loop {
            let Some(quote) = rest.find('"') else {
                cell.push_str(&rest.replace("\r\n", "\n"));
                self.rest = "";
                row.push(cell);
                return true;
            };
            cell.push_str(&rest[..quote].replace("\r\n", "\n"));
            rest = &rest[quote + 1..];
            if let Some(after) = rest.strip_prefix('"') {
                cell.push('"');
                rest = after;
            } else if let Some(after) = rest.strip_prefix(',') {
                self.rest = after;
                row.push(cell);
                return false;
            } else if let Some(after) = rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\r\n")) {
                self.rest = after;
                row.push(cell);
                return true;
            } else if rest.is_empty() {
                self.rest = rest;
                row.push(cell);
                return true;
            } else {
                cell.push('"');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Records;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let (mut records, mut out, mut row) = (Records::new(text), Vec::new(), Vec::new());
        while records.read(&mut row) {
            out.push(row.clone());
        }
        out
    }

    #[test]
    fn quotes_blank_lines_and_line_ends() {
        assert_eq!(rows("a,b\r\n\r\n\n\"x,\"\"y\"\"\nz\",\n"), [vec!["a", "b"], vec!["x,\"y\"\nz", ""]]);
        assert_eq!(rows("a\"b,\"c\"d\",e"), [vec!["a\"b", "c\"d", "e"]]);
        assert_eq!(rows(",,"), [vec!["", "", ""]]);
        assert_eq!(rows("\"open"), [vec!["open"]]);
        assert!(rows("\n\n").is_empty());
    }
}
