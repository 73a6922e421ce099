//! Paging: the options of a list and the links that lead through it.

use std::borrow::Cow;

use serde::Serialize;
use weir_catalog::Paging;
use weir_model::Id;

use crate::error::{ApiError, ApiResult};
use crate::params::{Params, encode_sorted};

/// How many rows a page has unless the caller says otherwise.
pub(crate) const DEFAULT_LIMIT: u32 = 20;
/// How many rows a page has at most.
pub(crate) const MAX_LIMIT: u32 = 100;

/// Which page of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// At most so many rows.
    pub limit: u32,
    /// Rows to leave out first.
    pub offset: u32,
    /// Only rows after this one.
    pub after: Option<Id>,
    /// The column to sort by, in the caller's words.
    pub sort_by: Option<String>,
    /// Backwards.
    pub descending: bool,
}

impl Page {
    /// Reads the options, with the reference's texts for bad ones.
    pub(crate) fn from_params(params: &Params) -> ApiResult<Self> {
        let number = |key: &str| match params.get(key) {
            None => Ok(None),
            Some(text) => {
                text.parse::<i64>().map(Some).map_err(|_| ApiError::invalid(format!("{key} is invalid")))
            }
        };
        let offset = number("offset")?.unwrap_or(0);
        let offset = u32::try_from(offset).map_err(|_| ApiError::invalid("offset is invalid"))?;
        let after = params.id("after").map_err(|e| ApiError::invalid(format!("decoding after: {e}")))?;
        let limit = match number("limit")? {
            None => DEFAULT_LIMIT,
            Some(n) if (1..=i64::from(MAX_LIMIT)).contains(&n) => n as u32,
            Some(_) => return Err(ApiError::invalid(format!("limit must be between 1 and {MAX_LIMIT}"))),
        };
        let descending = match params.get("descending") {
            None => false,
            Some(text) => parse_bool(text).ok_or_else(|| ApiError::invalid("descending is invalid"))?,
        };
        Ok(Self { limit, offset, after, sort_by: params.get("sortBy").map(str::to_owned), descending })
    }

    /// The same for the catalog.
    pub(crate) fn paging(&self) -> Paging {
        Paging {
            limit: Some(self.limit),
            offset: self.offset,
            after: self.after,
            descending: self.descending,
        }
    }

    /// The links of a page at `path` that holds `count` rows; `filter` is what the caller asked for besides.
    pub(crate) fn links(&self, path: &str, filter: &[(&str, Option<&str>)], count: usize) -> Links {
        let link = |offset: u32| {
            let mut pairs: Vec<(&str, Cow<'_, str>)> = vec![
                ("descending", self.descending.to_string().into()),
                ("limit", self.limit.to_string().into()),
                ("offset", offset.to_string().into()),
            ];
            pairs.extend(self.after.map(|id| ("after", id.to_string().into())));
            pairs.extend(self.sort_by.as_deref().map(|by| ("sortBy", by.into())));
            pairs.extend(filter.iter().filter_map(|(key, value)| Some((*key, Cow::from((*value)?)))));
            format!("{path}?{}", encode_sorted(&pairs))
        };
        Links {
            prev: (self.offset > 0).then(|| link(self.offset.saturating_sub(self.limit))),
            this: link(self.offset),
            next: (count >= self.limit as usize).then(|| link(self.offset.saturating_add(self.limit))),
        }
    }
}

/// The `links` member of a paged list.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(crate) struct Links {
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
    #[serde(rename = "self")]
    this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The spellings of a boolean the reference takes.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(query: &str) -> String {
        Page::from_params(&Params::parse(query)).unwrap_err().error().message.clone()
    }

    #[test]
    fn bad_options_are_named() {
        assert_eq!(refusal("limit=0"), "limit must be between 1 and 100");
        assert_eq!(refusal("limit=101"), "limit must be between 1 and 100");
        assert_eq!(refusal("limit=x"), "limit is invalid");
        assert_eq!(refusal("offset=-1"), "offset is invalid");
        assert_eq!(refusal("descending=perhaps"), "descending is invalid");
        assert_eq!(refusal("after=short"), "decoding after: id must have a length of 16 bytes");
    }

    #[test]
    fn links_are_sorted_and_explicit() {
        let page = Page::from_params(&Params::parse("limit=2&offset=3")).unwrap();
        let links = page.links("/api/v2/buckets", &[("orgID", Some("1")), ("name", None)], 2);
        assert_eq!(links.prev.as_deref(), Some("/api/v2/buckets?descending=false&limit=2&offset=1&orgID=1"));
        assert_eq!(links.this, "/api/v2/buckets?descending=false&limit=2&offset=3&orgID=1");
        assert_eq!(links.next.as_deref(), Some("/api/v2/buckets?descending=false&limit=2&offset=5&orgID=1"));
        assert_eq!(Page::from_params(&Params::default()).unwrap().links("/x", &[], 3).next, None);
    }
}
