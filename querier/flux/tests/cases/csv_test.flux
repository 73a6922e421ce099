package csv_test

import "csv"
import "testing"

read = (of, cell) => () =>
    csv.from(
        csv:
            "
#datatype,string,long,${of}
#group,false,false,false
#default,_result,,
,result,table,v
,,0,${cell}
",
    )
        |> findColumn(fn: (key) => true, column: "v")

testcase numbers_that_do_not_fit {
    testing.shouldError(
        fn: read(of: "long", cell: "9223372036854775808"),
        want: /strconv.ParseInt: parsing "9223372036854775808": value out of range/,
    )
}

testcase no_numbers {
    testing.shouldError(fn: read(of: "double", cell: "1_0"), want: /strconv.ParseFloat: parsing "1_0": invalid syntax/)
}

testcase days_without_time {
    testing.shouldError(
        fn: read(of: "dateTime:RFC3339", cell: "2020-01-02"),
        want: /parsing time "2020-01-02" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"/,
    )
}

testcase months_that_do_not_exist {
    testing.shouldError(
        fn: read(of: "dateTime:RFC3339", cell: "2020-13-02T00:00:00Z"),
        want: /parsing time "2020-13-02T00:00:00Z": month out of range/,
    )
}

testcase annotations_alone {
    testing.shouldError(
        fn: () =>
            csv.from(csv: "#datatype,string,long,long\n#group,false,false,false\n#default,_result,,\n")
                |> findColumn(fn: (key) => true, column: "v"),
        want: /failed to read metadata: missing expected header row/,
    )
}

testcase no_annotations {
    testing.shouldError(
        fn: () => csv.from(csv: "a,b\n1,2\n") |> findColumn(fn: (key) => true, column: "a"),
        want: /missing expected annotation datatype. consider using the mode: "raw"/,
    )
}
