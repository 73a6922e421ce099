//! Dashboards.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{
    Authorized, Dashboard, DashboardFilter, NewCell, NewDashboard, Paging, View, ViewProperties,
};
use weir_model::{Error, Id, Result};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, number, short_name};
use crate::templates::chart::Chart;
use crate::templates::chart_export;
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::spec::{Object, Read, Write};
use crate::templates::template::{Input, Output};

struct Described {
    name: String,
    description: String,
    charts: Vec<Chart>,
    existing: Option<Dashboard>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let (mut charts, mut invalid, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for (at, spec) in input.spec.objects("charts").into_iter().enumerate() {
        let prefix = format!("dashboards[{}].spec.charts[{at}]", input.meta);
        match Chart::read(&prefix, spec, input.references) {
            Ok(chart) => charts.push(chart),
            Err(nested) => invalid.push(Invalid::within("charts", nested).at(at)),
        }
    }
    for (at, chart) in charts.iter().enumerate() {
        for (query_at, query) in chart.queries.iter().enumerate() {
            for (key, reference) in &query.params {
                rows.push(reference.row(&format!("spec.charts[{at}].queries[{query_at}].params.{key}")));
                input.references.note(reference);
            }
        }
    }
    invalid.extend(short_name(&input.name, 2));
    let description = input.spec.text("description");
    let body = Described { name: input.name, description, charts, existing: None };
    Output { body: Box::new(body), invalid: in_spec(invalid), references: rows, name: None }
}

/// Properties as the API shows them; one that a view cannot have is refused when the template is applied.
fn shown(properties: &Value) -> Value {
    ViewProperties::new(properties).map_or_else(|_| properties.clone(), |complete| complete.json().clone())
}

fn cells_of(dashboard: &Dashboard) -> Vec<NewCell> {
    let copied = |cell: &weir_catalog::Cell| NewCell {
        x: cell.x,
        y: cell.y,
        w: cell.w,
        h: cell.h,
        view: cell.view.clone(),
    };
    dashboard.cells.iter().map(copied).collect()
}

impl Described {
    fn cells(&self) -> Result<Vec<NewCell>> {
        let cell = |chart: &Chart| {
            let properties = ViewProperties::new(&chart.properties).map_err(Error::from)?;
            let view = View { name: chart.name.clone(), properties };
            Ok(NewCell { x: chart.x, y: chart.y, w: chart.w, h: chart.h, view })
        };
        self.charts.iter().map(cell).collect()
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        if let Some(id) = id {
            self.existing = found(site.catalog.find_dashboard(id).await)?;
        }
        Ok(self.existing.as_ref().map(|dashboard| dashboard.id))
    }

    fn differs(&self) -> bool {
        let Some(dashboard) = &self.existing else { return true };
        let same = |(chart, cell): (&Chart, &weir_catalog::Cell)| {
            (chart.x, chart.y, chart.w, chart.h) == (cell.x, cell.y, cell.w, cell.h)
                && chart.name == cell.view.name
                && shown(&chart.properties) == *cell.view.properties.json()
        };
        dashboard.name != self.name
            || dashboard.description != self.description
            || dashboard.cells.len() != self.charts.len()
            || !self.charts.iter().zip(&dashboard.cells).all(same)
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        let new = NewDashboard {
            org_id: site.org,
            name: self.name.clone(),
            description: self.description.clone(),
            owner_id: site.catalog.caller().user_id,
            cells: self.cells()?,
        };
        Ok(site.catalog.create_dashboard(new).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        let (name, description, cells) = (self.name.clone(), self.description.clone(), self.cells()?);
        site.catalog.replace_dashboard(id, name, description, cells).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_dashboard(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(old) = &self.existing else { return Ok(()) };
        let (name, description) = (old.name.clone(), old.description.clone());
        site.catalog.replace_dashboard(id, name, description, cells_of(old)).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        let Some(old) = &self.existing else { return self.create(site, None).await };
        let new = NewDashboard {
            org_id: old.org_id,
            name: old.name.clone(),
            description: old.description.clone(),
            owner_id: old.owner_id,
            cells: cells_of(old),
        };
        Ok(site.catalog.create_dashboard(new).await?.id)
    }

    fn new_value(&self, _: &Shown) -> Value {
        // Places are not compared by the reference: what is new has none there.
        let chart = |chart: &Chart| {
            let properties = shown(&chart.properties);
            json!({"properties": properties, "xPos": 0, "yPos": 0, "height": chart.h, "width": chart.w})
        };
        let charts: Value = self.charts.iter().map(chart).collect();
        json!({"name": self.name, "description": self.description, "charts": charts})
    }

    fn old_value(&self, _: &Shown) -> Value {
        let Some(old) = &self.existing else { return Value::Null };
        let chart = |cell: &weir_catalog::Cell| {
            let properties = cell.view.properties.json();
            json!({"properties": properties, "xPos": cell.x, "yPos": cell.y, "height": cell.h, "width": cell.w})
        };
        let charts: Value = old.cells.iter().map(chart).collect();
        json!({"name": old.name, "description": old.description, "charts": charts})
    }

    fn summary(&self, known: &Shown) -> Map<String, Value> {
        let chart = |chart: &Chart| {
            let properties = shown(&chart.properties);
            json!({"properties": properties, "xPos": chart.x, "yPos": chart.y, "height": chart.h, "width": chart.w})
        };
        let charts = match self.charts.as_slice() {
            [] => Value::Null,
            charts => charts.iter().map(chart).collect(),
        };
        Map::from_iter([
            ("id".to_owned(), number(known.id)),
            ("orgID".to_owned(), number(Some(known.org))),
            ("name".to_owned(), json!(self.name)),
            ("description".to_owned(), json!(self.description)),
            ("charts".to_owned(), charts),
        ])
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let all = async |org_id| {
        let filter = DashboardFilter { org_id, ..DashboardFilter::default() };
        catalog.list_dashboards(&filter, &Paging::default()).await
    };
    let dashboards = match wanted {
        Wanted::Id(id) => vec![catalog.find_dashboard(id).await?],
        Wanted::Name(name) => {
            all(None).await?.into_iter().filter(|dashboard| dashboard.name == name).collect()
        }
        Wanted::OfOrg(org) => all(Some(org)).await?,
    };
    Ok(dashboards.into_iter().map(exported).collect())
}

fn exported(mut dashboard: Dashboard) -> Exported {
    dashboard.cells.sort_by_key(|cell| (cell.x, cell.y));
    let charts: Vec<Object> = dashboard.cells.iter().filter_map(chart_export::chart).collect();
    let mut spec = Object::new();
    spec.insert("charts".to_owned(), json!(charts));
    spec.put("description", dashboard.description);
    spec.put("name", dashboard.name.clone());
    let (id, name) = (dashboard.id, dashboard.name);
    Exported { id, kind: Kind::Dashboard, spec, name, endpoint: None }
}
