//! Dashboards; what stands on them is in `cells`.

use std::collections::BTreeMap;

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, Result, Timestamp};

use crate::cells::{Cell, NewCell};
use crate::paging::{Key, Listing};
use crate::{Catalog, CatalogError, Paging};

/// A dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name; others may have it too.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// Who made it.
    pub owner_id: Id,
    /// Its cells, in their order.
    pub cells: Vec<Cell>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it or the arrangement of its cells was last changed.
    pub updated_at: Timestamp,
}

/// What a dashboard is made of.
#[derive(Debug, Clone)]
pub struct NewDashboard {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Who makes it.
    pub owner_id: Id,
    /// Its cells.
    pub cells: Vec<NewCell>,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct DashboardUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
}

/// What dashboards are listed by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DashboardOrder {
    /// The id.
    #[default]
    Id,
    /// When they were made.
    CreatedAt,
    /// When they were changed.
    UpdatedAt,
    /// The name, then the id.
    Name,
}

impl DashboardOrder {
    fn keys(self) -> &'static [Key] {
        match self {
            Self::Id => &[Key::Text("d.id")],
            Self::CreatedAt => &[Key::Number("d.created_at"), Key::Text("d.id")],
            Self::UpdatedAt => &[Key::Number("d.updated_at"), Key::Text("d.id")],
            Self::Name => &[Key::Text("d.name"), Key::Text("d.id")],
        }
    }
}

/// Which dashboards are listed; everything that is present must fit.
#[derive(Debug, Clone, Default)]
pub struct DashboardFilter {
    /// These; all if there are none.
    pub ids: Vec<Id>,
    /// Those of this organization, without regard to pages, as in the reference, but for those after another.
    pub org_id: Option<Id>,
    /// Those of the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
    /// Those that this user made.
    pub owner_id: Option<Id>,
    /// The order.
    pub order: DashboardOrder,
    /// An organization that has more dashboards than this is listed by pages after all: the reference's clients never
    /// see so many, and all at once are too much. `None` is no such number.
    pub whole_up_to: Option<u32>,
}

const COLUMNS: &str = "SELECT d.id, d.org_id, d.name, d.description, d.owner_id, d.created_at, d.updated_at
    FROM dashboards d";

fn read(row: &Row) -> Result<Dashboard, DatabaseError> {
    Ok(Dashboard {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        owner_id: row.get("owner_id")?,
        cells: Vec::new(),
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

/// The dashboard of this id with its cells.
pub(crate) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Dashboard> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE d.id = ?")).bind(id)).await?;
    let mut dashboard = read(&row.ok_or(CatalogError::DashboardNotFound)?)?;
    dashboard.cells = crate::cells::of_dashboards(db, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(dashboard)
}

/// Notes that a dashboard changes now.
pub(crate) async fn touch_in(tx: &mut Transaction, id: Id, now: Timestamp) -> Result<()> {
    tx.execute(sql("UPDATE dashboards SET updated_at = ? WHERE id = ?").bind(now.0).bind(id)).await?;
    Ok(())
}

impl Catalog {
    /// Makes a dashboard.
    ///
    /// # Errors
    /// An organization that does not exist.
    pub async fn create_dashboard(&self, new: NewDashboard) -> Result<Dashboard> {
        let now = self.now();
        let mut dashboard = Dashboard {
            id: self.new_id(),
            org_id: new.org_id,
            name: new.name,
            description: new.description,
            owner_id: new.owner_id,
            cells: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.begin().await?;
        let insert =
            sql("INSERT INTO dashboards (id, org_id, name, description, owner_id, created_at, updated_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(dashboard.id)
            .bind(dashboard.org_id)
            .bind(&dashboard.name)
            .bind(&dashboard.description)
            .bind(dashboard.owner_id)
            .bind(now.0)
            .bind(now.0);
        match tx.execute(insert).await {
            Err(DatabaseError::ForeignKey(_)) => return Err(CatalogError::OrgNotFound.into()),
            other => other?,
        };
        for (place, cell) in new.cells.into_iter().enumerate() {
            let cell = cell.with_id(self.new_id());
            crate::cells::insert_in(&mut tx, dashboard.id, place, &cell).await?;
            dashboard.cells.push(cell);
        }
        self.commit(tx).await?;
        Ok(dashboard)
    }

    /// The dashboard of this id.
    ///
    /// # Errors
    /// [`CatalogError::DashboardNotFound`].
    pub async fn find_dashboard(&self, id: Id) -> Result<Dashboard> {
        by_id(&mut self.database(), id).await
    }

    /// The dashboards that `filter` names. One that is asked for by id alone and does not exist is no error.
    ///
    /// # Errors
    /// When the organization that is asked for by name does not exist.
    pub async fn list_dashboards(&self, filter: &DashboardFilter, paging: &Paging) -> Result<Vec<Dashboard>> {
        let org = match (filter.org_id, &filter.org) {
            (Some(id), _) => Some(id),
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (None, None) => None,
        };
        let mut listing = Listing::new(COLUMNS, "dashboards d", filter.order.keys()).after_id(paging);
        let whole = Paging { descending: paging.descending, ..Paging::default() };
        // Who names a place to go on from wants pages.
        let goes_on = filter.order == DashboardOrder::Id && paging.after.is_some();
        let page = match org {
            Some(org) if !goes_on && !self.has_too_many(org, filter.whole_up_to).await? => &whole,
            _ => paging,
        };
        let query = listing.filter();
        if let Some(org) = org {
            query.push_bind(" AND d.org_id = ?", org);
        }
        if let Some(owner) = filter.owner_id {
            query.push_bind(" AND d.owner_id = ?", owner);
        }
        if !filter.ids.is_empty() {
            query.push(" AND d.id IN ").push_list(filter.ids.iter().map(|id| (*id).into()));
        }
        let rows = self.read_page(listing, page).await?;
        let mut dashboards: Vec<Dashboard> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let ids: Vec<Id> = dashboards.iter().map(|dashboard| dashboard.id).collect();
        let mut cells: BTreeMap<Id, Vec<Cell>> =
            crate::cells::of_dashboards(&mut self.database(), &ids).await?;
        for dashboard in &mut dashboards {
            dashboard.cells = cells.remove(&dashboard.id).unwrap_or_default();
        }
        Ok(dashboards)
    }

    /// Whether an organization has more dashboards than `most`.
    async fn has_too_many(&self, org: Id, most: Option<u32>) -> Result<bool> {
        let Some(most) = most else { return Ok(false) };
        let one_more = sql("SELECT d.id FROM dashboards d WHERE d.org_id = ? ORDER BY d.id LIMIT 1 OFFSET ?");
        Ok(self.database().fetch_optional(one_more.bind(org).bind(most)).await?.is_some())
    }

    /// Changes a dashboard.
    ///
    /// # Errors
    /// [`CatalogError::NoAttribute`] when nothing would change, or it does not exist.
    pub async fn update_dashboard(&self, id: Id, update: DashboardUpdate) -> Result<Dashboard> {
        if update.name.is_none() && update.description.is_none() {
            return Err(CatalogError::NoAttribute.into());
        }
        let mut tx = self.begin().await?;
        let mut dashboard = by_id(&mut tx, id).await?;
        dashboard.name = update.name.unwrap_or(dashboard.name);
        dashboard.description = update.description.unwrap_or(dashboard.description);
        dashboard.updated_at = self.now();
        let change = sql("UPDATE dashboards SET name = ?, description = ?, updated_at = ? WHERE id = ?")
            .bind(&dashboard.name)
            .bind(&dashboard.description)
            .bind(dashboard.updated_at.0)
            .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(dashboard)
    }

    /// Makes a dashboard anew in the place of one: other name, other cells with other views.
    ///
    /// # Errors
    /// [`CatalogError::DashboardNotFound`].
    pub async fn replace_dashboard(
        &self,
        id: Id,
        name: String,
        description: String,
        cells: Vec<NewCell>,
    ) -> Result<Dashboard> {
        let mut tx = self.begin().await?;
        let mut dashboard = by_id(&mut tx, id).await?;
        dashboard.name = name;
        dashboard.description = description;
        dashboard.updated_at = self.now();
        let change = sql("UPDATE dashboards SET name = ?, description = ?, updated_at = ? WHERE id = ?")
            .bind(&dashboard.name)
            .bind(&dashboard.description)
            .bind(dashboard.updated_at.0)
            .bind(id);
        tx.execute(change).await?;
        tx.execute(sql("DELETE FROM cells WHERE dashboard_id = ?").bind(id)).await?;
        dashboard.cells.clear();
        for (place, cell) in cells.into_iter().enumerate() {
            let cell = cell.with_id(self.new_id());
            crate::cells::insert_in(&mut tx, id, place, &cell).await?;
            dashboard.cells.push(cell);
        }
        self.commit(tx).await?;
        Ok(dashboard)
    }

    /// Deletes a dashboard with its cells and views.
    ///
    /// # Errors
    /// [`CatalogError::DashboardNotFound`].
    pub async fn delete_dashboard(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM dashboards WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::DashboardNotFound.into());
        }
        crate::members::forget_resource_in(&mut tx, id).await?;
        self.commit(tx).await
    }
}
