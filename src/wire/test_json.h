#pragma once

// For tests: packets read back as JSON.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <set>
#include <string>
#include <string_view>

namespace wire::test {

using Element = simdjson::dom::element;

// One packet, 42["name",{...}], taken apart. The elements live as long as this object.
class ReadPacket {
 public:
  explicit ReadPacket(std::string_view packet) {
    EXPECT_TRUE(packet.starts_with("42[")) << packet;
    if (!packet.starts_with("42[")) return;
    simdjson::dom::array parts;
    const auto error = parser_.parse(packet.data() + 2, packet.size() - 2).get(parts);
    EXPECT_EQ(error, simdjson::SUCCESS) << packet;
    if (error) return;
    EXPECT_EQ(parts.size(), 2u) << packet;
    EXPECT_FALSE(parts.at(0).get(name_)) << packet;
    EXPECT_FALSE(parts.at(1).get(body_)) << packet;
  }

  std::string_view name() const { return name_; }
  Element body() const { return body_; }

  // By JSON pointer ("/position/x"). Failing to find it fails the test.
  double number(std::string_view pointer) const { return get<double>(pointer); }
  std::string text(std::string_view pointer) const {
    return std::string(get<std::string_view>(pointer));
  }
  bool boolean(std::string_view pointer) const { return get<bool>(pointer); }
  bool has(std::string_view pointer) const { return !body_.at_pointer(pointer).error(); }
  std::size_t size(std::string_view pointer) const {
    return get<simdjson::dom::array>(pointer).size();
  }

 private:
  template <class T>
  T get(std::string_view pointer) const {
    T value{};
    EXPECT_FALSE(body_.at_pointer(pointer).get(value)) << name_ << " " << pointer;
    return value;
  }

  simdjson::dom::parser parser_;
  std::string_view name_;
  Element body_;
};

inline std::set<std::string> keys_of(Element object) {
  std::set<std::string> keys;
  for (const auto& field : object.get_object()) keys.insert(std::string(field.key));
  return keys;
}

}  // namespace wire::test
