//! Answers as JSON, CSV and MessagePack, as InfluxDB 1 writes them.

mod csv;
mod json;
mod msgpack;

use crate::engine::StatementResult;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// CSV.
    Csv,
    /// MessagePack.
    MsgPack,
}

/// How times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Epoch {
    /// RFC 3339 (nanoseconds in CSV).
    Text,
    /// Whole units of so many nanoseconds.
    Unit(i64),
}

impl Epoch {
    /// The unit that a request's `epoch` names; a name that is none means nanoseconds.
    pub fn named(name: &str) -> Self {
        match name {
            "" => Self::Text,
            "u" | "us" | "µ" => Self::Unit(1_000),
            "ms" => Self::Unit(1_000_000),
            "s" => Self::Unit(1_000_000_000),
            "m" => Self::Unit(60_000_000_000),
            "h" => Self::Unit(3_600_000_000_000),
            _ => Self::Unit(1),
        }
    }
}

/// Writes the pieces of an answer as they come.
#[derive(Debug)]
pub struct Writer {
    state: State,
    epoch: Epoch,
    chunked: bool,
    /// Whether there was a piece.
    begun: bool,
}

#[derive(Debug)]
enum State {
    Json(json::Json),
    Csv(csv::Csv),
    MsgPack(msgpack::MsgPack),
}

impl Writer {
    /// A writer; `chunked` makes every piece a document of its own.
    pub fn new(format: Format, epoch: Epoch, chunked: bool) -> Self {
        let state = match format {
            Format::Json => State::Json(json::Json::default()),
            Format::Csv => State::Csv(csv::Csv::default()),
            Format::MsgPack => State::MsgPack(msgpack::MsgPack::default()),
        };
        Self { state, epoch, chunked, begun: false }
    }

    /// Writes a piece.
    pub fn result(&mut self, result: StatementResult, out: &mut Vec<u8>) {
        self.begun = true;
        match &mut self.state {
            State::Json(json) if self.chunked => json.chunk(&result, self.epoch, out),
            State::Json(json) => json.result(&result, self.epoch, out),
            State::Csv(csv) => csv.result(&result, self.epoch, out),
            State::MsgPack(msgpack) if self.chunked => msgpack.chunk(result, self.epoch, out),
            State::MsgPack(msgpack) => msgpack.result(result),
        }
    }

    /// Writes what stands at the end. Chunks end by themselves; without any, the answer says so as one document.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match &mut self.state {
            State::Json(_) | State::MsgPack(_) if self.chunked && self.begun => {}
            State::Json(json) => json.finish(out),
            State::Csv(_) => {}
            State::MsgPack(msgpack) => msgpack.finish(self.epoch, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_results_is_a_document_chunked_or_not() {
        for chunked in [false, true] {
            let mut out = Vec::new();
            Writer::new(Format::Json, Epoch::Text, chunked).finish(&mut out);
            assert_eq!(out, b"{}\n");
            out.clear();
            Writer::new(Format::MsgPack, Epoch::Text, chunked).finish(&mut out);
            assert!(!out.is_empty());
        }
    }
}
