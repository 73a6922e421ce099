//! Reading signatures.
//!
//! ```text
//! signature  = type [ "where" constraint { "," constraint } ]
//! constraint = var ":" kind { "+" kind }
//! type       = var | basic | "[" type "]" | "[" type ":" type "]" | "stream[" type "]" | "vector[" type "]"
//!            | "{" [ var "with" ] fields "}" | "(" parameters ")" "=>" type | label
//! parameter  = name ":" type | "?" name ":" type [ "=" label ] | "<-" [ name ] ":" type
//! label      = "." name
//! ```

use std::collections::HashMap;
use std::sync::Arc;

use super::{Basic, Function, Kind, Kinds, Label, Name, Node, Param, ParamKind, PolyType, Ty};
use crate::error::SignatureError;

/// How deep a signature may nest.
const MAX_DEPTH: u32 = 60;

/// Reads a signature such as `(<-tables: stream[A], n: int, ?offset: int) => stream[A] where A: Record`.
pub fn parse_poly_type(signature: &str) -> Result<PolyType, SignatureError> {
    let mut reader = Reader { text: signature, at: 0, depth: 0, nodes: Vec::new(), vars: HashMap::new() };
    let root = reader.ty()?;
    if reader.word("where") {
        loop {
            reader.constraint()?;
            if !reader.take(",") {
                break;
            }
        }
    }
    reader.space();
    if reader.at < signature.len() {
        return Err(reader.fail("the end"));
    }
    Ok(PolyType::from_nodes(reader.nodes, root))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    nodes: Vec<Node>,
    vars: HashMap<&'a str, Ty>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn fail(&self, expected: &'static str) -> SignatureError {
        SignatureError::Syntax { at: self.at, expected }
    }

    fn take(&mut self, symbol: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), SignatureError> {
        if self.take(symbol) { Ok(()) } else { Err(self.fail(symbol)) }
    }

    fn peek_name(&mut self) -> Option<&'a str> {
        self.space();
        let rest = self.rest();
        let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.peek_name() == Some(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn name(&mut self) -> Result<&'a str, SignatureError> {
        let name = self.peek_name().ok_or_else(|| self.fail("a name"))?;
        self.at += name.len();
        Ok(name)
    }

    /// A name or a quoted text.
    fn key(&mut self) -> Result<&'a str, SignatureError> {
        if !self.take("\"") {
            return self.name();
        }
        let rest = self.rest();
        let end = rest.find('"').ok_or_else(|| self.fail("\""))?;
        self.at += end + 1;
        Ok(rest.get(..end).unwrap_or(""))
    }

    fn push(&mut self, node: Node) -> Ty {
        self.nodes.push(node);
        Ty(Ty::CONSTANTS + self.nodes.len() as u32 - 1)
    }

    fn var(&mut self, name: &'a str) -> Ty {
        if let Some(ty) = self.vars.get(name) {
            return *ty;
        }
        let ty = self.push(Node::Var { level: super::Arena::GENERIC, kinds: Kinds::NONE });
        self.vars.insert(name, ty);
        ty
    }

    fn constraint(&mut self) -> Result<(), SignatureError> {
        let var = self.name()?;
        let ty = *self.vars.get(var).ok_or_else(|| SignatureError::UnknownVariable(var.to_owned()))?;
        self.expect(":")?;
        loop {
            let name = self.name()?;
            let kind = Kind::from_text(name).ok_or_else(|| SignatureError::UnknownKind(name.to_owned()))?;
            if let Some(Node::Var { kinds, .. }) = self.nodes.get_mut((ty.0 - Ty::CONSTANTS) as usize) {
                *kinds = kinds.with(kind);
            }
            if !self.take("+") {
                return Ok(());
            }
        }
    }

    fn ty(&mut self) -> Result<Ty, SignatureError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fail("a type that is nested less deeply"));
        }
        let ty = self.one_type();
        self.depth -= 1;
        ty
    }

    fn one_type(&mut self) -> Result<Ty, SignatureError> {
        if self.take("[") {
            let element = self.ty()?;
            let node = if self.take(":") { Node::Dict(element, self.ty()?) } else { Node::Array(element) };
            self.expect("]")?;
            return Ok(self.push(node));
        }
        if self.take("{") {
            return self.record();
        }
        if self.take("(") {
            return self.function();
        }
        if self.take(".") {
            let name = Arc::from(self.key()?);
            return Ok(self.push(Node::Label(name)));
        }
        let name = self.name()?;
        if let Some(basic) = Basic::from_text(name) {
            return Ok(Ty::basic(basic));
        }
        match name {
            "stream" => {
                let element = self.in_brackets()?;
                Ok(self.push(Node::Stream(element)))
            }
            "vector" => {
                let element = self.in_brackets()?;
                Ok(self.push(Node::Vector(element)))
            }
            _ if is_variable(name) => Ok(self.var(name)),
            _ => Err(SignatureError::UnknownType(name.to_owned())),
        }
    }

    fn in_brackets(&mut self) -> Result<Ty, SignatureError> {
        self.expect("[")?;
        let ty = self.ty()?;
        self.expect("]")?;
        Ok(ty)
    }

    fn record(&mut self) -> Result<Ty, SignatureError> {
        let mut tail = Ty::EMPTY;
        let start = self.at;
        if let Some(name) = self.peek_name().filter(|n| is_variable(n)) {
            self.at += name.len();
            if self.word("with") {
                tail = self.var(name);
            } else {
                self.at = start;
            }
        }
        let mut fields = Vec::new();
        while !self.take("}") {
            let quoted = self.rest().starts_with('"');
            let key = self.key()?;
            let label = if !quoted && is_variable(key) {
                Label::Var(self.var(key))
            } else {
                Label::Name(Arc::from(key))
            };
            self.expect(":")?;
            fields.push((label, self.ty()?));
            if !self.take(",") {
                self.expect("}")?;
                break;
            }
        }
        for (label, value) in fields.into_iter().rev() {
            tail = self.push(Node::Extend { label, value, tail });
        }
        Ok(tail)
    }

    fn function(&mut self) -> Result<Ty, SignatureError> {
        let mut params: Vec<Param> = Vec::new();
        while !self.take(")") {
            let param = self.parameter()?;
            if param.kind == ParamKind::Pipe && params.iter().any(|p| p.kind == ParamKind::Pipe) {
                return Err(SignatureError::TwoPipes);
            }
            params.push(param);
            if !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        self.expect("=>")?;
        let result = self.ty()?;
        Ok(self.push(Node::Function(Arc::new(Function::new(params, result)))))
    }

    fn parameter(&mut self) -> Result<Param, SignatureError> {
        let (name, mut kind): (Name, _) = if self.take("<-") {
            (Arc::from(self.peek_name().unwrap_or("<-")), ParamKind::Pipe)
        } else if self.take("?") {
            (Arc::from(self.name()?), ParamKind::Optional)
        } else {
            (Arc::from(self.name()?), ParamKind::Required)
        };
        if kind == ParamKind::Pipe && &*name != "<-" {
            self.at += name.len();
        }
        self.expect(":")?;
        let ty = self.ty()?;
        if kind == ParamKind::Optional && self.take("=") {
            self.expect(".")?;
            kind = ParamKind::Defaulted(Arc::from(self.key()?));
        }
        Ok(Param { name, kind, ty })
    }
}

/// Whether a name in a type is a variable: one letter.
fn is_variable(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}
