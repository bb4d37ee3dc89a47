#include "delivery/channels.hpp"

namespace delivery {

using slack::Json;

asio::awaitable<std::string> Channels::id_of(std::string name)
{
    if (const auto known = ids_.find(name); known != ids_.end())
        co_return known->second;
    bool from_start = cursor_.empty();
    while (true) {
        Json arguments;
        arguments["types"] = "public_channel,private_channel";
        arguments["exclude_archived"] = true;
        arguments["limit"] = 999; // the most Slack takes
        if (!cursor_.empty())
            arguments["cursor"] = cursor_;
        Json page;
        try {
            page = co_await slack_.call("conversations.list", std::move(arguments));
        } catch (const slack::Error& error) {
            if (error.error_class() == slack::ErrorClass::refused)
                cursor_.clear(); // it may be too old
            throw;
        }
        for (const auto& one : slack::at(page, {"channels"}))
            ids_["#" + slack::text_at(one, {"name"})] = slack::text_at(one, {"id"});
        cursor_ = slack::text_at(page, {"response_metadata", "next_cursor"});
        if (const auto known = ids_.find(name); known != ids_.end())
            co_return known->second;
        if (cursor_.empty() && std::exchange(from_start, true))
            co_return std::string{};
    }
}

} // namespace delivery
