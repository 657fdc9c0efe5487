// Turns a raw value into a setting's field, or says what is wrong with it.

#include <charconv>

#include "base/settings.h"

namespace base {
namespace {

std::string shown(const Setting& setting, std::string_view text) {
  return setting.secret ? std::string("the given value") : "\"" + std::string(text) + "\"";
}

Error refuse(const Setting& setting, std::string_view text) {
  return {"invalid", shown(setting, text) + " is not allowed; expected: " + expectation(setting)};
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

bool one_of(std::string_view text, std::string_view choices) {
  while (!choices.empty()) {
    const std::size_t bar = choices.find('|');
    if (text == choices.substr(0, bar)) return true;
    choices = bar == std::string_view::npos ? std::string_view() : choices.substr(bar + 1);
  }
  return false;
}

struct Assigner {
  Config& config;
  const Setting& setting;
  const RawValue& value;

  Result<void> operator()(int Config::* field) const {
    const auto number = as_number();
    if (!number) return number.error();
    config.*field = static_cast<int>(*number);
    return {};
  }

  Result<void> operator()(std::chrono::seconds Config::* field) const {
    const auto number = as_number();
    if (!number) return number.error();
    config.*field = std::chrono::seconds(*number);
    return {};
  }

  Result<void> operator()(bool Config::* field) const {
    const auto* flag = std::get_if<bool>(&value);
    const auto* text = std::get_if<std::string>(&value);
    if (flag == nullptr && (text == nullptr || (*text != "true" && *text != "false")))
      return refuse(setting, raw());
    config.*field = flag != nullptr ? *flag : *text == "true";
    return {};
  }

  Result<void> operator()(std::string Config::* field) const {
    std::string text = raw();
    // A switch with a third position may be written true or false in a file as well.
    const bool is_text = std::holds_alternative<std::string>(value);
    if (!is_text && !(std::holds_alternative<bool>(value) && one_of(text, setting.choices)))
      return refuse(setting, text);
    if (!setting.choices.empty() && !one_of(text, setting.choices)) return refuse(setting, text);
    if (const auto checked = check(text); !checked) return checked;
    config.*field = std::move(text);
    return {};
  }

  Result<void> operator()(std::vector<std::string> Config::* field) const {
    const auto* list = std::get_if<std::vector<std::string>>(&value);
    const auto* text = std::get_if<std::string>(&value);
    if (list == nullptr && text == nullptr) return refuse(setting, raw());
    std::vector<std::string> items = list != nullptr ? *list : split_list(*text);
    for (const std::string& item : items) {
      if (const auto checked = check(item); !checked) return checked;
    }
    config.*field = std::move(items);
    return {};
  }

 private:
  Result<std::int64_t> as_number() const {
    std::int64_t number = 0;
    if (const auto* given = std::get_if<std::int64_t>(&value)) {
      number = *given;
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      const char* end = text->data() + text->size();
      const auto parsed = std::from_chars(text->data(), end, number);
      if (parsed.ec != std::errc() || parsed.ptr != end) return refuse(setting, *text);
    } else {
      return refuse(setting, raw());
    }
    if (number < setting.min || number > setting.max)
      return refuse(setting, std::to_string(number));
    return number;
  }

  Result<void> check(const std::string& text) const {
    if (setting.check == nullptr) return {};
    const auto problem = setting.check(text);
    if (!problem) return {};
    return Error{"invalid", shown(setting, text) + " is " + *problem};
  }

  std::string raw() const {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    return "a list";
  }
};

}  // namespace

Result<void> assign(Config& config, const Setting& setting, const RawValue& value) {
  return std::visit(Assigner{config, setting, value}, setting.field);
}

}  // namespace base
