#include "moderation/notices.h"

#include <simdjson.h>

#include <memory>
#include <optional>

#include "base/json_writer.h"

namespace moderation {
namespace {

// notice := "moderation " kind " " object, kind := "kick" | "mute"
constexpr std::string_view kPrefix = "moderation ";
constexpr std::string_view kKick = "moderation kick ";
constexpr std::string_view kMute = "moderation mute ";

base::Error no_notice() { return {"invalid", "not such a notice"}; }

// The members of a flat object, read by name.
class Fields {
 public:
  static base::Result<Fields> of(std::string_view bytes, std::string_view prefix) {
    Fields fields;
    if (!bytes.starts_with(prefix)) return no_notice();
    fields.text_ = simdjson::padded_string(bytes.substr(prefix.size()));
    fields.parser_ = std::make_unique<simdjson::dom::parser>();
    if (fields.parser_->parse(fields.text_).get(fields.object_)) return no_notice();
    return fields;
  }

  std::string text(std::string_view name) const {
    std::string_view text;
    if (object_[name].get_string().get(text)) return {};
    return std::string(text);
  }
  std::optional<std::string> maybe_text(std::string_view name) const {
    std::string found = text(name);
    return found.empty() ? std::nullopt : std::optional(std::move(found));
  }
  std::int64_t number(std::string_view name) const {
    std::int64_t number = 0;
    return object_[name].get_int64().get(number) ? 0 : number;
  }
  std::optional<store::Time> time(std::string_view name) const {
    return store::parse_time(text(name));
  }

 private:
  simdjson::padded_string text_;
  std::unique_ptr<simdjson::dom::parser> parser_;
  simdjson::dom::element object_;
};

void time_member(base::JsonWriter& json, std::string_view name,
                 const std::optional<store::Time>& time) {
  if (time) json.key_text(name).text(store::to_text(*time));
}

}  // namespace

std::string encode(const Kick& kick) {
  std::string bytes(kKick);
  base::JsonWriter json(bytes);
  json.begin_object();
  json.member("account", kick.account_id);
  json.member("connection", kick.connection_id);
  json.member("network", kick.network);
  json.member("reason", kick.reason);
  json.key("at").integer(kick.at_ms);
  json.end_object();
  return bytes;
}

std::string encode(const store::Mute& mute) {
  std::string bytes(kMute);
  base::JsonWriter json(bytes);
  json.begin_object();
  json.key("number").integer(mute.number);
  json.member("player", mute.player_id.value_or(""));
  json.member("address", mute.address.value_or(""));
  json.member("reason", mute.reason);
  json.member("by", mute.muted_by);
  time_member(json, "created", mute.created_at);
  time_member(json, "ends", mute.ends_at);
  time_member(json, "lifted", mute.lifted_at);
  json.end_object();
  return bytes;
}

bool is_notice(std::string_view bytes) { return bytes.starts_with(kPrefix); }

base::Result<Kick> decode_kick(std::string_view bytes) {
  auto fields = Fields::of(bytes, kKick);
  if (!fields.ok()) return fields.error();
  Kick kick{fields->text("account"), fields->text("connection"), fields->text("network"),
            fields->text("reason"), fields->number("at")};
  if (kick.account_id.empty() && kick.connection_id.empty() && kick.network.empty())
    return no_notice();
  return kick;
}

base::Result<store::Mute> decode_mute(std::string_view bytes) {
  auto fields = Fields::of(bytes, kMute);
  if (!fields.ok()) return fields.error();
  store::Mute mute;
  mute.number = fields->number("number");
  mute.player_id = fields->maybe_text("player");
  mute.address = fields->maybe_text("address");
  mute.reason = fields->text("reason");
  mute.muted_by = fields->text("by");
  mute.created_at = fields->time("created").value_or(store::Time{});
  mute.ends_at = fields->time("ends");
  mute.lifted_at = fields->time("lifted");
  if (mute.number <= 0 || mute.player_id.has_value() == mute.address.has_value())
    return no_notice();
  return mute;
}

}  // namespace moderation
