#include "api/admin_answers.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <fstream>
#include <future>
#include <set>
#include <utility>

#include "api/admin_call.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "cluster/timing.h"
#include "lobby/engine.h"
#include "lobby/listing.h"
#include "lobby/top_view.h"

namespace api {
namespace json = boost::json;
namespace {

using Core = AdminApi::Core;

constexpr std::chrono::seconds kShardPatience{1};
constexpr std::uintmax_t kLargestReplay = 64ull << 20;  // what the page takes
constexpr std::size_t kReplayPiece = std::size_t{128} * 1024;

base::Error no_lobby() { return {"not_found", "There is no such lobby."}; }
base::Error no_replay() { return {"not_found", "There is no replay of this match."}; }

double in_ms(std::uint64_t ns) { return static_cast<double>(ns) / 1e6; }

json::array figures_json(const std::vector<Figure>& figures) {
  json::array rows;
  for (const Figure& figure : figures) {
    rows.push_back(json::object{{"at", figure.at_ms},
                                {"players", figure.players},
                                {"lobbies", figure.lobbies},
                                {"playing", figure.playing},
                                {"connections", figure.connections},
                                {"requests", figure.requests},
                                {"errors", figure.errors},
                                {"ticks", figure.ticks},
                                {"lateP50Ms", in_ms(figure.late_p50_ns)},
                                {"lateP99Ms", in_ms(figure.late_p99_ns)},
                                {"lateMaxMs", in_ms(figure.late_max_ns)}});
  }
  return rows;
}

std::optional<lobby::DirectoryEntry> find_here(const Core& core, std::string_view id) {
  for (const lobby::DirectoryEntry& entry : core.sources.directory->all()) {
    if (entry.id == id) return entry;
  }
  return std::nullopt;
}

// Runs work(engine) on the shard of the lobby and waits for what it gives. What it captures must
// outlive a late run: values only.
template <class T, class Work>
base::Result<T> on_shard(Core& core, lobby::ShardIndex shard, Work work) {
  const auto told = std::make_shared<std::promise<T>>();
  core.sources.on_engine(shard,
                         [told, work](lobby::Engine& engine) { told->set_value(work(engine)); });
  std::future<T> answer = told->get_future();
  if (answer.wait_for(kShardPatience) != std::future_status::ready)
    return base::Error{"unavailable", "The lobby's shard does not answer."};
  return answer.get();
}

NodeAnswer view_here(Core& core, const lobby::DirectoryEntry& entry) {
  auto text =
      on_shard<std::string>(core, entry.shard, [number = entry.number](lobby::Engine& engine) {
        std::string view;
        engine.each([&](const lobby::Lobby& lobby) {
          if (lobby.number() == number) view = lobby::top_view(lobby);
        });
        return view;
      });
  if (!text) return text;
  if (text->empty()) return no_lobby();
  return R"({"lobby":)" + json::serialize(lobby_json({entry, core.sources.node_id})) +
         R"(,"view":)" + *text + R"(,"at":)" + std::to_string(base::wall_ms()) + '}';
}

NodeAnswer close_here(Core& core, const lobby::DirectoryEntry& entry) {
  const auto closed =
      on_shard<bool>(core, entry.shard, [number = entry.number](lobby::Engine& engine) {
        return engine.close(number, "Closed by an administrator");
      });
  if (!closed) return closed.error();
  if (!*closed) return no_lobby();
  return std::string();
}

// account id, address, name, each as a text.
NodeAnswer person_here(Core& core, const lobby::DirectoryEntry& entry,
                       const std::string& player_id) {
  using Found = std::optional<lobby::Accusation::Person>;
  const auto found =
      on_shard<Found>(core, entry.shard, [number = entry.number, player_id](lobby::Engine& engine) {
        Found person;
        engine.each([&](const lobby::Lobby& lobby) {
          if (lobby.number() == number) person = lobby.person(player_id);
        });
        return person;
      });
  if (!found) return found.error();
  if (!*found) return base::Error{"not_found", "There is no such player in this lobby."};
  std::string bytes;
  base::ByteWriter writer(bytes);
  for (const std::string* part : {&(*found)->account_id, &(*found)->address, &(*found)->name})
    writer.text(*part, kMostListed);
  return bytes;
}

// Lobby and name, each as a text.
NodeAnswer seat_here(Core& core, const std::string& id) {
  using Found = std::optional<std::pair<std::string, std::string>>;
  std::set<lobby::ShardIndex> shards;
  for (const lobby::DirectoryEntry& entry : core.sources.directory->all())
    shards.insert(entry.shard);
  for (const lobby::ShardIndex shard : shards) {
    const auto found = on_shard<Found>(core, shard, [id](lobby::Engine& engine) {
      Found seat;
      engine.each([&](const lobby::Lobby& lobby) {
        if (const auto person = lobby.anybody(id)) seat = {lobby.shape().id, person->name};
      });
      return seat;
    });
    if (!found) return found.error();
    if (!*found) continue;
    std::string bytes;
    base::ByteWriter writer(bytes);
    writer.text((*found)->first, kMostListed);
    writer.text((*found)->second, kMostListed);
    return bytes;
  }
  return base::Error{"not_found", "There is no such player in a lobby."};
}

NodeAnswer figures_here(Core& core, const std::string& since) {
  std::int64_t at = 0;
  std::from_chars(since.data(), since.data() + since.size(), at);
  return json::serialize(figures_json(core.figures.since(at)));
}

// The size of the whole, 8 bytes, then a piece.
NodeAnswer replay_here(const Core& core, const std::string& match_id, const std::string& from) {
  if (!core.sources.replay_of || !store::is_uuid(match_id)) return no_replay();
  std::uint64_t at = 0;
  std::from_chars(from.data(), from.data() + from.size(), at);
  const std::filesystem::path path = core.sources.replay_of(match_id);
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kLargestReplay || at > size) return no_replay();
  std::string bytes;
  base::ByteWriter writer(bytes);
  writer.value(std::uint64_t{size});
  std::string piece(std::min<std::uintmax_t>(size - at, kReplayPiece), '\0');
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  if (!file) return no_replay();
  return bytes + piece;
}

// What browse() lists of the other nodes, page by page.
base::Result<std::vector<FoundLobby>> read_others(Core& core) {
  std::vector<FoundLobby> found;
  cluster::Browse wish;
  wish.show_private = wish.show_full = wish.show_in_progress = wish.show_finished = true;
  wish.limit = cluster::kMaxPage;
  do {
    const auto page = await_cluster<cluster::Page>(
        [&](auto answer) { core.sources.lobbies->browse(wish, std::move(answer)); });
    if (!page) return page.error();
    for (const cluster::Located& each : page->lobbies) {
      if (each.node != core.sources.node_id)
        found.push_back({lobby::entry_of(each.listing), each.node});
    }
    wish.from = page->next;
  } while (wish.from != 0 && found.size() < kMostListed);
  return found;
}

}  // namespace

NodeAnswer answer_here(Core& core, const Question& question) {
  if (question.verb == Verb::figures) return figures_here(core, question.subject);
  if (question.verb == Verb::replay) return replay_here(core, question.subject, question.detail);
  if (question.verb == Verb::seat) return seat_here(core, question.subject);
  const auto entry = find_here(core, question.subject);
  if (!entry) return no_lobby();
  if (question.verb == Verb::view) return view_here(core, *entry);
  if (question.verb == Verb::close) return close_here(core, *entry);
  return person_here(core, *entry, question.detail);
}

NodeAnswer answer_of(Core& core, const std::string& node, const Question& question) {
  if (node == core.sources.node_id) return answer_here(core, question);
  return core.link->ask(node, question);
}

base::Result<Seated> seated_in(Core& core, const std::string& node, const std::string& lobby,
                               const std::string& player_id) {
  const NodeAnswer told = answer_of(core, node, {Verb::person, lobby, player_id});
  if (!told) return told.error();
  base::ByteReader reader(*told);
  Seated person;
  for (std::string* part : {&person.account_id, &person.address, &person.name})
    *part = reader.view(kMostListed);
  if (!reader.ok()) return base::Error{"unavailable", "The node of this lobby talks nonsense."};
  return person;
}

base::Result<std::vector<cluster::NodeEntry>> list_nodes(Core& core) {
  return await_cluster<std::vector<cluster::NodeEntry>>(
      [&](auto answer) { core.sources.nodes->list(std::move(answer)); });
}

Whereabouts whereabouts(Core& core, const std::string& id) {
  const Question question{Verb::seat, id};
  std::vector<std::string> nodes{core.sources.node_id};
  std::vector<NodeAnswer> answers{answer_here(core, question)};
  if (!answers.front().ok() && core.link) {
    std::vector<std::string> others;
    const auto known = list_nodes(core);
    for (const auto& node : known ? *known : std::vector<cluster::NodeEntry>()) {
      if (node.alive && node.id != core.sources.node_id) others.push_back(node.id);
    }
    for (NodeAnswer& answer : core.link->ask_all(others, question))
      answers.push_back(std::move(answer));
    nodes.insert(nodes.end(), others.begin(), others.end());
  }
  Whereabouts there;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i] && answers[i].error().code == "unavailable") there.silent.push_back(nodes[i]);
    if (!answers[i]) continue;
    base::ByteReader reader(*answers[i]);
    const std::string lobby(reader.view(kMostListed));
    there.name = reader.view(kMostListed);
    if (auto found = find_lobby(core, lobby); reader.ok() && found) there.lobby = *found;
  }
  return there;
}

std::string seat_text(const FoundLobby& lobby, const std::string& name) {
  return json::serialize(
      json::object{{"lobby", lobby.entry.id}, {"node", lobby.node}, {"name", name}});
}

json::object lobby_json(const FoundLobby& lobby) {
  const lobby::DirectoryEntry& entry = lobby.entry;
  return {{"id", entry.id},
          {"node", lobby.node},
          {"mode", entry.mode},
          {"map", entry.map},
          {"status", lobby::browser_status(entry.status)},
          {"private", entry.is_private},
          {"password", entry.has_password},
          {"players", entry.players},
          {"bots", entry.bots},
          {"maxPlayers", entry.max_players},
          {"createdAt", base::iso8601(entry.created_ms)},
          {"activeAt", base::iso8601(entry.active_ms)}};
}

base::Result<FoundLobby> find_lobby(Core& core, const std::string& id) {
  if (const auto here = find_here(core, id)) return FoundLobby{*here, core.sources.node_id};
  // The longest name in the cluster's directory has 64 bytes.
  if (core.sources.lobbies == nullptr || id.empty() || id.size() > 64) return no_lobby();
  auto found = await_cluster<cluster::Located>(
      [&](auto answer) { core.sources.lobbies->locate(id, std::move(answer)); });
  if (!found) return found.error().code == "not_found" ? no_lobby() : found.error();
  if (!found->alive || found->node == core.sources.node_id) return no_lobby();
  return FoundLobby{lobby::entry_of(found->listing), found->node};
}

std::vector<FoundLobby> all_lobbies(Core& core) {
  std::vector<FoundLobby> all;
  for (const lobby::DirectoryEntry& entry : core.sources.directory->all())
    all.push_back({entry, core.sources.node_id});
  if (core.sources.lobbies == nullptr) return all;
  const std::lock_guard lock(
      core.others_mutex);                 // one reads, who comes meanwhile takes what it read
  constexpr std::int64_t kFresh = 1'000;  // ms
  if (core.others_at_ms == 0 || base::steady_ms() - core.others_at_ms > kFresh) {
    auto read = read_others(core);
    core.others = read ? std::move(read).value() : std::vector<FoundLobby>();
    core.others_at_ms = base::steady_ms();
  }
  all.insert(all.end(), core.others.begin(), core.others.end());
  return all;
}

}  // namespace api
