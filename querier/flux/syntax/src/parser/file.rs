//! Files: package clause, imports, statements.

use super::{Parser, begin, finish};
use crate::ast::{
    Attribute, BadStatement, Base, File, ImportDeclaration, Location, PackageClause, Statement,
};
use crate::check;
use crate::scanner::Kind;

/// Clients read which parser made a tree.
const METADATA: &str = "parser-type=rust";

impl Parser<'_> {
    pub(crate) fn parse_file(mut self) -> File {
        let start = self.peek().start;
        let mut end = None;
        let mut attributes = self.attributes();
        let package = self.package_clause(&mut attributes);
        if let Some(package) = &package {
            end = Some(finish(&package.base));
            attributes = self.attributes();
        }
        let mut imports = Vec::new();
        while self.peek_kind() == Kind::Import {
            let import = self.import_declaration(std::mem::take(&mut attributes));
            end = Some(finish(&import.base));
            imports.push(import);
            attributes = self.attributes();
        }
        let mut body = self.statement_list(attributes);
        if let Some(statement) = body.last() {
            end = Some(finish(statement.base()));
        }
        let eof = self.peek().comments.clone();
        let location = end.map_or_else(Location::default, |end| self.location(start, end));
        let too_deep = self.too_deep.take().or_else(|| body.iter().find_map(check::too_deep));
        if let Some(location) = too_deep {
            // Nobody may walk such a tree, so it is not handed out.
            let base = Base { errors: vec![check::TOO_DEEP.to_owned()], ..Base::at(location) };
            body = vec![Statement::Bad(Box::new(BadStatement { base, text: String::new() }))];
        }
        File {
            base: Base::at(location),
            name: self.file.as_deref().unwrap_or("").to_owned(),
            metadata: METADATA.to_owned(),
            package,
            imports,
            body,
            eof,
        }
    }

    fn package_clause(&mut self, attributes: &mut Vec<Attribute>) -> Option<PackageClause> {
        let token = self.accept(Kind::Package)?;
        let name = self.identifier();
        let mut base = self.base(token.start, finish(&name.base));
        base.comments = token.comments;
        base.attributes = std::mem::take(attributes);
        Some(PackageClause { base, name })
    }

    fn import_declaration(&mut self, attributes: Vec<Attribute>) -> ImportDeclaration {
        let token = self.expect(Kind::Import);
        let alias = (self.peek_kind() == Kind::Ident).then(|| self.identifier());
        let path = self.string_literal();
        let mut base = self.base(token.start, finish(&path.base));
        base.comments = token.comments;
        base.attributes = attributes;
        ImportDeclaration { base, alias, path }
    }

    /// The place of attributes that stand before nothing.
    pub(super) fn attributes_span(&self, attributes: &[Attribute]) -> Option<Location> {
        let (first, last) = (attributes.first()?, attributes.last()?);
        Some(self.location(begin(&first.base), finish(&last.base)))
    }
}
