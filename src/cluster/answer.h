#pragma once

// How every question to the cluster is answered.

#include <functional>

#include "base/error.h"

namespace cluster {

// Called once, on the cluster's own thread, never before the asking call has returned; not called
// when the Cluster is destroyed first. It must not wait: a shard's answer is posted to the shard.
// Codes of errors: "unavailable" (the cluster cannot be reached or was too slow; what was asked may
// or may not have happened), "not_found", "conflict", "invalid" and "internal". May be empty where
// nobody cares.
template <class T>
using Answer = std::function<void(base::Result<T>)>;

}  // namespace cluster
