package order_test

import "array"
import "csv"
import "testing"

// Tables come by their number, which is not the order of their keys.
rows =
    csv.from(
        csv: "#datatype,string,long,string,long,double
#group,false,false,true,false,false
#default,_result,,,,
,result,table,k,id,_value
,,0,c,1,1
,,0,c,2,4
,,1,a,3,7
,,1,a,4,2
,,2,b,5,5
",
    )
ids = (tables) => tables |> group() |> keep(columns: ["id"])
want = (ids) => array.from(rows: ids |> array.map(fn: (x) => ({id: x})))

testcase rows_of_tables_come_as_the_tables {
    testing.diff(got: ids(tables: rows), want: want(ids: [1, 2, 3, 4, 5]))
}

testcase selected_rows_come_by_the_keys_of_their_tables {
    testing.diff(got: ids(tables: rows |> max()), want: want(ids: [3, 5, 2]))
}

testcase collected_tables_come_by_their_keys {
    testing.diff(got: ids(tables: rows |> unique(column: "id")), want: want(ids: [3, 4, 5, 1, 2]))
}

testcase rows_that_are_filled_come_as_their_tables {
    testing.diff(got: ids(tables: rows |> fill(value: 0.0)), want: want(ids: [1, 2, 3, 4, 5]))
}

// What else the tables have in common does not matter.
testcase tables_of_other_columns_come_between {
    got =
        rows
            |> pivot(rowKey: ["id"], columnKey: ["k"], valueColumn: "_value")
            |> group(columns: ["id"])
            |> unique(column: "id")

    testing.diff(got: ids(tables: got), want: want(ids: [1, 2, 3, 4, 5]))
}

// A table that is mapped into another group comes when its first row does, but where whole tables are wanted.
testcase mapped_tables_come_as_they_arrive {
    mapped = rows |> map(fn: (r) => ({r with k: if r.k == "c" then "z" else r.k}))

    testing.diff(got: ids(tables: mapped |> limit(n: 1)), want: want(ids: [1, 3, 5]))
}

testcase mapped_tables_are_sorted_by_their_keys {
    mapped = rows |> map(fn: (r) => ({r with k: if r.k == "c" then "z" else r.k}))

    testing.diff(got: ids(tables: mapped |> sort(columns: ["id"])), want: want(ids: [3, 4, 5, 1, 2]))
}
