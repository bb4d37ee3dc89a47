#include "delivery/channels.hpp"

namespace delivery {

using slack::Json;

asio::awaitable<std::string> Channels::id_of(std::string name)
{
    if (const auto known = ids_.find(name); known != ids_.end())
        co_return known->second;
    std::string cursor;
    do {
        Json arguments;
        arguments["types"] = "public_channel,private_channel";
        arguments["limit"] = 200;
        if (!cursor.empty())
            arguments["cursor"] = cursor;
        const auto page = co_await slack_.call("conversations.list", std::move(arguments));
        for (const auto& one : slack::at(page, {"channels"}))
            ids_["#" + slack::text_at(one, {"name"})] = slack::text_at(one, {"id"});
        cursor = slack::text_at(page, {"response_metadata", "next_cursor"});
    } while (!cursor.empty());
    const auto known = ids_.find(name);
    co_return known == ids_.end() ? std::string{} : known->second;
}

} // namespace delivery
