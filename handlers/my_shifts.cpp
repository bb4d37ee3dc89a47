#include "handlers/my_shifts.hpp"

#include "blocks/my_shifts.hpp"
#include "handlers/overrides.hpp"

namespace handlers {

using slack::Json;

namespace {

constexpr std::size_t most_shown = 8;

} // namespace

Answer my_shifts(slack::Command command, std::string, std::string, Context& app)
{
    const auto configuration = app.configuration();
    const auto now = app.clock.now();
    blocks::Names names;
    auto load = [&](storage::Transaction& tx) {
        names = storage::People{tx}.names();
        return known_people(tx);
    };
    const auto known = co_await app.database.read(load);
    const auto shifts = oncall::shifts_of(*configuration, known, command.actor.user, now, most_shown);
    auto body = slack::body(blocks::my_shifts(shifts, now, names));
    body["response_type"] = "ephemeral";
    co_return body;
}

} // namespace handlers
