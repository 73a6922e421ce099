//! Arrays, dictionaries, records, and what is taken out of them.

use weir_flux_syntax::ast::{
    ArrayExpression, DictExpression, Expression, IndexExpression, MemberExpression, ObjectExpression,
    Property,
};

use super::environment::Binding;
use super::{Checker, bare, place};
use crate::types::{Kind, Node, Ty};

impl<'a> Checker<'a> {
    pub(super) fn array(&mut self, array: &'a ArrayExpression) -> Ty {
        let element = self.arena.fresh();
        let mut fit = true;
        for item in &array.elements {
            let ty = self.infer(&item.expression);
            // One that does not fit is told; the others may be right.
            fit = fit && self.equal(element, ty, place(&item.expression));
        }
        self.arena.push(Node::Array(if fit { element } else { Ty::ERROR }))
    }

    pub(super) fn dict(&mut self, dict: &'a DictExpression) -> Ty {
        let key = self.arena.fresh();
        let value = self.arena.fresh();
        for item in &dict.elements {
            let (k, v) = (self.infer(&item.key), self.infer(&item.val));
            self.equal(key, k, place(&item.key));
            self.equal(value, v, place(&item.val));
        }
        self.constrain(key, Kind::Comparable, &dict.base.location);
        self.arena.push(Node::Dict(key, value))
    }

    pub(super) fn object(&mut self, object: &'a ObjectExpression) -> Ty {
        let mut record = match &object.with {
            Some(with) => self.name(&with.source.name, &with.source.base.location),
            None => Ty::EMPTY,
        };
        for property in object.properties.iter().rev() {
            let value = self.property(property);
            record = self.arena.extend(property.key.name().into(), value, record);
        }
        record
    }

    /// The value of a property; in shorthand, of the variable of that name.
    pub(super) fn property(&mut self, property: &'a Property) -> Ty {
        match &property.value {
            Some(value) => self.infer(value),
            None => self.name(property.key.name(), &property.key.base().location),
        }
    }

    /// `a.b`: the record has that label, and what else it has is left open.
    pub(super) fn member(&mut self, member: &'a MemberExpression) -> Ty {
        let label = member.property.name();
        if let Some(ty) = self.package_member(member, label) {
            return ty;
        }
        let object = self.infer(&member.object);
        if let Some(ty) = self.known_field(object, label) {
            return ty;
        }
        let value = self.arena.fresh();
        let rest = self.arena.fresh();
        let wanted = self.arena.extend(label.into(), value, rest);
        self.equal(wanted, object, place(&member.object));
        value
    }

    fn package_member(&mut self, member: &'a MemberExpression, label: &str) -> Option<Ty> {
        let Expression::Identifier(identifier) = bare(&member.object) else { return None };
        let Some(Binding::Package(package)) = self.environment.lookup(&identifier.name) else { return None };
        let package = package.clone();
        Some(match package.lookup(label) {
            Some(poly) => self.instantiate(poly),
            None => {
                self.report(&identifier.base.location, format!("record is missing label {label}"));
                Ty::ERROR
            }
        })
    }

    /// A field that is known to be there needs no unification; of something dynamic anything may be taken.
    fn known_field(&self, object: Ty, label: &str) -> Option<Ty> {
        let mut at = object;
        loop {
            match self.arena.node(at) {
                Node::Extend { label: crate::types::Label::Name(name), value, .. } if &**name == label => {
                    return Some(*value);
                }
                Node::Extend { label: crate::types::Label::Name(_), tail, .. } => at = *tail,
                Node::Error => return Some(Ty::ERROR),
                Node::Basic(crate::types::Basic::Dynamic) if at == object => return Some(Ty::DYNAMIC),
                _ if self.arena.resolve(at) == Ty::DYNAMIC => return Some(Ty::DYNAMIC),
                _ => return None,
            }
        }
    }

    pub(super) fn index(&mut self, index: &'a IndexExpression) -> Ty {
        let array = self.infer(&index.array);
        let position = self.infer(&index.index);
        self.equal(Ty::INT, position, place(&index.index));
        let element = self.arena.fresh();
        let wanted = self.arena.push(Node::Array(element));
        self.equal(wanted, array, place(&index.array));
        element
    }
}
