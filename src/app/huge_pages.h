#pragma once

// The C library's allocator on huge pages. What a player's message touches is spread over the heap,
// and with small pages the processor forgets where each of them is between two messages: huge ones
// save some 5 % of a busy node's processor time (decision 12).

namespace app {

// The allocator takes this setting only from the environment and only as the process begins, so the
// program is started again in its own place, with the same arguments, once. Returns when the
// setting is there, or when it cannot be had: without it all works as well, a little slower. Call
// first thing, before there are threads and files.
void restart_with_huge_pages(char** arguments);

}  // namespace app
