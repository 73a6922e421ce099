//! What InfluxDB 1 clients use.

mod multipart;
mod query;
mod write;

use super::builder::Routes;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/write", write::write).get("/query", query::query).post("/query", query::query)
}
