use weir_table::Scalar;

use super::{DecodeError, decode, decode_raw};

const HEAD: &str = "#datatype,string,long,string,long\n#group,false,false,true,false\n#default,_result,,,7\n";

#[test]
fn tables_and_defaults() {
    let text = format!("{HEAD},result,table,k,i\n,,0,a,1\n,,0,a,\n,,1,b,2\n");
    let batches = decode(&text).unwrap();
    assert_eq!(batches.len(), 1);
    let batch = &batches[0];
    assert_eq!((batch.runs(), &*batch.offsets), (2, &[0, 2, 3][..]));
    assert!(batch.is_key("k") && !batch.is_key("i"));
    assert_eq!(batch.cell(1, 0, 1), Scalar::Int(7));
    assert_eq!(batch.cell(0, 1, 2), Scalar::String("b".into()));
}

#[test]
fn empty_tables_take_their_key_from_the_defaults() {
    let text = "#datatype,string,long,string,long\n#group,false,false,true,false\n#default,_result,0,a,\n,result,table,k,i\n";
    let batches = decode(text).unwrap();
    assert_eq!((batches[0].runs(), batches[0].rows()), (1, 0));
    assert_eq!(batches[0].cell(0, 0, 0), Scalar::String("a".into()));
    assert_eq!(decode(&format!("{HEAD},result,table,k,i\n")).unwrap_err(), DecodeError::MissingTableId);
}

#[test]
fn blocks_follow_each_other() {
    let block = format!("{HEAD},result,table,k,i\n,,0,a,1\n");
    assert_eq!(decode(&format!("{block}\r\n{block}")).unwrap().len(), 2);
}

#[test]
fn a_second_result_is_refused() {
    let block = |name: &str| {
        format!(
            "#datatype,string,long,long\n#group,false,false,false\n#default,{name},,\n,result,table,i\n,,0,1\n"
        )
    };
    assert!(decode(&(block("a") + &block("a"))).is_ok());
    assert_eq!(decode(&(block("a") + &block("b"))).unwrap_err(), DecodeError::SecondResult);
}

#[test]
fn raw_text_is_one_table_of_strings() {
    let batches = decode_raw("a,b\n1,\n").unwrap();
    assert_eq!(batches[0].cell(0, 0, 0), Scalar::String("1".into()));
    assert_eq!(batches[0].cell(1, 0, 0), Scalar::Null);
    assert_eq!(decode_raw("a,b\n1\n").unwrap_err(), DecodeError::FieldCount);
}

#[test]
fn mistakes_are_told() {
    let bad_cell = format!("{HEAD},result,table,k,i\n,,0,a,x\n");
    assert_eq!(decode(&bad_cell).unwrap_err().to_string(), "strconv.ParseInt: parsing \"x\": invalid syntax");
    assert!(decode("a,b,c\n1,2,3\n").unwrap_err().to_string().contains("annotation datatype"));
    let short = format!("{HEAD},result,table,k,i\n,,0\n");
    assert_eq!(decode(&short).unwrap_err(), DecodeError::FieldCount);
    let reported = "#datatype,string,string\n#group,true,true\n#default,,\n,error,reference\n,boom,\n";
    assert_eq!(decode(reported).unwrap_err(), DecodeError::Reported("boom".to_owned()));
    assert!(decode("#datatype\n").is_err());
}
