#include "cluster/redis_parties.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "cluster/party_check.h"

namespace cluster {
namespace {

constexpr std::size_t kColumns = 5;  // of a member

base::Error conflict(std::int64_t number) {
  constexpr std::array<const char*, 3> kWhy = {"There is such a party.", "The party is full.",
                                               "The party waits for a match."};
  return {"conflict", kWhy.at(static_cast<std::size_t>(std::clamp<std::int64_t>(number, 0, 2)))};
}

base::Result<Party> party_of(const Reply& reply) {
  if (reply.is_nil()) return base::Error{"not_found", "There is no such party."};
  if (reply.items.empty()) return conflict(reply.integer);
  Party party{.code = reply.at(0).text,
              .leader = reply.at(1).text,
              .members = {},
              .ticket = reply.at(2).text};
  const std::vector<Reply>& rows = reply.at(3).items;
  for (std::size_t i = 0; i + kColumns <= rows.size(); i += kColumns) {
    PartyMember member{.player = rows[i].text,
                       .id = rows[i + 3].text,
                       .name = rows[i + 4].text,
                       .node = rows[i + 1].text};
    const std::string& skill = rows[i + 2].text;
    std::from_chars(skill.data(), skill.data() + skill.size(), member.skill);
    party.members.push_back(std::move(member));
  }
  return party;
}

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
