package date_test

import "array"
import "date"
import "experimental/date/boundaries"
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

testcase weeks_have_begun_on_their_first_day {
    option now = () => 2022-07-25T09:50:00Z

    got =
        array.from(
            rows: [
                {
                    this: boundaries.week().start,
                    last: boundaries.week(week_offset: -1).stop,
                    sunday: boundaries.week(start_sunday: true).start,
                    monday: boundaries.monday().start,
                },
            ],
        )
    want = array.from(rows: [{this: 2022-07-25, last: 2022-07-25, sunday: 2022-07-24, monday: 2022-07-18}])

    testing.diff(got: got, want: want)
}

testcase days_of_a_fixed_offset {
    option location = timezone.fixed(offset: -8h)
    option now = () => 2021-12-30T00:40:44Z

    got =
        array.from(
            rows: [
                {
                    monday: boundaries.monday().start,
                    thursday: boundaries.thursday().stop,
                    month: boundaries.month(month_offset: 1).start,
                },
            ],
        )
    want =
        array.from(
            rows: [
                {monday: 2021-12-27T08:00:00Z, thursday: 2021-12-24T08:00:00Z, month: 2022-01-01T08:00:00Z},
            ],
        )

    testing.diff(got: got, want: want)
}

testcase what_a_clock_shows {
    testing.assertEqualValues(
        got: date.time(t: 2020-01-01T00:00:00Z, location: {zone: "UTC", offset: 5h30m}),
        want: 2020-01-01T05:30:00Z,
    )
}

testcase units_point_forwards {
    testing.shouldError(
        fn: () => date.truncate(t: 2020-01-01T00:00:00Z, unit: -1h),
        want: /duration used as an interval cannot be negative/,
    )
}

testcase months_of_a_duration_count {
    testing.assertEqualValues(got: int(v: 1mo1ns), want: 2629800000000001)
}

testcase durations_of_text {
    testing.assertEqualValues(got: display(v: duration(v: "")), want: "0ns")
}
