//! Operators and conditions.

use weir_flux_syntax::ast::{
    BinaryExpression, ConditionalExpression, LogicalExpression, Operator, UnaryExpression, UnaryOperator,
};

use super::{Checker, place};
use crate::types::{Kind, Ty};

impl<'a> Checker<'a> {
    /// Both sides of arithmetic have one type; those of a comparison need not, since what a column holds is
    /// known only when run.
    pub(super) fn binary(&mut self, binary: &'a BinaryExpression) -> Ty {
        let left = self.infer(&binary.left);
        let right = self.infer(&binary.right);
        let (at_left, at_right) = (place(&binary.left), place(&binary.right));
        let kinds: &[Kind] = match binary.operator {
            Operator::Addition => return self.arithmetic(binary, left, right, Kind::Addable),
            Operator::Subtraction => return self.arithmetic(binary, left, right, Kind::Subtractable),
            Operator::Multiplication | Operator::Division | Operator::Modulo | Operator::Power => {
                return self.arithmetic(binary, left, right, Kind::Divisible);
            }
            Operator::LessThan | Operator::GreaterThan => &[Kind::Comparable],
            Operator::LessThanEqual | Operator::GreaterThanEqual => &[Kind::Equatable, Kind::Comparable],
            Operator::Equal | Operator::NotEqual => &[Kind::Equatable],
            Operator::RegexpMatch | Operator::NotRegexpMatch => {
                self.equal(Ty::STRING, left, at_left);
                self.equal(Ty::REGEXP, right, at_right);
                return Ty::BOOL;
            }
            Operator::Invalid => {
                let operator = binary.operator.as_str();
                self.report(&binary.base.location, format!("invalid binary operator {operator}"));
                return Ty::ERROR;
            }
        };
        for kind in kinds {
            self.constrain(left, *kind, at_left);
        }
        for kind in kinds {
            self.constrain(right, *kind, at_right);
        }
        Ty::BOOL
    }

    fn arithmetic(&mut self, binary: &'a BinaryExpression, left: Ty, right: Ty, kind: Kind) -> Ty {
        let fits = self.equal(left, right, place(&binary.right));
        self.constrain(left, kind, &binary.base.location);
        // What is wrong is told once, not again of all that is made of it.
        if fits { left } else { Ty::ERROR }
    }

    pub(super) fn unary(&mut self, unary: &'a UnaryExpression) -> Ty {
        let ty = self.infer(&unary.argument);
        match unary.operator {
            UnaryOperator::Not => {
                self.equal(Ty::BOOL, ty, place(&unary.argument));
                Ty::BOOL
            }
            UnaryOperator::Exists => Ty::BOOL,
            UnaryOperator::Plus | UnaryOperator::Minus => {
                self.constrain(ty, Kind::Negatable, place(&unary.argument));
                ty
            }
        }
    }

    pub(super) fn logical(&mut self, logical: &'a LogicalExpression) -> Ty {
        let left = self.infer(&logical.left);
        let right = self.infer(&logical.right);
        self.equal(Ty::BOOL, left, place(&logical.left));
        self.equal(Ty::BOOL, right, place(&logical.right));
        Ty::BOOL
    }

    pub(super) fn conditional(&mut self, conditional: &'a ConditionalExpression) -> Ty {
        let test = self.infer(&conditional.test);
        self.equal(Ty::BOOL, test, place(&conditional.test));
        let consequent = self.infer(&conditional.consequent);
        let alternate = self.infer(&conditional.alternate);
        let fits = self.equal(consequent, alternate, place(&conditional.alternate));
        if fits { alternate } else { Ty::ERROR }
    }
}
