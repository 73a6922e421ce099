//! Cells of dashboards, each with its view.

use std::collections::{BTreeMap, BTreeSet};

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, Result};

use crate::{Catalog, CatalogError, ViewProperties};

/// A place on a dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its id, which is its view's too.
    pub id: Id,
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// The width.
    pub w: i32,
    /// The height.
    pub h: i32,
    /// What is shown there.
    pub view: View,
}

/// What a cell shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    /// The title.
    pub name: String,
    /// The chart.
    pub properties: ViewProperties,
}

/// What a cell is made of.
#[derive(Debug, Clone, Default)]
pub struct NewCell {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// The width.
    pub w: i32,
    /// The height.
    pub h: i32,
    /// What is shown there.
    pub view: View,
}

impl NewCell {
    pub(crate) fn with_id(self, id: Id) -> Cell {
        Cell { id, x: self.x, y: self.y, w: self.w, h: self.h, view: self.view }
    }
}

/// Where a cell goes; absent stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct CellUpdate {
    /// From the left.
    pub x: Option<i32>,
    /// From the top.
    pub y: Option<i32>,
    /// The width.
    pub w: Option<i32>,
    /// The height.
    pub h: Option<i32>,
}

/// What changes of a view; absent stays.
#[derive(Debug, Clone, Default)]
pub struct ViewUpdate {
    /// A new title.
    pub name: Option<String>,
    /// Another chart.
    pub properties: Option<ViewProperties>,
}

fn read(row: &Row) -> Result<Cell> {
    let number = |column: &str| -> Result<i32> {
        let number: i64 = row.get(column)?;
        Ok(i32::try_from(number).map_err(|error| DatabaseError::Column {
            column: column.to_owned(),
            reason: error.to_string(),
        })?)
    };
    let properties = serde_json::from_str(&row.get::<String, _>("view_properties")?).map_err(|error| {
        DatabaseError::Column { column: "view_properties".to_owned(), reason: error.to_string() }
    })?;
    Ok(Cell {
        id: row.get("id")?,
        x: number("x")?,
        y: number("y")?,
        w: number("w")?,
        h: number("h")?,
        view: View { name: row.get("view_name")?, properties: ViewProperties::stored(properties) },
    })
}

/// The cells of dashboards, in their order; dashboards without any are absent.
pub(crate) async fn of_dashboards(
    db: &mut dyn Executor,
    dashboards: &[Id],
) -> Result<BTreeMap<Id, Vec<Cell>>> {
    let mut found: BTreeMap<Id, Vec<Cell>> = BTreeMap::new();
    for part in dashboards.chunks(500) {
        let mut query = sql(
            "SELECT c.dashboard_id, c.id, c.x, c.y, c.w, c.h, c.view_name, c.view_properties FROM cells c
                 WHERE c.dashboard_id IN ",
        );
        query.push_list(part.iter().map(|id| (*id).into())).push(" ORDER BY c.place, c.id");
        for row in db.fetch_all(query).await? {
            found.entry(row.get("dashboard_id")?).or_default().push(read(&row)?);
        }
    }
    Ok(found)
}

pub(crate) async fn insert_in(tx: &mut Transaction, dashboard: Id, place: usize, cell: &Cell) -> Result<()> {
    let insert = sql("INSERT INTO cells (id, dashboard_id, place, x, y, w, h, view_name, view_properties)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(cell.id)
    .bind(dashboard)
    .bind(i64::try_from(place).unwrap_or(i64::MAX))
    .bind(cell.x)
    .bind(cell.y)
    .bind(cell.w)
    .bind(cell.h)
    .bind(&cell.view.name)
    .bind(cell.view.properties.json().to_string());
    tx.execute(insert).await?;
    Ok(())
}

impl Catalog {
    /// Puts a cell on a dashboard, after its other cells.
    ///
    /// # Errors
    /// [`CatalogError::DashboardNotFound`].
    pub async fn add_cell(&self, dashboard: Id, new: NewCell) -> Result<Cell> {
        let mut tx = self.begin().await?;
        let present = crate::dashboards::by_id(&mut tx, dashboard).await?.cells;
        let cell = new.with_id(self.new_id());
        insert_in(&mut tx, dashboard, present.len(), &cell).await?;
        crate::dashboards::touch_in(&mut tx, dashboard, self.now()).await?;
        self.commit(tx).await?;
        Ok(cell)
    }

    /// Arranges a dashboard's cells anew: those that are left out go away, with their views. Views do not change.
    ///
    /// # Errors
    /// No such dashboard, a cell that is not on it, or one that is given twice.
    pub async fn replace_cells(&self, dashboard: Id, cells: Vec<(Id, NewCell)>) -> Result<Vec<Cell>> {
        let mut tx = self.begin().await?;
        let present = crate::dashboards::by_id(&mut tx, dashboard).await?.cells;
        let mut views: BTreeMap<Id, View> = present.into_iter().map(|cell| (cell.id, cell.view)).collect();
        let all: BTreeSet<Id> = cells.iter().map(|(id, _)| *id).collect();
        if all.iter().any(|id| !views.contains_key(id)) {
            return Err(CatalogError::CellsNotPresent.into());
        }
        tx.execute(sql("DELETE FROM cells WHERE dashboard_id = ?").bind(dashboard)).await?;
        let mut placed = Vec::with_capacity(cells.len());
        for (place, (id, cell)) in cells.into_iter().enumerate() {
            let view = views.remove(&id).ok_or(CatalogError::CellTwice)?;
            let cell = NewCell { view, ..cell }.with_id(id);
            insert_in(&mut tx, dashboard, place, &cell).await?;
            placed.push(cell);
        }
        crate::dashboards::touch_in(&mut tx, dashboard, self.now()).await?;
        self.commit(tx).await?;
        Ok(placed)
    }

    /// Moves a cell or changes its size.
    ///
    /// # Errors
    /// [`CatalogError::NoAttribute`] when nothing would change; no such dashboard, or no such cell on it.
    pub async fn update_cell(&self, dashboard: Id, id: Id, update: CellUpdate) -> Result<Cell> {
        if [update.x, update.y, update.w, update.h].iter().all(Option::is_none) {
            return Err(CatalogError::NoAttribute.into());
        }
        let mut tx = self.begin().await?;
        let present = crate::dashboards::by_id(&mut tx, dashboard).await?.cells;
        let found = present.into_iter().find(|cell| cell.id == id);
        let mut cell = found.ok_or(CatalogError::CellNotFound)?;
        cell.x = update.x.unwrap_or(cell.x);
        cell.y = update.y.unwrap_or(cell.y);
        cell.w = update.w.unwrap_or(cell.w);
        cell.h = update.h.unwrap_or(cell.h);
        let change = sql("UPDATE cells SET x = ?, y = ?, w = ?, h = ? WHERE dashboard_id = ? AND id = ?")
            .bind(cell.x)
            .bind(cell.y)
            .bind(cell.w)
            .bind(cell.h)
            .bind(dashboard)
            .bind(id);
        tx.execute(change).await?;
        crate::dashboards::touch_in(&mut tx, dashboard, self.now()).await?;
        self.commit(tx).await?;
        Ok(cell)
    }

    /// Takes a cell off a dashboard, with its view.
    ///
    /// # Errors
    /// No such dashboard, or no such cell on it.
    pub async fn remove_cell(&self, dashboard: Id, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        crate::dashboards::by_id(&mut tx, dashboard).await?;
        let delete = sql("DELETE FROM cells WHERE dashboard_id = ? AND id = ?").bind(dashboard).bind(id);
        if tx.execute(delete).await? == 0 {
            return Err(CatalogError::CellNotFound.into());
        }
        crate::dashboards::touch_in(&mut tx, dashboard, self.now()).await?;
        self.commit(tx).await
    }

    /// The view of a cell.
    ///
    /// # Errors
    /// No such dashboard, or no such view on it.
    pub async fn find_view(&self, dashboard: Id, cell: Id) -> Result<View> {
        let cells = self.find_dashboard(dashboard).await?.cells;
        let found = cells.into_iter().find(|present| present.id == cell);
        Ok(found.ok_or(CatalogError::ViewNotFound)?.view)
    }

    /// Changes the view of a cell.
    ///
    /// # Errors
    /// [`CatalogError::NoViewAttribute`] when nothing would change; no such dashboard, or no such view on it.
    pub async fn update_view(&self, dashboard: Id, cell: Id, update: ViewUpdate) -> Result<View> {
        if update.name.is_none() && update.properties.is_none() {
            return Err(CatalogError::NoViewAttribute.into());
        }
        let mut tx = self.begin().await?;
        let cells = crate::dashboards::by_id(&mut tx, dashboard).await?.cells;
        let found = cells.into_iter().find(|present| present.id == cell);
        let mut view = found.ok_or(CatalogError::ViewNotFound)?.view;
        view.name = update.name.unwrap_or(view.name);
        view.properties = update.properties.unwrap_or(view.properties);
        let change =
            sql("UPDATE cells SET view_name = ?, view_properties = ? WHERE dashboard_id = ? AND id = ?")
                .bind(&view.name)
                .bind(view.properties.json().to_string())
                .bind(dashboard)
                .bind(cell);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(view)
    }
}
