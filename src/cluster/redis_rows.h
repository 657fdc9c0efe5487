#pragma once

// What our scripts answer, read: rows of Redis as the values they stand for. Nothing is believed of
// their form, as anybody with Redis' password can write them: what is missing or no number is empty
// or 0, and numbers are cut to what the rest of the program reckons with. Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cluster/lobbies.h"
#include "cluster/nodes.h"
#include "cluster/parties.h"
#include "cluster/redis_link.h"
#include "cluster/tickets.h"

namespace cluster {

// The value behind a key in a flat list of keys and values; "" when it is not there.
const std::string& field(const Reply& fields, std::string_view key);

std::string join_lines(const std::vector<std::string>& lines);
std::vector<std::string> split_lines(std::string_view text);

// id, fields and values, place in the queue, length, mean wait, now. Block is not known from it.
TicketStatus ticket_status(const Reply& reply);
// now; rows of id, mode, regions, players, skill, queue time; pairs of region and mean wait.
Tickets::Pool ticket_pool(const Reply& reply);
// code, leader, ticket, members in one flat list; nil: "not_found", a number: "conflict".
base::Result<Party> party_of(const Reply& reply);
// id, node, alive, fields and values.
Located located(const Reply& row);
std::vector<Located> all_located(const Reply& rows);
// id, unseen, alive, fields and values.
NodeEntry node_entry(const Reply& row);

}  // namespace cluster
