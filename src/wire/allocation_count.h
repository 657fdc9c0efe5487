#pragma once

// For tests: how often operator new was called in this program. Defined in
// allocation_count_test.cc.

#include <cstdint>

namespace wire::test {

std::uint64_t allocations();

}  // namespace wire::test
