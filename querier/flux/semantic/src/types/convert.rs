//! Types written in scripts (`builtin x : T`).

use std::collections::HashMap;
use std::sync::Arc;

use weir_flux_syntax::ast::{self, MonoType, ParameterType, PropertyKey};

use super::{Arena, Basic, Function, Kind, Kinds, Label, Node, Param, ParamKind, PolyType, Ty};

/// What is wrong with a written type, and where.
pub(crate) type ConvertError<'a> = (&'a ast::Location, String);

/// The type that a tree says; parts that are wrong fit everything.
pub(crate) fn convert_type(written: &ast::TypeExpression) -> (PolyType, Vec<ConvertError<'_>>) {
    let mut converter = Converter { arena: Arena::new(), vars: HashMap::new(), errors: Vec::new() };
    let root = converter.ty(&written.monotype);
    for constraint in &written.constraints {
        let var = converter.var(&constraint.tvar.name);
        for name in &constraint.kinds {
            match Kind::from_text(&name.name) {
                Some(kind) => converter.constrain(var, kind),
                None => {
                    converter.errors.push((&name.base.location, format!("invalid constraint {}", name.name)))
                }
            }
        }
    }
    (converter.arena.export(root), converter.errors)
}

struct Converter<'a> {
    arena: Arena,
    vars: HashMap<&'a str, Ty>,
    errors: Vec<ConvertError<'a>>,
}

impl<'a> Converter<'a> {
    fn var(&mut self, name: &'a str) -> Ty {
        if let Some(ty) = self.vars.get(name) {
            return *ty;
        }
        let ty = self.arena.fresh();
        self.vars.insert(name, ty);
        ty
    }

    fn constrain(&mut self, var: Ty, kind: Kind) {
        if let Node::Var { level, kinds } = *self.arena.node(var) {
            self.arena.set(var, Node::Var { level, kinds: kinds.union(Kinds::of(&[kind])) });
        }
    }

    fn ty(&mut self, written: &'a MonoType) -> Ty {
        match written {
            MonoType::Tvar(t) => self.var(&t.name.name),
            MonoType::Basic(t) => match Basic::from_text(&t.name.name) {
                Some(basic) => Ty::basic(basic),
                None => {
                    self.errors.push((&t.base.location, format!("invalid named type {}", t.name.name)));
                    Ty::ERROR
                }
            },
            MonoType::Array(t) => {
                let element = self.ty(&t.element);
                self.arena.push(Node::Array(element))
            }
            MonoType::Stream(t) => {
                let element = self.ty(&t.element);
                self.arena.push(Node::Stream(element))
            }
            MonoType::Vector(t) => {
                let element = self.ty(&t.element);
                self.arena.push(Node::Vector(element))
            }
            MonoType::Dict(t) => {
                let key = self.ty(&t.key);
                let value = self.ty(&t.val);
                self.arena.push(Node::Dict(key, value))
            }
            MonoType::Dynamic(_) => Ty::DYNAMIC,
            MonoType::Record(record) => self.record(record),
            MonoType::Function(function) => self.function(function),
            MonoType::Label(label) => self.arena.push(Node::Label(Arc::from(label.value.as_str()))),
        }
    }

    fn record(&mut self, record: &'a ast::RecordType) -> Ty {
        let mut tail = record.tvar.as_ref().map_or(Ty::EMPTY, |id| self.var(&id.name));
        for property in record.properties.iter().rev() {
            let label = match &property.name {
                PropertyKey::Identifier(id) if is_variable(&id.name) => Label::Var(self.var(&id.name)),
                key => Label::Name(Arc::from(key.name())),
            };
            let value = self.ty(&property.monotype);
            tail = self.arena.push(Node::Extend { label, value, tail });
        }
        tail
    }

    fn function(&mut self, function: &'a ast::FunctionType) -> Ty {
        let mut params: Vec<Param> = Vec::new();
        for written in &function.parameters {
            let (name, kind, ty) = match written {
                ParameterType::Required { name, monotype, .. } => {
                    (name.name.as_str(), ParamKind::Required, monotype)
                }
                ParameterType::Optional { name, monotype, default, .. } => {
                    let kind = match default {
                        Some(label) => ParamKind::Defaulted(Arc::from(label.value.as_str())),
                        None => ParamKind::Optional,
                    };
                    (name.name.as_str(), kind, monotype)
                }
                ParameterType::Pipe { base, name, monotype } => {
                    if params.iter().any(|p| p.kind == ParamKind::Pipe) {
                        self.errors.push((
                            &base.location,
                            "function types can have at most one pipe parameter".to_owned(),
                        ));
                        continue;
                    }
                    (name.as_ref().map_or("<-", |n| n.name.as_str()), ParamKind::Pipe, monotype)
                }
            };
            let ty = self.ty(ty);
            params.push(Param { name: Arc::from(name), kind, ty });
        }
        let result = self.ty(&function.monotype);
        self.arena.push(Node::Function(Arc::new(Function::new(params, result))))
    }
}

fn is_variable(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}
