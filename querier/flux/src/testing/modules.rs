//! Files of test cases by path and by module.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_flux_syntax::ast::File;

/// The file that names the module a folder is the root of.
const ROOT: &str = "fluxtest.root";

/// Reads each file once.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// The folders that are roots of modules, and the modules' names; what was named first goes first.
    modules: Vec<(String, PathBuf)>,
    /// The folders that tests are looked for in.
    roots: Vec<PathBuf>,
    files: HashMap<PathBuf, Result<Arc<File>, String>>,
}

impl Modules {
    /// Looks for the module that a path belongs to: the nearest folder above it that says so. A folder that tests are
    /// looked for in is remembered.
    pub(super) fn add_path(&mut self, path: &Path) {
        let whole = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Some(above) = whole.ancestors().skip(1).find(|folder| folder.join(ROOT).is_file()) {
            self.add_root(above);
        }
        if whole.is_dir() {
            self.roots.push(whole);
        }
    }

    /// Takes note of a folder that may be the root of a module.
    pub(super) fn add_root(&mut self, folder: &Path) {
        if let Some(name) = module_of(folder)
            && !self.modules.iter().any(|(known, _)| *known == name)
        {
            self.modules.push((name, folder.to_owned()));
        }
    }

    /// The tree of a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no Flux.
    pub(super) fn read(&mut self, path: &Path) -> Result<Arc<File>, String> {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        let file = std::fs::read_to_string(path).map_err(|e| e.to_string()).and_then(|text| {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let file = weir_flux_syntax::parse(&text, &name);
            match weir_flux_syntax::errors(&file) {
                errors if errors.is_empty() => Ok(Arc::new(file)),
                errors => Err(weir_flux_syntax::join_errors(&errors)),
            }
        });
        self.files.insert(path.to_owned(), file.clone());
        file
    }

    /// The file and the name of the case that `from` extends with `reference` (`module/path/file_test.case`).
    ///
    /// # Errors
    /// When there is no such file.
    pub(super) fn resolve(&self, from: &Path, reference: &str) -> Result<(PathBuf, String), String> {
        let slash = reference.rfind('/').map_or(0, |i| i + 1);
        let Some(dot) = reference[slash..].rfind('.').map(|i| slash + i) else {
            return Err(format!("extends \"{reference}\": the path must end in .testcase"));
        };
        let (path, case) = (&reference[..dot], &reference[dot + 1..]);
        let (module, rest) = path.split_once('/').unwrap_or(("", path));
        let file = |folder: &Path, path: &str| folder.join(format!("{path}.flux"));
        // A folder that says that it is the module's; else, any folder around in which there is such a file.
        let named =
            self.modules.iter().filter(|(name, _)| name == module).map(|(_, folder)| file(folder, rest));
        let from = std::fs::canonicalize(from).unwrap_or_else(|_| from.to_owned());
        let around = self.roots.iter().flat_map(|root| root.ancestors()).chain(from.ancestors().skip(1));
        let guessed = around
            .flat_map(|folder| [file(folder, path), file(folder, rest), file(&folder.join("stdlib"), rest)]);
        match named.chain(guessed).find(|c| c.is_file()) {
            Some(file) => Ok((file, case.to_owned())),
            None => Err(format!("extends \"{reference}\": there is no file {path}.flux")),
        }
    }
}

/// The module a folder is the root of, as its file says: a bare name, or JSON with the name and the tags in use.
fn module_of(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(ROOT)).ok()?;
    let text = text.trim();
    let name = if text.starts_with('{') {
        let told: serde_json::Value = serde_json::from_str(text).ok()?;
        told.get("name").or_else(|| told.get("Name"))?.as_str()?.to_owned()
    } else {
        text.strip_prefix("name:").unwrap_or(text).trim().trim_matches(['"', '\'']).to_owned()
    };
    (!name.is_empty()).then_some(name)
}
