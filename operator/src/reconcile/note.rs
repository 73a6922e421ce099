//! What is worth an event.

/// What is worth an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whether something is wrong.
    pub warning: bool,
    /// In one word.
    pub reason: &'static str,
    /// In a sentence.
    pub text: String,
}

impl Note {
    /// Something good.
    #[must_use]
    pub fn normal(reason: &'static str, text: String) -> Self {
        Self { warning: false, reason, text }
    }

    /// Something bad.
    #[must_use]
    pub fn warning(reason: &'static str, text: String) -> Self {
        Self { warning: true, reason, text }
    }
}
