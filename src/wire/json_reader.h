#pragma once

// Small questions asked of a JSON value that came off the wire, over simdjson on-demand. Private to
// this room: it pulls in simdjson. Every function answers false when the value is not what was
// asked for, and never throws or allocates unless it fills a std::string.

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/text.h"

namespace wire::json {

using Value = simdjson::ondemand::value;

// A member's name without quotes; `field` is left usable for its value.
inline bool name_of(simdjson::ondemand::field& field, std::string_view& out) {
  const char* const begin = field.key().raw();
  const char* end = begin;
  while (*end != '"' && *end != '\\') ++end;  // the tokeniser has seen a closing quote
  if (*end == '\\') return !field.unescaped_key().get(out);
  out = std::string_view(begin, static_cast<std::size_t>(end - begin));
  return true;
}

// Calls `visit(name, value)` for each member, in order; `visit` answers false to stop with failure.
// Members it does not touch are skipped. False also if the value is not an object or its text is
// broken.
template <class Visit>
bool each_member(Value& value, Visit&& visit) {
  simdjson::ondemand::object object;
  if (value.get_object().get(object)) return false;
  for (auto result : object) {
    simdjson::ondemand::field field;
    if (std::move(result).get(field)) return false;
    std::string_view name;
    if (!name_of(field, name) || !visit(name, field.value())) return false;
  }
  return true;
}

// As each_member for the elements of an array.
template <class Visit>
bool each_element(Value& value, Visit&& visit) {
  simdjson::ondemand::array array;
  if (value.get_array().get(array)) return false;
  for (auto result : array) {
    Value element;
    if (std::move(result).get(element)) return false;
    if (!visit(element)) return false;
  }
  return true;
}

using Type = simdjson::ondemand::json_type;

// By its first character: leaves the value to be read or skipped.
inline bool is(Value& value, Type type) {
  Type found;
  return !value.type().get(found) && found == type;
}

inline bool is_null(Value& value) { return is(value, Type::null); }

// Finite, as every number of a game must be.
inline bool number(Value& value, double& out) {
  return !value.get_double().get(out) && std::isfinite(out);
}

inline bool boolean(Value& value, bool& out) { return !value.get_bool().get(out); }

// Whole part, clamped into [low, high].
template <class T>
bool clamped(Value& value, double low, double high, T& out) {
  double exact = 0.0;
  if (!number(value, exact)) return false;
  out = static_cast<T>(std::floor(exact < low ? low : exact > high ? high : exact));
  return true;
}

// The unescaped text, valid until the next document is parsed.
inline bool view(Value& value, std::string_view& out) { return !value.get_string().get(out); }

// Text without control characters; false beyond `limit` code points.
inline bool text(Value& value, std::size_t limit, std::string& out) {
  std::string_view raw;
  return view(value, raw) && clean_text(raw, limit, out);
}

// Text of an alphabet, 0..limit characters.
inline bool word(Value& value, std::size_t limit, bool (*allowed)(char), std::string& out) {
  std::string_view raw;
  if (!view(value, raw) || raw.size() > limit) return false;
  for (const char c : raw) {
    if (!allowed(c)) return false;
  }
  out = raw;
  return true;
}

}  // namespace wire::json
