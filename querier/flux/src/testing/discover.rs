//! Finding test cases in files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_flux_syntax::ast::{Assignment, Expression, File, Package, Statement};

use super::assemble;
use super::modules::Modules;

/// A test case, ready to run.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The file it stands in.
    pub file: PathBuf,
    /// The line it begins in.
    pub line: u32,
    /// The package it tests: that of its file, without `_test`.
    pub package: String,
    /// Its tags: the file's, unless it has its own; those of the case it extends, if both have none.
    pub tags: Vec<String>,
    /// The script, or why there is none.
    pub script: Result<Package, String>,
}

impl Case {
    /// Whether a name on the command line means this case: `case`, `package.case` or `package/case`.
    pub fn is_called(&self, name: &str) -> bool {
        match name.rsplit_once(['.', '/']) {
            Some((package, name)) => self.package == package && self.name == name,
            None => self.name == name,
        }
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The cases, by file and place.
    pub cases: Vec<Case>,
    /// Files that could not be read, and why.
    pub broken: Vec<(PathBuf, String)>,
}

/// All cases of some files and folders. A folder gives its files `*_test.flux`, also those of folders inside; a file
/// that is named gives its cases whatever it is called.
pub fn discover(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut files = Vec::new();
    let mut modules = Modules::default();
    for path in paths {
        modules.add_path(path);
        if path.is_dir() {
            walk(path, &mut files, &mut modules, &mut found.broken);
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    for path in files {
        match modules.read(&path) {
            Ok(file) => cases_of(&path, &file, &mut modules, &mut found.cases),
            Err(why) => found.broken.push((path, why)),
        }
    }
    found
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, modules: &mut Modules, broken: &mut Vec<(PathBuf, String)>) {
    modules.add_root(folder);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) => {
            broken.push((folder.to_owned(), e.to_string()));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_test = path.file_name().is_some_and(|n| n.to_string_lossy().ends_with("_test.flux"));
        // A link to a folder could lead back here: it is not followed.
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            walk(&path, files, modules, broken);
        } else if is_test {
            files.push(path);
        }
    }
}

fn cases_of(path: &Path, file: &Arc<File>, modules: &mut Modules, out: &mut Vec<Case>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let package = file.package.as_ref().map_or("main", |p| p.name.name.as_str());
    let package = package.strip_suffix("_test").unwrap_or(package);
    for statement in &file.body {
        let Statement::TestCase(case) = statement else { continue };
        let name = case.id.name.as_str();
        let times = seen.entry(name).or_default();
        *times += 1;
        let script = if *times > 1 {
            Err(format!("the file has more than one testcase called {name}"))
        } else {
            assemble::script(path, file, case, modules)
        };
        let written = || tags(&case.block.body).or_else(|| tags(&file.body));
        let inherited = || script.as_ref().ok().and_then(|script| tags(&script.files.first()?.body));
        let tags = written().or_else(inherited).unwrap_or_default();
        out.push(Case {
            name: name.to_owned(),
            file: path.to_owned(),
            line: case.base.location.start.line,
            package: package.to_owned(),
            tags,
            script,
        });
    }
}

/// What `option testing.tags = […]` says, if it is there.
fn tags(body: &[Statement]) -> Option<Vec<String>> {
    body.iter().find_map(|statement| {
        let Statement::Option(option) = statement else { return None };
        let Assignment::Member(assignment) = &option.assignment else { return None };
        let Expression::Identifier(package) = &assignment.member.object else { return None };
        if package.name != "testing" || assignment.member.property.name() != "tags" {
            return None;
        }
        let Expression::Array(array) = &assignment.init else { return None };
        let tags = array.elements.iter().filter_map(|e| match &e.expression {
            Expression::StringLit(s) => Some(s.value.clone()),
            _ => None,
        });
        Some(tags.collect())
    })
}
