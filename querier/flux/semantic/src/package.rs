//! Packages as a script that imports them sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::types::{PolyType, parse_poly_type};

/// Where types of packages come from.
pub trait Importer: Send + Sync {
    /// The package of an import path; none if there is no such package.
    fn package(&self, path: &str) -> Option<Arc<PackageTypes>>;
    /// The members that every script sees without importing them.
    fn prelude(&self) -> Arc<PackageTypes>;
}

/// The types of a package's members.
///
/// Members are added once, when the package is registered; their signatures are read when a script first uses
/// them.
#[derive(Default)]
pub struct PackageTypes {
    /// The name under which the package is known where it is imported: `v1` for `influxdata/influxdb/v1`.
    pub name: String,
    members: BTreeMap<String, Member>,
    options: BTreeSet<String>,
}

struct Member {
    signature: Option<Box<str>>,
    ty: OnceLock<PolyType>,
}

impl PackageTypes {
    /// A package without members.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds a member by its signature. One that cannot be read fits everything; whoever registers packages
    /// should test theirs with [`PackageTypes::invalid_signatures`].
    pub fn add_signature(&mut self, member: impl Into<String>, signature: impl Into<String>) -> &mut Self {
        let signature = Some(signature.into().into_boxed_str());
        self.members.insert(member.into(), Member { signature, ty: OnceLock::new() });
        self
    }

    /// Adds a member by its type.
    pub fn add(&mut self, member: impl Into<String>, ty: PolyType) -> &mut Self {
        let cell = OnceLock::new();
        // A new cell is empty, so that setting it cannot fail.
        let _ = cell.set(ty);
        self.members.insert(member.into(), Member { signature: None, ty: cell });
        self
    }

    /// Marks a member as an option, which users may assign.
    pub fn mark_option(&mut self, member: impl Into<String>) -> &mut Self {
        self.options.insert(member.into());
        self
    }

    /// Adds all members of another package, as a prelude does.
    pub fn extend(&mut self, other: &Self) -> &mut Self {
        for (name, member) in &other.members {
            let ty = OnceLock::new();
            if let Some(known) = member.ty.get() {
                let _ = ty.set(known.clone());
            }
            self.members.insert(name.clone(), Member { signature: member.signature.clone(), ty });
        }
        self.options.extend(other.options.iter().cloned());
        self
    }

    /// The type of a member.
    pub fn lookup(&self, member: &str) -> Option<&PolyType> {
        let member = self.members.get(member)?;
        Some(member.ty.get_or_init(|| {
            let signature = member.signature.as_deref().unwrap_or_default();
            parse_poly_type(signature).unwrap_or_else(|_| PolyType::unknown())
        }))
    }

    /// Whether a member is an option.
    pub fn is_option(&self, member: &str) -> bool {
        self.options.contains(member)
    }

    /// The options' names in order.
    pub fn options(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(String::as_str)
    }

    /// The members' names in order.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Members whose signature cannot be read, and why; for tests of whoever registers packages.
    pub fn invalid_signatures(&self) -> Vec<(String, crate::SignatureError)> {
        let check = |(name, member): (&String, &Member)| {
            let error = parse_poly_type(member.signature.as_deref()?).err()?;
            Some((name.clone(), error))
        };
        self.members.iter().filter_map(check).collect()
    }
}

impl fmt::Debug for PackageTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackageTypes")
            .field("name", &self.name)
            .field("members", &self.members.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
