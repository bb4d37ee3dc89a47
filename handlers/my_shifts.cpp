#include "handlers/my_shifts.hpp"

#include "blocks/my_shifts.hpp"
#include "handlers/overrides.hpp"
#include "handlers/said.hpp"

namespace handlers {

using slack::Json;

namespace {

constexpr std::size_t most_shown = 8;

} // namespace

Answer my_shifts(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto configuration = app.configuration();
    const auto now = app.clock.now();
    blocks::Names names;
    std::string whose;
    auto load = [&](storage::Transaction& tx) {
        names = storage::People{tx}.names();
        if (const auto person = person_in(rest); !person.empty())
            whose = storage::known_as(tx, person);
        return known_people(tx);
    };
    const auto known = co_await app.database.read(load);
    if (whose == command.actor.user)
        whose.clear();
    const auto shifts = oncall::shifts_of(*configuration, known, whose.empty() ? command.actor.user : whose, now, most_shown);
    co_return said(blocks::my_shifts(shifts, now, names, whose));
}

} // namespace handlers
