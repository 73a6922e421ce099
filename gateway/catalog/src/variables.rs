//! Variables of dashboards.

use serde_json::Value;
use weir_database::{DatabaseError, Executor, Row, sql};
use weir_model::{Error, Id, Result, Timestamp};

use crate::paging::{Key, Listing};
use crate::{Catalog, CatalogError, Paging};

/// A variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name, unique in the organization whatever the case.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// What is chosen; `None` is shown as null.
    pub selected: Option<Vec<String>>,
    /// What can be chosen.
    pub arguments: Arguments,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What can be chosen: constants, a map or the rows of a query. Always of a known type with fitting values.
#[derive(Debug, Clone, PartialEq)]
pub struct Arguments(Value);

impl Arguments {
    /// Checks arguments as a request gives them.
    ///
    /// # Errors
    /// The type is unknown or the values do not fit it.
    pub fn new(value: &Value) -> Result<Self, CatalogError> {
        let refuse = |text: String| Err(CatalogError::VariableArguments(text));
        let Some(object) = value.as_object() else { return refuse("invalid arguments type".to_owned()) };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        let values = object.get("values").unwrap_or(&Value::Null);
        let bad = |what: &str| refuse(format!("error parsing {} as {what}", shown(values)));
        let other_than_text = |what: &str, value: &Value| {
            refuse(format!("expected variable {what} value to be string but received {}", type_of(value)))
        };
        let kept = match kind {
            "constant" => match values.as_array() {
                Some(all) => match all.iter().find(|value| !value.is_string()) {
                    Some(value) => return other_than_text("constant", value),
                    None => values.clone(),
                },
                None => return bad("VariableConstantArguments"),
            },
            "map" => match values.as_object() {
                Some(all) => match all.values().find(|value| !value.is_string()) {
                    Some(value) => return other_than_text("map", value),
                    None => values.clone(),
                },
                None => return bad("VariableMapArguments"),
            },
            "query" => {
                let Some(all) = values.as_object() else { return bad("VariableQueryArguments") };
                let mut texts = serde_json::Map::new();
                for key in ["query", "language"] {
                    let Some(value) = all.get(key) else {
                        return refuse(format!("{key:?} key not present in VariableQueryArguments"));
                    };
                    if !value.is_string() {
                        return bad("VariableQueryArguments");
                    }
                    texts.insert(key.to_owned(), value.clone());
                }
                Value::Object(texts)
            }
            other => return refuse(format!("unknown VariableArguments type {other}")),
        };
        Ok(Self(serde_json::json!({"type": kind, "values": kept})))
    }

    /// The arguments as JSON: `type` and `values`.
    pub fn json(&self) -> &Value {
        &self.0
    }
}

/// What a value is called in refusals; the reference writes the absent one so.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The reference's name of a value's type.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// What a variable is made of, or replaced by.
#[derive(Debug, Clone)]
pub struct NewVariable {
    /// The organization, which must exist. A variable that is replaced stays in its own.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// What is chosen.
    pub selected: Option<Vec<String>>,
    /// What can be chosen.
    pub arguments: Arguments,
}

/// What changes; absent stays, and so do empty texts.
#[derive(Debug, Clone, Default)]
pub struct VariableUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// A new choice.
    pub selected: Option<Vec<String>>,
    /// New arguments.
    pub arguments: Option<Arguments>,
}

impl VariableUpdate {
    /// Refuses an update that changes nothing.
    ///
    /// # Errors
    /// [`CatalogError::NothingToUpdate`].
    pub fn check(&self) -> Result<(), CatalogError> {
        let text = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        let any = text(&self.name)
            || text(&self.description)
            || self.selected.is_some()
            || self.arguments.is_some();
        if any { Ok(()) } else { Err(CatalogError::NothingToUpdate) }
    }
}

/// Which variables are listed.
#[derive(Debug, Clone, Default)]
pub struct VariableFilter {
    /// Those of this organization.
    pub org_id: Option<Id>,
    /// Those of the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
}

const COLUMNS: &str = "SELECT v.id, v.org_id, v.name, v.description, v.selected, v.arguments, v.created_at,
    v.updated_at FROM variables v";

/// What scripts would take for something else.
const RESERVED: [&str; 11] =
    ["and", "import", "not", "return", "option", "test", "empty", "in", "or", "package", "builtin"];

fn check_name(name: &str) -> Result<(), CatalogError> {
    if name.is_empty() {
        return Err(CatalogError::VariableNameMissing);
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return Err(CatalogError::VariableName);
    }
    if RESERVED.contains(&name) {
        return Err(CatalogError::VariableNameReserved(name.to_owned()));
    }
    Ok(())
}

fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn read(row: &Row) -> Result<Variable> {
    let json = |column: &str| -> Result<Value> {
        serde_json::from_str(&row.get::<String, _>(column)?).map_err(|error| {
            DatabaseError::Column { column: column.to_owned(), reason: error.to_string() }.into()
        })
    };
    let selected = match json("selected")? {
        Value::Array(all) => Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    };
    Ok(Variable {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        selected,
        arguments: Arguments(json("arguments")?),
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

fn taken(error: DatabaseError, name: &str) -> Error {
    match error {
        DatabaseError::Unique(_) => CatalogError::VariableExists(name.to_owned()).into(),
        DatabaseError::ForeignKey(_) => CatalogError::OrgNotFound.into(),
        other => other.into(),
    }
}

fn selected_text(variable: &Variable) -> String {
    serde_json::json!(variable.selected).to_string()
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Variable> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE v.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::VariableNotFound(id))?)
}

impl Catalog {
    /// Makes a variable.
    ///
    /// # Errors
    /// A refused name, one that is taken, or an organization that does not exist.
    pub async fn create_variable(&self, new: NewVariable) -> Result<Variable> {
        check_name(&new.name)?;
        let now = self.now();
        let variable = Variable {
            id: self.new_id(),
            org_id: new.org_id,
            name: new.name,
            description: new.description,
            selected: new.selected,
            arguments: new.arguments,
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.begin().await?;
        let insert = sql(
            "INSERT INTO variables (id, org_id, name, name_key, description, selected, arguments, created_at,
                 updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(variable.id)
        .bind(variable.org_id)
        .bind(&variable.name)
        .bind(name_key(&variable.name))
        .bind(&variable.description)
        .bind(selected_text(&variable))
        .bind(variable.arguments.0.to_string())
        .bind(now.0)
        .bind(now.0);
        tx.execute(insert).await.map_err(|error| taken(error, &variable.name))?;
        self.commit(tx).await?;
        Ok(variable)
    }

    /// The variable of this id.
    ///
    /// # Errors
    /// [`CatalogError::VariableNotFound`].
    pub async fn find_variable(&self, id: Id) -> Result<Variable> {
        by_id(&mut self.database(), id).await
    }

    /// The variables that `filter` names, by id; all of an organization's, a page of everybody's.
    ///
    /// # Errors
    /// When the organization that is asked for by name does not exist.
    pub async fn list_variables(&self, filter: &VariableFilter, paging: &Paging) -> Result<Vec<Variable>> {
        let org = match (filter.org_id, &filter.org) {
            (Some(id), _) => Some(id),
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (None, None) => None,
        };
        let listing = Listing::new(COLUMNS, "variables v", &[Key::Text("v.id")]);
        let rows = match org {
            Some(org) => {
                let mut listing = listing;
                listing.filter().push_bind(" AND v.org_id = ?", org);
                let whole = Paging { descending: paging.descending, ..Paging::default() };
                self.read_page(listing, &whole).await?
            }
            None => self.read_page(listing.after_id(paging), paging).await?,
        };
        rows.iter().map(read).collect()
    }

    /// Changes a variable.
    ///
    /// # Errors
    /// When it does not exist, or the new name is refused or taken.
    pub async fn update_variable(&self, id: Id, update: VariableUpdate) -> Result<Variable> {
        let mut tx = self.begin().await?;
        let mut variable = by_id(&mut tx, id).await?;
        let name = update.name.map(|name| name.trim().to_owned());
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            check_name(&name)?;
            variable.name = name;
        }
        if let Some(description) = update.description.filter(|text| !text.is_empty()) {
            variable.description = description;
        }
        if update.selected.is_some() {
            variable.selected = update.selected;
        }
        if let Some(arguments) = update.arguments {
            variable.arguments = arguments;
        }
        self.store_variable(tx, variable).await
    }

    /// Puts another variable in the place of one, in the same organization.
    ///
    /// # Errors
    /// When it does not exist, or the new name is refused or taken.
    pub async fn replace_variable(&self, id: Id, new: NewVariable) -> Result<Variable> {
        check_name(&new.name)?;
        let mut tx = self.begin().await?;
        let old = by_id(&mut tx, id).await?;
        let variable = Variable {
            name: new.name,
            description: new.description,
            selected: new.selected,
            arguments: new.arguments,
            ..old
        };
        self.store_variable(tx, variable).await
    }

    async fn store_variable(
        &self,
        mut tx: weir_database::Transaction,
        mut variable: Variable,
    ) -> Result<Variable> {
        variable.updated_at = self.now();
        let change =
            sql("UPDATE variables SET name = ?, name_key = ?, description = ?, selected = ?, arguments = ?,
                 updated_at = ? WHERE id = ?")
            .bind(&variable.name)
            .bind(name_key(&variable.name))
            .bind(&variable.description)
            .bind(selected_text(&variable))
            .bind(variable.arguments.0.to_string())
            .bind(variable.updated_at.0)
            .bind(variable.id);
        tx.execute(change).await.map_err(|error| taken(error, &variable.name))?;
        self.commit(tx).await?;
        Ok(variable)
    }

    /// Deletes a variable.
    ///
    /// # Errors
    /// [`CatalogError::VariableNotFound`].
    pub async fn delete_variable(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM variables WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::VariableNotFound(id).into());
        }
        crate::members::forget_resource_in(&mut tx, id).await?;
        self.commit(tx).await
    }
}
