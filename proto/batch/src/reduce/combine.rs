//! Summaries of several stretches as the summary of all of them.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, PrimitiveArray, UInt64Array};

use super::kernels::take;
use super::{Picked, ReducedField};
use crate::FieldType;

impl ReducedField {
    /// The summaries of some windows.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        let rows: Vec<Option<usize>> = rows.iter().map(|row| Some(*row)).collect();
        let column = |values: &ArrayRef| take(values, &rows);
        let times = |times: &Int64Array| -> Int64Array {
            rows.iter()
                .map(|row| row.filter(|row| times.is_valid(*row)).map(|row| times.value(row)))
                .collect()
        };
        let picked = |picked: &Option<Picked>| {
            picked.as_ref().map(|p| Picked { values: column(&p.values), times: p.times.as_ref().map(times) })
        };
        let float = |sums: &Float64Array| -> Float64Array {
            rows.iter().map(|row| row.filter(|row| sums.is_valid(*row)).map(|row| sums.value(row))).collect()
        };
        Self {
            name: self.name.clone(),
            ty: self.ty,
            count: rows.iter().map(|row| row.map(|row| self.count.value(row))).collect(),
            sum: self.sum.as_ref().map(column),
            float_sum: self.float_sum.as_ref().map(float),
            min: picked(&self.min),
            max: picked(&self.max),
            first: picked(&self.first),
            last: picked(&self.last),
        }
    }

    /// One summary for each group: of the summaries `order[group]`, which come in the order of their times. Where the
    /// times of first and last values are known, they decide; else the order does.
    #[must_use]
    pub fn combine(&self, order: &[usize], groups: &[Range<usize>]) -> Self {
        let counted = |row: &usize| self.count.value(*row) > 0;
        let members = |group: &Range<usize>| order[group.clone()].iter().copied().filter(counted);
        let count: UInt64Array = groups
            .iter()
            .map(|g| order[g.clone()].iter().map(|row| self.count.value(*row)).sum::<u64>())
            .collect::<Vec<_>>()
            .into();
        let pick = |picked: &Option<Picked>, better: &dyn Fn(&Picked, usize, usize) -> bool| {
            let picked = picked.as_ref()?;
            let best = |group: &Range<usize>| {
                members(group).reduce(|old, new| if better(picked, new, old) { new } else { old })
            };
            let rows: Vec<Option<usize>> = groups.iter().map(best).collect();
            let times = picked.times.as_ref();
            let times =
                times.map(|t| rows.iter().map(|row| row.map(|row| t.value(row))).collect::<Int64Array>());
            Some(Picked { values: take(&picked.values, &rows), times })
        };
        let earlier = |p: &Picked, new: usize, old: usize| {
            p.times.as_ref().is_some_and(|t| t.value(new) < t.value(old))
        };
        let later =
            |p: &Picked, new: usize, old: usize| p.times.as_ref().is_none_or(|t| t.value(new) > t.value(old));
        let less = |p: &Picked, new: usize, old: usize| match order_of(self.ty, &p.values, new, old) {
            std::cmp::Ordering::Equal => earlier(p, new, old),
            order => order.is_lt(),
        };
        let greater = |p: &Picked, new: usize, old: usize| match order_of(self.ty, &p.values, new, old) {
            std::cmp::Ordering::Equal => earlier(p, new, old),
            order => order.is_gt(),
        };
        Self {
            name: self.name.clone(),
            ty: self.ty,
            sum: self.sum.as_ref().map(|sum| sums(self.ty, sum, groups, &members)),
            float_sum: self.float_sum.as_ref().map(|sum| {
                groups.iter().map(|g| members(g).map(|row| sum.value(row)).reduce(|a, b| a + b)).collect()
            }),
            min: pick(&self.min, &less),
            max: pick(&self.max, &greater),
            first: pick(&self.first, &earlier),
            last: pick(&self.last, &later),
            count,
        }
    }
}

fn order_of(ty: FieldType, values: &ArrayRef, a: usize, b: usize) -> std::cmp::Ordering {
    let order = match ty {
        FieldType::Float => values
            .as_primitive_opt::<Float64Type>()
            .map(|v| v.value(a).partial_cmp(&v.value(b)).unwrap_or(std::cmp::Ordering::Equal)),
        FieldType::Integer => values.as_primitive_opt::<Int64Type>().map(|v| v.value(a).cmp(&v.value(b))),
        FieldType::Unsigned => values.as_primitive_opt::<UInt64Type>().map(|v| v.value(a).cmp(&v.value(b))),
        FieldType::Boolean | FieldType::String => None,
    };
    order.unwrap_or(std::cmp::Ordering::Equal)
}

fn sums<I: Iterator<Item = usize>>(
    ty: FieldType,
    values: &ArrayRef,
    groups: &[Range<usize>],
    members: &impl Fn(&Range<usize>) -> I,
) -> ArrayRef {
    fn fold<T: ArrowPrimitiveType, I: Iterator<Item = usize>>(
        values: &ArrayRef,
        groups: &[Range<usize>],
        members: &impl Fn(&Range<usize>) -> I,
        add: impl Fn(T::Native, T::Native) -> T::Native,
    ) -> ArrayRef {
        let Some(values) = values.as_primitive_opt::<T>() else { return values.clone() };
        let sum = |group: &Range<usize>| members(group).map(|row| values.value(row)).reduce(&add);
        Arc::new(groups.iter().map(sum).collect::<PrimitiveArray<T>>())
    }
    match ty {
        FieldType::Float => fold::<Float64Type, I>(values, groups, members, |a, b| a + b),
        FieldType::Integer => fold::<Int64Type, I>(values, groups, members, i64::wrapping_add),
        FieldType::Unsigned => fold::<UInt64Type, I>(values, groups, members, u64::wrapping_add),
        FieldType::Boolean | FieldType::String => values.clone(),
    }
}
