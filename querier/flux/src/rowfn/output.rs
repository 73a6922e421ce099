//! Vectors made value by value.

use weir_table::{ColumnBuilder, ColumnType, null_array};

use super::cells::Cells;
use super::column::Vector;
use crate::value::Value;

/// Collects one value a row: into a column as long as all are of one type.
pub(super) struct Output {
    capacity: usize,
    state: State,
}

enum State {
    /// Nulls only; of the type that the first typed one has.
    Nulls(usize, Option<ColumnType>),
    Column(ColumnBuilder),
    /// Values that no column holds, or of several types.
    Values(Vec<Value>),
}

impl Output {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, state: State::Nulls(0, None) }
    }

    pub(super) fn push(&mut self, value: Value) {
        match &mut self.state {
            State::Column(builder) => {
                if !push(builder, &value) {
                    self.give_up_column(value);
                }
            }
            State::Nulls(count, ty) => {
                if let Value::Null(of) = value {
                    *count += 1;
                    *ty = ty.or(of);
                    return;
                }
                let nulls = *count;
                match value.column_type() {
                    Some(ty) => {
                        let mut builder = ColumnBuilder::new(ty, self.capacity.max(nulls + 1));
                        (0..nulls).for_each(|_| builder.push_null());
                        push(&mut builder, &value);
                        self.state = State::Column(builder);
                    }
                    None => {
                        let mut values = Vec::with_capacity(self.capacity.max(nulls + 1));
                        values.resize(nulls, Value::Null(*ty));
                        values.push(value);
                        self.state = State::Values(values);
                    }
                }
            }
            State::Values(values) => values.push(value),
        }
    }

    /// Goes on with values, of which `value` is the last: it is in the column already, as null.
    fn give_up_column(&mut self, value: Value) {
        let State::Column(builder) = std::mem::replace(&mut self.state, State::Nulls(0, None)) else {
            return;
        };
        let ty = builder.ty();
        let array = builder.finish();
        let mut values = Vec::with_capacity(self.capacity.max(array.len()));
        if let Some(mut cells) = Cells::of_array(ty, &array) {
            values.extend((0..array.len() - 1).map(|i| cells.get(0, i)));
        }
        values.push(value);
        self.state = State::Values(values);
    }

    pub(super) fn finish(self) -> Vector {
        match self.state {
            State::Nulls(count, Some(ty)) => Vector::Rows(ty, null_array(ty, count)),
            State::Nulls(_, None) => Vector::Const(Value::Null(None)),
            State::Column(builder) => Vector::Rows(builder.ty(), builder.finish()),
            State::Values(values) => Vector::from_values(values),
        }
    }
}

/// Appends a value. Answers false, and appends null, if it is of another type than the column.
fn push(builder: &mut ColumnBuilder, value: &Value) -> bool {
    match (builder, value) {
        (ColumnBuilder::Bool(b), Value::Bool(v)) => b.append_value(*v),
        (ColumnBuilder::Int(b), Value::Int(v)) | (ColumnBuilder::Time(b), Value::Time(v)) => {
            b.append_value(*v)
        }
        (ColumnBuilder::UInt(b), Value::UInt(v)) => b.append_value(*v),
        (ColumnBuilder::Float(b), Value::Float(v)) => b.append_value(*v),
        (ColumnBuilder::String(b), Value::String(v)) => b.append_value(v),
        (builder, value) => {
            builder.push_null();
            return matches!(value, Value::Null(_));
        }
    }
    true
}

/// One value a row.
pub(super) fn collect(values: impl ExactSizeIterator<Item = Value>) -> Vector {
    let mut output = Output::new(values.len());
    values.for_each(|value| output.push(value));
    output.finish()
}
