//! Files of test cases by path and by module.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_flux_syntax::ast::File;

/// The file that names the module a folder is the root of, as `name: flux`.
const ROOT: &str = "fluxtest.root";

/// Reads each file once.
#[derive(Debug)]
pub(super) struct Modules {
    /// The folders that tests are looked for in.
    roots: Vec<PathBuf>,
    files: HashMap<PathBuf, Result<Arc<File>, String>>,
}

impl Modules {
    pub(super) fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots, files: HashMap::new() }
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
        let mut candidates = Vec::new();
        for folder in self.roots.iter().flat_map(|root| root.ancestors()).chain(from.ancestors().skip(1)) {
            if !module.is_empty() && module_of(folder).as_deref() == Some(module) {
                // The folder says that it is the module's: nothing is likelier.
                candidates.insert(0, folder.join(format!("{rest}.flux")));
            }
            candidates.push(folder.join(format!("{path}.flux")));
            candidates.push(folder.join(format!("{rest}.flux")));
            candidates.push(folder.join("stdlib").join(format!("{rest}.flux")));
        }
        match candidates.into_iter().find(|c| c.is_file()) {
            Some(file) => Ok((file, case.to_owned())),
            None => Err(format!("extends \"{reference}\": there is no file {path}.flux")),
        }
    }
}

fn module_of(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(ROOT)).ok()?;
    let name = text.lines().find_map(|line| line.trim().strip_prefix("name:"))?;
    Some(name.trim().trim_matches(['"', '\'']).to_owned())
}
