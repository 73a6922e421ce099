package date_test

import "array"
import "date"
import "testing"
import "timezone"

newYork = timezone.location(name: "America/New_York")

losAngeles = timezone.location(name: "America/Los_Angeles")

testcase ends_of_months {
    got =
        array.from(
            rows: [
                {
                    leap: date.add(d: 1mo, to: 2024-01-31),
                    common: date.add(d: 1mo, to: 2023-01-31),
                    year: date.add(d: 1y, to: 2024-02-29),
                    back: date.sub(d: 1mo, from: 2024-03-31),
                    old: date.sub(d: 1mo, from: 1970-01-31),
                    both: date.add(d: 1mo3d, to: 2024-01-31),
                },
            ],
        )
    want =
        array.from(
            rows: [
                {
                    leap: 2024-02-29,
                    common: 2023-02-28,
                    year: 2025-02-28,
                    back: 2024-02-29,
                    old: 1969-12-31,
                    both: 2024-03-03,
                },
            ],
        )

    testing.diff(got: got, want: want)
}

testcase clocks_that_are_moved {
    got =
        array.from(
            rows: [
                {
                    day: date.add(d: 1d, to: 2022-03-12T12:00:00Z, location: newYork),
                    month: date.add(d: 1mo, to: 2022-03-12T12:00:00Z, location: newYork),
                    hour: date.hour(t: 2024-02-29T23:59:58Z, location: newYork),
                    midnight: date.truncate(t: 2019-11-03T13:59:01Z, unit: 1d, location: losAngeles),
                },
            ],
        )
    want =
        array.from(
            rows: [
                {
                    day: 2022-03-13T11:00:00Z,
                    month: 2022-04-12T11:00:00Z,
                    hour: 18,
                    midnight: 2019-11-03T07:00:00Z,
                },
            ],
        )

    testing.diff(got: got, want: want)
}

testcase before_the_epoch {
    t = 1969-12-31T23:59:59.999999999Z
    got =
        array.from(
            rows: [
                {
                    year: date.year(t: t),
                    week: date.week(t: t),
                    second: date.second(t: t),
                    nanosecond: date.nanosecond(t: t),
                    month: date.truncate(t: t, unit: 1mo),
                    day: date.truncate(t: t, unit: 1d),
                },
            ],
        )
    want =
        array.from(
            rows: [{year: 1969, week: 1, second: 59, nanosecond: 999999999, month: 1969-12-01, day: 1969-12-31}],
        )

    testing.diff(got: got, want: want)
}
