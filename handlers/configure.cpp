#include "handlers/configure.hpp"

namespace handlers {

asio::awaitable<void> put_in_force(Context& app)
{
    auto load = [](storage::Transaction& tx) { return std::pair{storage::Items{tx}.revision(), storage::Overrides{tx}.all()}; };
    auto loaded = co_await app.database.read(load);
    auto& [revision, overrides] = loaded;
    auto configuration = *app.configuration();
    for (auto& [name, schedule] : configuration.schedules)
        std::erase_if(schedule.overrides, [](const oncall::Override& one) { return one.id != 0; });
    for (auto& one : overrides)
        if (const auto schedule = configuration.schedules.find(one.schedule); schedule != configuration.schedules.end())
            schedule->second.overrides.push_back(std::move(one.what));
    app.in_force.set(std::move(configuration), revision);
    if (app.configured)
        app.configured();
}

} // namespace handlers
