//! Profiles of the running server.

use super::builder::{Document, op};
use super::schema::*;

pub(super) fn describe(doc: &mut Document) {
    let paths = [
        ("/debug/pprof/all", "All profiles"),
        ("/debug/pprof/allocs", "What was allocated"),
        ("/debug/pprof/block", "Where threads wait"),
        ("/debug/pprof/cmdline", "How the server was started"),
        ("/debug/pprof/goroutine", "The threads"),
        ("/debug/pprof/heap", "What is allocated"),
        ("/debug/pprof/mutex", "Which locks are waited for"),
        ("/debug/pprof/profile", "Where the time goes"),
        ("/debug/pprof/threadcreate", "What started threads"),
        ("/debug/pprof/trace", "What happened when"),
    ];
    for (path, summary) in paths {
        let profile = op("Debug", summary).open().query("debug", number()).query("seconds", text());
        doc.get(
            path,
            profile.answers_as(200, "application/octet-stream", text()).answers_as(200, "text/plain", text()),
        );
    }
}
