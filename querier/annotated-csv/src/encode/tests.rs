use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
use weir_table::{Column, ColumnType, TableBatch};

use super::*;

fn batch(offsets: Vec<usize>) -> TableBatch {
    let rows = offsets[offsets.len() - 1];
    let hosts: ArrayRef =
        Arc::new(StringArray::from_iter_values((0..offsets.len() - 1).map(|i| format!("h{i}"))));
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values((0..rows).map(|i| i as i64 * 1_500_000_000)));
    let values: ArrayRef =
        Arc::new(Float64Array::from_iter((0..rows).map(|i| (i != 1).then_some(i as f64 / 4.0))));
    TableBatch::new(
        vec![
            Column::row("_time", ColumnType::Time, times),
            Column::row("_value", ColumnType::Float, values),
            Column::key("a,b", ColumnType::String, hosts),
        ],
        offsets,
    )
}

fn encode(annotations: Vec<Annotation>, batches: &[TableBatch]) -> String {
    let mut encoder = Encoder::new(Dialect { annotations, ..Dialect::default() });
    let mut out = Vec::new();
    for b in batches {
        encoder.encode("_result", b, &mut out);
    }
    encoder.finish_result(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn tables_of_one_shape_share_a_block() {
    let text =
        encode(vec![Annotation::Datatype, Annotation::Group, Annotation::Default], &[batch(vec![0, 2, 3])]);
    let want = "#datatype,string,long,dateTime:RFC3339,double,string\r\n\
                #group,false,false,false,false,true\r\n\
                #default,_result,,,,\r\n\
                ,result,table,_time,_value,\"a,b\"\r\n\
                ,,0,1970-01-01T00:00:00Z,0,h0\r\n\
                ,,0,1970-01-01T00:00:01.5Z,,h0\r\n\
                ,,1,1970-01-01T00:00:03Z,0.5,h1\r\n\r\n";
    assert_eq!(text, want);
}

#[test]
fn without_the_default_annotation_each_row_names_its_result() {
    let text = encode(vec![], &[batch(vec![0, 1])]);
    assert_eq!(text, ",result,table,_time,_value,\"a,b\"\r\n,_result,0,1970-01-01T00:00:00Z,0,h0\r\n\r\n");
}

#[test]
fn an_empty_table_keeps_its_key_in_the_default_row() {
    let text = encode(vec![Annotation::Default], &[batch(vec![0, 0, 1])]);
    let want = "#default,_result,0,,,h0\r\n,result,table,_time,_value,\"a,b\"\r\n\r\n\
                #default,_result,,,,\r\n,result,table,_time,_value,\"a,b\"\r\n,,1,1970-01-01T00:00:00Z,0,h1\r\n\r\n";
    assert_eq!(text, want);
}

#[test]
fn floats_have_no_exponent() {
    let mut out = Vec::new();
    for v in [123456789012345690000000.0, 1e-7, 10.0, -0.5, f64::INFINITY] {
        cell::float(v, &mut out);
        out.push(b' ');
    }
    assert_eq!(String::from_utf8(out).unwrap(), "123456789012345690000000 0.0000001 10 -0.5 +Inf ");
}
