package tagged_test

import "testing"

option testing.tags = ["inherited"]

testcase tagged {
    testing.assertEqualValues(got: 1, want: 1)
}
