// trespasserd: the server, and its few commands (commands.h). `trespasserd --help` lists the
// settings.

#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string_view>
#include <vector>

#include "app/commands.h"
#include "app/drain.h"
#include "app/node_identity.h"
#include "app/node_lock.h"
#include "app/server.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"

namespace {

namespace log = base::log;

int fail(const base::Error& error) {
  std::fprintf(stderr, "trespasserd: %s\n", error.message.c_str());
  return 1;
}

// The command line itself is wrong.
int misused(const base::Error& error) {
  std::fprintf(stderr, "trespasserd: %s\n%s", error.message.c_str(), app::command_usage());
  return 2;
}

// Signals are taken by one thread at a time of its choosing; all others have them blocked.
// SIGHUP reads the certificate again. Without one it ends the process as ever, its terminal being
// gone; but not in production, where it is asked for by a reload.
sigset_t taken_signals(const base::Config& config) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGUSR1);
  if (config.tls_port != 0 || config.production()) sigaddset(&signals, SIGHUP);
  return signals;
}

base::Result<void> settle_identity(base::Config& config) {
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error)
    return base::Error{"unavailable", "data_dir " + config.data_dir + ": " + error.message()};
  if (config.node_id != "auto") return {};
  auto id = app::node_identity(config.data_dir);
  if (!id) return id.error();
  config.node_id = std::move(id).value();
  return {};
}

app::Ending wait_for_end(app::Server& server, const sigset_t& signals, std::chrono::seconds limit) {
  app::Lifetime life;
  life.next_signal = [&signals](std::chrono::milliseconds most) {
    const timespec wait{most.count() / 1000, most.count() % 1000 * 1'000'000};
    const int signal = sigtimedwait(&signals, nullptr, &wait);
    return signal > 0 ? signal : 0;
  };
  life.drain_wanted = [&server] { return server.drain_wanted(); };
  life.reload = [&server] { server.reload_certificate(); };
  life.drain = [&server, limit] {
    log::info("draining", {{"limit_s", limit.count()}});
    server.drain();
  };
  life.empty = [&server] { return server.lobbies() == 0; };
  life.now = [] { return base::steady_now(); };
  return app::wait_for_end(life, limit);
}

int serve(base::Config config) {
  if (const auto settled = settle_identity(config); !settled) return fail(settled.error());
  const sigset_t signals = taken_signals(config);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  log::Options logging;
  logging.dir = config.data_dir + "/logs";
  logging.node = config.node_id;
  const auto level = log::parse_level(config.log_level);
  if (!level) return fail(level.error());
  logging.level = *level;
  if (const auto started = log::start(logging); !started) return fail(started.error());

  const app::NodeLock lock(config.data_dir);
  if (!lock.is_held()) log::warn("data_dir_shared", {{"data_dir", config.data_dir}});
  if (config.test_hooks)
    log::warn("test_hooks", {{"note", "anybody can end matches: never for players"}});
  auto server = app::Server::start(config);
  if (!server) {
    log::stop();
    return fail(server.error());
  }
  log::info("listening",
            {{"host", config.host}, {"port", (*server)->port()}, {"tls_port", config.tls_port}});
  std::printf("Trespasser is up: http://%s:%u\n",
              config.host == "0.0.0.0" ? "127.0.0.1" : config.host.c_str(), (*server)->port());
  std::fflush(stdout);

  const app::Ending ending = wait_for_end(**server, signals, config.drain_limit);
  log::info("stopping", {{"because", app::name_of(ending)}});
  (*server)->stop();
  log::info("stopped");
  log::stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  const auto command = base::load_config(arguments, base::process_environment());
  if (!command)
    return command.error().code == "usage" ? misused(command.error()) : fail(command.error());
  if (command->help) {
    std::fputs(app::command_usage(), stdout);
    std::fputs(base::config_help().c_str(), stdout);
    return 0;
  }
  if (!command->words.empty()) return app::run_command(command->words, command->config);
  return serve(command->config);
}
