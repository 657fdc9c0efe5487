#pragma once

// What the tables of the admin API are made of, and what their handlers share.

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/admin_answers.h"
#include "api/admin_api.h"
#include "api/admin_link.h"
#include "api/admin_staff.h"
#include "base/clock.h"

namespace api {

using Answer = base::Result<net::HttpResponse>;

// A request as the routes see it; lives until it is answered.
struct AdminApi::Call {
  std::string request_id;
  std::string address;    // of the caller, after the proxies
  std::string name;       // method and path, for the log
  std::string token;      // bearer token, "" = none
  std::string parameter;  // the {part} of the path
  std::string query;
  std::string body_text;
  boost::json::object body;
  std::string session_id;  // of the caller's login
  Staff staff;             // the caller
  base::RateLimit::Verdict verdict;
  const base::RateLimit* limit = nullptr;  // the one `verdict` is of
  std::chrono::seconds wait{0};  // set with the error "limited": when the caller may try again
  std::function<void(net::HttpResponse)> reply;

  moderation::Actor actor() const {
    return {staff.id, staff.name, address, std::string(role_name(staff.role))};
  }
};

struct AdminApi::Core {
  AdminSources sources;
  Seal seal;
  Figures figures;
  std::unique_ptr<AdminLink> link = nullptr;  // to other nodes; null = this one is alone
  // Lobbies of other nodes as all_lobbies() last read them.
  std::mutex others_mutex = {};
  std::vector<FoundLobby> others = {};
  std::int64_t others_at_ms = 0;  // steady clock; 0 = never
};

// Waits for what the cluster answers: ask(answer) asks it.
template <class T, class Ask>
base::Result<T> await_cluster(Ask ask) {
  constexpr std::chrono::seconds kPatience{2};
  const auto told = std::make_shared<std::promise<base::Result<T>>>();
  std::future<base::Result<T>> answer = told->get_future();
  ask([told](base::Result<T> answered) { told->set_value(std::move(answered)); });
  if (answer.wait_for(kPatience) != std::future_status::ready)
    return base::Error{"unavailable", "The cluster does not answer."};
  return answer.get();
}

// How far a caller must have come for a route.
enum class Proof : std::uint8_t {
  password,       // signed in: to enrol, or to show the code
  second_factor,  // this session has shown it
};

struct AdminApi::Route {
  std::string_view method;
  std::string_view path;
  bool body = false;  // needs a JSON object
  Role role = Role::admin;
  Proof proof = Proof::second_factor;
  Answer (*run)(Core& core, Call& call);
};

// The tables.
std::span<const AdminApi::Route> admin_self_routes();
std::span<const AdminApi::Route> admin_player_routes();
std::span<const AdminApi::Route> admin_report_routes();
std::span<const AdminApi::Route> admin_lobby_routes();
std::span<const AdminApi::Route> admin_log_routes();
std::span<const AdminApi::Route> admin_business_routes();

inline constexpr std::size_t kMaxAdminPage = 100;
inline constexpr std::size_t kMaxReason = 200;  // bytes, as moderation has it

net::HttpResponse ok_json(const boost::json::value& body, unsigned status = 200);
net::HttpResponse no_content();
base::Error missing_field(std::string_view name);

// The reason that every action needs: 1..200 bytes of text that are not all blanks.
base::Result<std::string> reason_in(const AdminApi::Call& call);
// "duration" of the body in seconds; null or absent = for good.
base::Result<moderation::Duration> duration_in(const AdminApi::Call& call);
// "before" and "size" of the query, for lists that go backwards.
struct Paging {
  std::int64_t before = 0;  // 0 = from the newest
  std::size_t size = 50;
};
base::Result<Paging> paging_in(const AdminApi::Call& call);
// The path's number; none = it is no number.
std::optional<std::int64_t> number_in(const AdminApi::Call& call);

}  // namespace api
