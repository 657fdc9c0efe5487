#pragma once

// What the parts of a MemoryCluster have in common.

#include <memory>
#include <string>
#include <utility>

#include "cluster/answer.h"
#include "cluster/gauge.h"
#include "cluster/memory_world.h"
#include "cluster/worker.h"

namespace cluster {

struct MemoryCore {
  std::shared_ptr<MemoryWorld> world;
  std::string node_id;
  MemoryWorld::Holder holder = 0;
  Worker worker;
  Gauge gauge;

  // Answers on the worker's thread.
  template <class T>
  void give(const Answer<T>& answer, base::Result<T> result) {
    if (answer)
      worker.post([answer, result = std::move(result)]() mutable { answer(std::move(result)); });
  }
};

}  // namespace cluster
