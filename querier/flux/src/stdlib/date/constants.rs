//! Names of days and months.

use crate::stdlib::native::constants;

constants! { "date":
    SUNDAY = "Sunday", "int", "The day of the week Sunday, as `weekDay` answers it.", 0_i64;
    MONDAY = "Monday", "int", "The day of the week Monday, as `weekDay` answers it.", 1_i64;
    TUESDAY = "Tuesday", "int", "The day of the week Tuesday, as `weekDay` answers it.", 2_i64;
    WEDNESDAY = "Wednesday", "int", "The day of the week Wednesday, as `weekDay` answers it.", 3_i64;
    THURSDAY = "Thursday", "int", "The day of the week Thursday, as `weekDay` answers it.", 4_i64;
    FRIDAY = "Friday", "int", "The day of the week Friday, as `weekDay` answers it.", 5_i64;
    SATURDAY = "Saturday", "int", "The day of the week Saturday, as `weekDay` answers it.", 6_i64;
    JANUARY = "January", "int", "The month January, as `month` answers it.", 1_i64;
    FEBRUARY = "February", "int", "The month February, as `month` answers it.", 2_i64;
    MARCH = "March", "int", "The month March, as `month` answers it.", 3_i64;
    APRIL = "April", "int", "The month April, as `month` answers it.", 4_i64;
    MAY = "May", "int", "The month May, as `month` answers it.", 5_i64;
    JUNE = "June", "int", "The month June, as `month` answers it.", 6_i64;
    JULY = "July", "int", "The month July, as `month` answers it.", 7_i64;
    AUGUST = "August", "int", "The month August, as `month` answers it.", 8_i64;
    SEPTEMBER = "September", "int", "The month September, as `month` answers it.", 9_i64;
    OCTOBER = "October", "int", "The month October, as `month` answers it.", 10_i64;
    NOVEMBER = "November", "int", "The month November, as `month` answers it.", 11_i64;
    DECEMBER = "December", "int", "The month December, as `month` answers it.", 12_i64;
}
