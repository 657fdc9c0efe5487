#include "base/config.h"

#include <cstdlib>
#include <map>

#include "base/settings.h"
#include "base/settings_file.h"

namespace base {
namespace {

Error at(const Setting& setting, const std::string& where, const Error& error) {
  return {"invalid", "setting " + std::string(setting.key) + " (" + where + "): " + error.message};
}

// What the command line says, by setting; nothing is judged yet but the names.
struct Flags {
  std::map<std::string_view, std::string> values;
  std::optional<std::string> file;
  std::vector<std::string> words;
  bool help = false;
};

const Setting* setting_of_flag(std::string_view flag) {
  for (const Setting& setting : settings()) {
    if (flag_name(setting) == flag) return &setting;
  }
  return nullptr;
}

// --key value, --key=value; a flag that is true or false needs no value; "--" ends the flags.
Result<Flags> read_flags(std::span<const std::string_view> arguments) {
  Flags flags;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--") {
      for (++i; i < arguments.size(); ++i) flags.words.emplace_back(arguments[i]);
      break;
    }
    if (!argument.starts_with('-') || argument == "-") {
      flags.words.emplace_back(argument);
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const bool inline_value = equals != std::string_view::npos;
    if (!inline_value && (name == "--help" || name == "-h")) {
      flags.help = true;
      continue;
    }
    if (!inline_value && name == "--production") {
      flags.values["node_env"] = "production";
      continue;
    }
    const Setting* setting = setting_of_flag(name);
    if (setting == nullptr && name != "--config") {
      return Error{"usage", "unknown flag " + std::string(name) + "; --help lists them all"};
    }
    std::string value;
    if (inline_value) {
      value = argument.substr(equals + 1);
    } else if (setting != nullptr && std::holds_alternative<bool Config::*>(setting->field)) {
      value = "true";
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    } else {
      return Error{"usage", "flag " + std::string(name) + " needs a value"};
    }
    if (setting == nullptr) {
      flags.file = std::move(value);
    } else {
      flags.values[setting->key] = std::move(value);
    }
  }
  return flags;
}

Result<void> apply_file(Config& config, const std::string& path) {
  const auto entries = read_settings_file(path);
  if (!entries) return entries.error();
  for (const FileEntry& entry : *entries) {
    const std::string where = path + " line " + std::to_string(entry.line);
    const Setting* setting = find_setting(entry.key);
    if (setting == nullptr)
      return Error{"invalid", "unknown setting " + entry.key + " (" + where + ")"};
    if (const auto assigned = assign(config, *setting, entry.value); !assigned)
      return at(*setting, where, assigned.error());
  }
  return {};
}

Result<void> apply_environment(Config& config, const Environment& environment) {
  for (const Setting& setting : settings()) {
    const std::string name = environment_name(setting);
    const auto value = environment(name);
    // Compose files and unit files pass on variables that were never given as empty ones.
    if (!value || value->empty()) continue;
    if (const auto assigned = assign(config, setting, *value); !assigned) {
      return at(setting, "environment variable " + name, assigned.error());
    }
  }
  return {};
}

Result<void> apply_flags(Config& config, const Flags& flags) {
  for (const auto& [key, value] : flags.values) {
    const Setting& setting = *find_setting(key);
    if (const auto assigned = assign(config, setting, value); !assigned) {
      return at(setting, "flag " + flag_name(setting), assigned.error());
    }
  }
  return {};
}

// What follows from several settings together.
Result<void> settle(Config& config) {
  const bool production = config.production();
  if (config.host == "auto") config.host = production ? "0.0.0.0" : "127.0.0.1";
  if (config.host == "localhost") config.host = "127.0.0.1";
  if (config.allow_guests == "auto") config.allow_guests = production ? "false" : "true";
  if (config.bot_fill > config.max_players_per_lobby) {
    return Error{"invalid", "setting bot_fill is larger than max_players_per_lobby"};
  }
  if (config.vote_time >= config.results_time) {
    return Error{"invalid", "setting vote_time must be shorter than results_time"};
  }
  if (config.tls_port != 0 && (config.tls_cert.empty() || config.tls_key.empty())) {
    return Error{"invalid",
                 "setting tls_port (TLS_PORT) needs tls_cert (TLS_CERT) and tls_key "
                 "(TLS_KEY)"};
  }
  if (config.proxy_protocol != "off" && config.trusted_proxies.empty()) {
    return Error{"invalid",
                 "setting proxy_protocol needs trusted_proxies: only who is named there "
                 "is listened to"};
  }
  if (production && config.test_hooks) {
    return Error{"invalid",
                 "setting test_hooks must not be on in production (NODE_ENV=production)"};
  }
  if (production && config.jwt_secret.size() < 32) {
    return Error{"invalid", "setting jwt_secret (JWT_SECRET) needs 32 bytes or more in production"};
  }
  return {};
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Result<CommandLine> load_config(std::span<const std::string_view> arguments,
                                const Environment& environment) {
  auto flags = read_flags(arguments);
  if (!flags) return flags.error();
  CommandLine line;
  line.words = std::move(flags->words);
  line.help = flags->help;
  if (line.help) return line;

  std::optional<std::string> file = flags->file;
  if (!file) file = environment("CONFIG");
  if (file && !file->empty()) {
    if (const auto applied = apply_file(line.config, *file); !applied) return applied.error();
  }
  if (const auto applied = apply_environment(line.config, environment); !applied)
    return applied.error();
  if (const auto applied = apply_flags(line.config, *flags); !applied) return applied.error();
  if (const auto settled = settle(line.config); !settled) return settled.error();
  return line;
}

std::string config_help() {
  const Config defaults;
  std::string out =
      "Settings: command line over environment over settings file over default.\n"
      "  --config FILE      CONFIG: the settings file, see config/trespasser.toml\n"
      "  --production       the same as --node-env production\n";
  for (const Setting& setting : settings()) {
    out += "  " + flag_name(setting) + "  (" + environment_name(setting) + ", " +
           expectation(setting) + ", default " + toml_value(defaults, setting) + ")\n      " +
           std::string(setting.doc) + "\n";
  }
  return out;
}

}  // namespace base
