#include "delivery/refusal_words.hpp"

namespace delivery {

namespace {

constexpr std::chrono::minutes url_lives{25}; // 30, and it is to arrive

} // namespace

void tell_where_asked(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& response_url,
    const std::string& person, const std::string& words, oncall::TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto key = row.key + ":refused";
    if (!response_url.empty() && now - row.created_at < url_lives)
        outbox.add(key, "respond", storage::Priority::answer,
            "response:" + std::to_string(std::hash<std::string>{}(response_url) % 16), 0, response_url + "\n" + words, now);
    else if (!person.empty())
        outbox.add(key, "person_words", storage::Priority::answer, person, 0, person + "\n" + words, now);
}

} // namespace delivery
