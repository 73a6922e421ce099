//! Scraper targets, and sources, the old list of servers to read from.

use super::builder::{Document, op};
use super::labels::borne;
use super::schema::*;
use super::users::members;

pub(super) fn describe(doc: &mut Document) {
    scrapers(doc);
    sources(doc);
}

fn scrapers(doc: &mut Document) {
    const TAG: &str = "Scrapers";
    let scraper = object([
        ("id!", id()),
        ("name!", text()),
        ("type!", text()),
        ("url!", text()),
        ("orgID!", id()),
        ("bucketID!", id()),
        ("org", text()),
        ("bucket", text()),
        ("allowInsecure", flag()),
        ("links!", links()),
    ]);
    doc.schema("Scraper", scraper);
    let all = object([("links!", links()), ("configurations!", list(of("Scraper")))]);
    let listing = op(TAG, "List scraper targets").org().query("name", text()).query("id", list(id()));
    doc.get("/api/v2/scrapers", listing.answers(200, all));
    let new = object([
        ("orgID!", id()),
        ("bucketID!", id()),
        ("name!", some_text()),
        ("type!", word(&["prometheus"])),
        ("url!", some_text()),
        ("allowInsecure", flag()),
    ]);
    doc.post(
        "/api/v2/scrapers",
        op(TAG, "Make a scraper target")
            .takes(new)
            .answers(201, of("Scraper"))
            .makes("/api/v2/scrapers/{id}", "/id"),
    );
    doc.get("/api/v2/scrapers/{id}", op(TAG, "A scraper target").answers(200, of("Scraper")));
    let update = object([
        ("bucketID", id()),
        ("name", text()),
        ("type", word(&["prometheus"])),
        ("url", text()),
        ("allowInsecure", flag()),
    ]);
    doc.patch(
        "/api/v2/scrapers/{id}",
        op(TAG, "Change a scraper target").takes(update).answers(200, of("Scraper")),
    );
    doc.delete("/api/v2/scrapers/{id}", op(TAG, "Delete a scraper target").done());
    members!(doc, TAG, "/api/v2/scrapers/{id}");
    borne!(doc, TAG, "/api/v2/scrapers/{id}");
}

fn sources(doc: &mut Document) {
    const TAG: &str = "Sources";
    let source = object([
        ("id!", id()),
        ("orgID!", id()),
        ("default!", flag()),
        ("name!", text()),
        ("type!", text()),
        ("url!", text()),
        ("insecureSkipVerify", flag()),
        ("telegraf!", text()),
        ("token!", text()),
        ("username", text()),
        ("metaUrl", text()),
        ("defaultRP!", text()),
        ("links", links()),
    ]);
    doc.schema("Source", source);
    let all = object([("links!", links()), ("sources!", list(of("Source")))]);
    doc.get("/api/v2/sources", op(TAG, "List sources").query("org", text()).answers(200, all));
    let new = object([
        ("orgID!", id()),
        ("name!", text()),
        ("type", word(&["v1", "v2", "self"])),
        ("url", text()),
        ("insecureSkipVerify", flag()),
        ("telegraf", text()),
        ("token", text()),
        ("username", text()),
        ("metaUrl", text()),
        ("defaultRP", text()),
    ]);
    doc.post(
        "/api/v2/sources",
        op(TAG, "Make a source").takes(new).answers(201, of("Source")).makes("/api/v2/sources/{id}", "/id"),
    );
    doc.get("/api/v2/sources/{id}", op(TAG, "A source").answers(200, of("Source")));
    let update = object([
        ("name", text()),
        ("type", word(&["v1", "v2", "self"])),
        ("url", text()),
        ("insecureSkipVerify", flag()),
        ("telegraf", text()),
    ]);
    doc.patch("/api/v2/sources/{id}", op(TAG, "Change a source").takes(update).answers(200, of("Source")));
    doc.delete("/api/v2/sources/{id}", op(TAG, "Delete a source").done());
    let buckets = object([("links!", links()), ("buckets!", list(of("Bucket")))]);
    doc.get("/api/v2/sources/{id}/buckets", op(TAG, "The buckets of a source").org().answers(200, buckets));
    let health =
        object([("name!", text()), ("message!", text()), ("status!", text()), ("checks!", list(any()))]);
    doc.get("/api/v2/sources/{id}/health", op(TAG, "Whether a source is healthy").answers(200, health));
}
