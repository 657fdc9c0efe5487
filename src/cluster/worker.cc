#include "cluster/worker.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "base/log.h"

namespace cluster {

namespace asio = boost::asio;

struct Worker::Parts {
  asio::io_context loop{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::thread thread;
};

Worker::Worker() : parts_(std::make_unique<Parts>()) {}

Worker::~Worker() { stop(); }

void Worker::start() {
  if (parts_->thread.joinable()) return;
  parts_->work.emplace(parts_->loop.get_executor());
  parts_->thread = std::thread([loop = &parts_->loop] {
    for (;;) {
      try {
        loop->run();
        return;
      } catch (const std::exception& fault) {
        base::log::error("error", {{"where", "cluster"}, {"reason", fault.what()}});
      }
    }
  });
}

void Worker::stop() {
  parts_->loop.stop();
  if (parts_->thread.joinable()) parts_->thread.join();
}

void Worker::post(std::function<void()> fn) { asio::post(parts_->loop, std::move(fn)); }

void Worker::after(std::chrono::milliseconds delay, std::function<void()> fn) {
  auto timer = std::make_shared<asio::steady_timer>(parts_->loop, delay);
  timer->async_wait([timer, fn = std::move(fn)](const boost::system::error_code& error) {
    if (!error) fn();
  });
}

asio::io_context& Worker::loop() { return parts_->loop; }

}  // namespace cluster
