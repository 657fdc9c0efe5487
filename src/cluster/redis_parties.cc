#include "cluster/redis_parties.h"

#include <array>
#include <charconv>
#include <utility>

#include "cluster/party_check.h"
#include "cluster/redis_rows.h"

namespace cluster {
namespace {

std::string text_of(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

std::vector<std::string> row_of(const PartyMember& member) {
  return {member.player, member.node, text_of(member.skill), member.id, member.name};
}

}  // namespace

void RedisParties::ask(const Script& script, const std::string& code, std::vector<std::string> more,
                       Answer<Party> answer) {
  more.insert(more.begin(), {code, text(core_.timing.party_life)});
  core_.ask(script, std::move(more), answer_with(std::move(answer), party_of));
}

void RedisParties::create(const std::string& code, const PartyMember& founder,
                          Answer<Party> answer) {
  if (const auto wrong = what_is_wrong(code, founder))
    return core_.post([answer, wrong] { answer(base::Error{"invalid", *wrong}); });
  ask(scripts().party_create, code, row_of(founder), std::move(answer));
}

void RedisParties::join(const std::string& code, const PartyMember& member, Answer<Party> answer) {
  if (const auto wrong = what_is_wrong(code, member))
    return core_.post([answer, wrong] { answer(base::Error{"invalid", *wrong}); });
  std::vector<std::string> more = row_of(member);
  more.insert(more.begin(), std::to_string(kMaxParty));
  ask(scripts().party_join, code, std::move(more), std::move(answer));
}

void RedisParties::leave(const std::string& code, const std::string& player, Answer<Party> answer) {
  ask(scripts().party_leave, code, {player},
      [code, answer = std::move(answer)](base::Result<Party> left) {
        if (!left && left.error().code == "not_found")
          left = Party{.code = code, .leader = "", .members = {}, .ticket = ""};
        if (answer) answer(std::move(left));
      });
}

void RedisParties::wait_with(const std::string& code, const std::string& player,
                             const std::string& ticket, Answer<Party> answer) {
  ask(scripts().party_wait, code, {player, ticket},
      [answer = std::move(answer)](base::Result<Party> party) {
        if (!party && party.error().code == "conflict")
          party = base::Error{"conflict", "Only the leader of the party can do that."};
        if (answer) answer(std::move(party));
      });
}

void RedisParties::look(const std::string& code, Answer<Party> answer) {
  ask(scripts().party_look, code, {}, std::move(answer));
}

}  // namespace cluster
