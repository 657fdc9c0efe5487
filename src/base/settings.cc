#include "base/settings.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

namespace base {
namespace {

using Problem = std::optional<std::string>;

Problem not_empty(std::string_view text) {
  if (text.empty()) return "empty";
  return std::nullopt;
}

// Letters, digits, dash, underscore, dot: such names go into keys of other systems and into log
// lines.
Problem plain_name(std::string_view text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.';
  };
  if (text.empty() || text.size() > 64 || !std::all_of(text.begin(), text.end(), plain)) {
    return "not a name of 1 to 64 letters, digits, '-', '_' or '.'";
  }
  return std::nullopt;
}

// As clients write it.
Problem mode_name(std::string_view text) {
  const auto plain = [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '-' || c == '_';
  };
  if (text.empty() || text.size() > 32 || !std::all_of(text.begin(), text.end(), plain))
    return "not a game mode of 1 to 32 of a-z, 0-9, '-' and '_'";
  return std::nullopt;
}

Problem plain_name_or_empty(std::string_view text) {
  return text.empty() ? std::nullopt : plain_name(text);
}

bool is_address(const std::string& text, int family) {
  std::array<unsigned char, 16> bytes;
  return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

Problem listen_address(std::string_view text) {
  const std::string address(text);
  if (address == "auto" || address == "localhost") return std::nullopt;
  if (is_address(address, AF_INET) || is_address(address, AF_INET6)) return std::nullopt;
  return "not an address of this machine such as 127.0.0.1, 0.0.0.0 or ::";
}

Problem address_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  const bool v4 = is_address(address, AF_INET);
  if (!v4 && !is_address(address, AF_INET6)) return "not an address or a range such as 10.0.0.0/8";
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view bits = text.substr(slash + 1);
  const bool digits =
      !bits.empty() && bits.size() <= 3 &&
      std::all_of(bits.begin(), bits.end(), [](unsigned char c) { return std::isdigit(c); });
  if (!digits || std::stoi(std::string(bits)) > (v4 ? 32 : 128))
    return "a range with a wrong number of bits";
  return std::nullopt;
}

bool has_scheme(std::string_view text, std::initializer_list<std::string_view> schemes) {
  return std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) {
    return text.starts_with(scheme) && text.size() > scheme.size();
  });
}

Problem web_origin(std::string_view text) {
  if (text == "*") return std::nullopt;
  if (!has_scheme(text, {"http://", "https://"}))
    return "not an origin such as https://play.example";
  const std::string_view authority = text.substr(text.find("://") + 3);
  if (authority.find_first_of("/?# ") != std::string_view::npos)
    return "more than scheme, host and port";
  return std::nullopt;
}

Problem database_address(std::string_view text) {
  if (text.empty() || has_scheme(text, {"postgresql://", "postgres://"})) return std::nullopt;
  return "not an address that starts with postgresql://";
}

Problem redis_address(std::string_view text) {
  if (text.empty() || has_scheme(text, {"redis://", "rediss://"})) return std::nullopt;
  return "not an address that starts with redis://";
}

constexpr std::string_view kSwitch = "auto|true|false";

const std::array kSettings = {
    Setting{"node_env", &Config::node_env,
            "production switches generated secrets and test hooks off and guests only on by name",
            0, 0, "development|test|production"},
    Setting{"host",
            &Config::host,
            "address to listen on; auto = 127.0.0.1, in production 0.0.0.0",
            0,
            0,
            {},
            listen_address},
    Setting{"port", &Config::port, "TCP port for pages, API and game; 0 = any free one", 0, 65'535},
    Setting{"shards", &Config::shards,
            "threads that carry connections and lobbies; 0 = one per core", 0, 64},
    Setting{"node_id",
            &Config::node_id,
            "this node's name in logs and among other nodes; auto = made from the host name",
            0,
            0,
            {},
            plain_name},
    Setting{"region",
            &Config::region,
            "where this node stands; matchmaking prefers nodes of the player's region",
            0,
            0,
            {},
            plain_name},
    Setting{"cors_origins",
            &Config::cors_origins,
            "web pages of other origins that may connect; empty = none, outside production also "
            "localhost",
            0,
            0,
            {},
            web_origin},
    Setting{"trusted_proxies",
            &Config::trusted_proxies,
            "proxies whose X-Forwarded-For is believed: addresses or ranges such as 10.0.0.0/8",
            0,
            0,
            {},
            address_range},
    Setting{"proxy_protocol", &Config::proxy_protocol,
            "ports on which trusted_proxies begin each connection with a PROXY protocol header", 0,
            0, "off|plain|tls|both"},
    Setting{"tls_port", &Config::tls_port,
            "second TCP port, which speaks TLS; 0 = none; SIGHUP reads certificate and key again",
            0, 65'535},
    Setting{"tls_cert", &Config::tls_cert,
            "PEM file of that port's certificate, followed by its chain"},
    Setting{"tls_key",
            &Config::tls_key,
            "PEM file of the certificate's key, without a passphrase",
            0,
            0,
            {},
            nullptr,
            true},
    Setting{"socket_opens_per_minute", &Config::socket_opens_per_minute,
            "game connections one address (IPv6: one /64) may open in a minute; 0 = no limit", 0,
            1'000'000},
    Setting{"connections_per_address", &Config::connections_per_address,
            "TCP connections that one address (IPv6: one /64) may hold open; 0 = no limit, as for "
            "trusted proxies",
            0, 1'000'000},
    Setting{"connection_opens_per_minute", &Config::connection_opens_per_minute,
            "TCP connections one address (IPv6: one /64) may open in a minute, before any TLS; 0 = "
            "no limit, as for trusted proxies",
            0, 1'000'000},
    Setting{"address_requests_per_minute", &Config::address_requests_per_minute,
            "searches and new lobbies of one address in a minute, and checks of tokens; a fifth as "
            "many tries of codes; 0 = no limit",
            0, 1'000'000},
    Setting{"ping_interval", &Config::ping_interval, "seconds between pings to a client", 1, 300},
    Setting{"ping_timeout", &Config::ping_timeout,
            "seconds a client has to answer a ping before its connection is dropped", 1, 300},
    Setting{"max_payload", &Config::max_payload, "bytes of the largest message a client may send",
            4'096, 16'777'216},

    Setting{"data_dir",
            &Config::data_dir,
            "folder for database, outbox, replays and logs",
            0,
            0,
            {},
            not_empty},
    Setting{"maps_dir", &Config::maps_dir, "folder of the map pictures", 0, 0, {}, not_empty},
    Setting{"web_dir", &Config::web_dir, "folder of the built web pages", 0, 0, {}, not_empty},
    Setting{"log_level", &Config::log_level, "least important lines that are written", 0, 0,
            "debug|info|warn|error"},
    Setting{"metrics_allow",
            &Config::metrics_allow,
            "machines that may read /metrics, by the address their connection comes from",
            0,
            0,
            {},
            address_range},
    Setting{"metrics_token",
            &Config::metrics_token,
            "who sends it as Authorization: Bearer may read /metrics from anywhere; empty = nobody",
            0,
            0,
            {},
            nullptr,
            true},

    Setting{"max_lobbies_per_node", &Config::max_lobbies_per_node,
            "lobbies at once; past it players are refused", 1, 100'000},
    Setting{"max_players_per_node", &Config::max_players_per_node,
            "players at once; past it players are refused", 1, 1'000'000},
    Setting{"max_players_per_lobby", &Config::max_players_per_lobby,
            "seats of a lobby that does not ask for fewer", 2, 8},
    Setting{"memory_limit_mb", &Config::memory_limit_mb,
            "megabytes of this process above which /health turns unhealthy", 64, 1'048'576},
    Setting{"drain_limit", &Config::drain_limit,
            "seconds that matches may take to end after a request to stop", 0, 86'400},

    Setting{"default_map",
            &Config::default_map,
            "map of a lobby that asks for none; empty = drawn from all",
            0,
            0,
            {},
            plain_name_or_empty},
    Setting{"kill_limit", &Config::kill_limit, "kills of enemies that win a match", 1, 1'000},
    Setting{"countdown", &Config::countdown, "seconds from enough players to the start of a match",
            2, 60},
    Setting{"queue_modes",
            &Config::queue_modes,
            "game modes with a queue for matches of one's own skill; empty = no queue",
            0,
            0,
            {},
            mode_name},
    Setting{"results_time", &Config::results_time,
            "seconds from a match's end to the next, the vote included; the shipped client leaves "
            "after 30",
            2, 20},
    Setting{"vote_time", &Config::vote_time,
            "the last seconds of results_time, in which to vote on what is played next", 1, 19},
    Setting{"reconnect_grace", &Config::reconnect_grace,
            "seconds that a lost player's seat is kept", 0, 600},
    Setting{"bot_fill", &Config::bot_fill,
            "bots fill every lobby up to this many players; 0 = only where asked for", 0, 8},
    Setting{"bot_skill", &Config::bot_skill, "how well bots aim and react", 0, 0,
            "easy|normal|hard"},

    Setting{"allow_guests", &Config::allow_guests,
            "players without an account; auto = yes, in production no", 0, 0, kSwitch},
    Setting{"test_hooks", &Config::test_hooks,
            "debug events for compatibility tests; refused in production"},
    Setting{"jwt_secret",
            &Config::jwt_secret,
            "key of access tokens, 32 bytes or more in production; empty = made at first start and "
            "kept in data_dir",
            0,
            0,
            {},
            nullptr,
            true},

    Setting{"jwt_previous_secret",
            &Config::jwt_previous_secret,
            "the key before this one, whose tokens are still taken while keys are changed",
            0,
            0,
            {},
            nullptr,
            true},
    Setting{"token_life", &Config::token_life, "seconds an access token lives; 86400 at most", 60,
            86'400},
    Setting{"bcrypt_cost", &Config::bcrypt_cost,
            "work of a password hash; each step doubles it, 10 is about 50 ms", 4, 16},
    Setting{"smtp_url",
            &Config::smtp_url,
            "smtp://user:password@host:587 or smtps://...; empty = mails go to a file in data_dir",
            0,
            0,
            {},
            nullptr,
            true},
    Setting{"smtp_from", &Config::smtp_from, "sender of mails to players"},
    Setting{"public_url", &Config::public_url,
            "where players reach this server; links in mails begin with it"},

    Setting{"database_url",
            &Config::database_url,
            "postgresql://user:password@host/name; empty = SQLite in data_dir",
            0,
            0,
            {},
            database_address,
            true},
    Setting{"database_pool", &Config::database_pool, "connections to PostgreSQL; SQLite has one", 1,
            100},
    Setting{"redis_url",
            &Config::redis_url,
            "redis://:password@host:6379/0 joins nodes together; empty = this node alone",
            0,
            0,
            {},
            redis_address,
            true},
    Setting{"replay_days", &Config::replay_days, "days that replays are kept", 0, 3'650},
    Setting{"replay_megabytes", &Config::replay_megabytes,
            "megabytes of replays kept; the oldest go first", 0, 10'000'000},

    Setting{"appeals", &Config::appeals,
            "where a banned player may contest it, an address or a page; empty = not said"},
    Setting{"reports_to_ban", &Config::reports_to_ban,
            "different credible reporters within a day whose target is banned for a day; 0 = never",
            0, 100},
    Setting{"reporter_hours", &Config::reporter_hours,
            "age of an account from which its reports are credible", 0, 8'760},
    Setting{"reporter_matches", &Config::reporter_matches,
            "finished matches from which an account's reports are credible", 0, 1'000},
};

std::string quoted(std::string_view text) {
  constexpr char kDelete = 0x7f;
  std::string out = "\"";
  for (const char c : text) {
    const bool control = (c >= 0 && c < ' ') || c == kDelete;
    if (control) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(c));
      out += code.data();
      continue;
    }
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

}  // namespace

std::span<const Setting> settings() { return kSettings; }

const Setting* find_setting(std::string_view key) {
  const auto found = std::find_if(kSettings.begin(), kSettings.end(),
                                  [&](const Setting& setting) { return setting.key == key; });
  return found == kSettings.end() ? nullptr : &*found;
}

std::string environment_name(const Setting& setting) {
  std::string name(setting.key);
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string flag_name(const Setting& setting) {
  std::string name = "--" + std::string(setting.key);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string toml_value(const Config& config, const Setting& setting) {
  struct Writer {
    const Config& config;
    std::string operator()(int Config::* field) const { return std::to_string(config.*field); }
    std::string operator()(bool Config::* field) const { return config.*field ? "true" : "false"; }
    std::string operator()(std::string Config::* field) const { return quoted(config.*field); }
    std::string operator()(std::chrono::seconds Config::* field) const {
      return std::to_string((config.*field).count());
    }
    std::string operator()(std::vector<std::string> Config::* field) const {
      std::string out = "[";
      for (const std::string& item : config.*field)
        out += (out.size() > 1 ? ", " : "") + quoted(item);
      return out + "]";
    }
  };
  return std::visit(Writer{config}, setting.field);
}

std::string expectation(const Setting& setting) {
  if (std::holds_alternative<bool Config::*>(setting.field)) return "true or false";
  if (std::holds_alternative<std::vector<std::string> Config::*>(setting.field)) return "list";
  if (!setting.choices.empty()) return std::string(setting.choices);
  if (std::holds_alternative<std::string Config::*>(setting.field)) return "text";
  return "whole number, " + std::to_string(setting.min) + " to " + std::to_string(setting.max);
}

}  // namespace base
