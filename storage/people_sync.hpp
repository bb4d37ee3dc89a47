#pragma once

#include "storage/repositories.hpp"

/// What the roster keeps of Slack's people beside storage::People, and whom no page reaches.
namespace storage {

struct PeopleSync {
    Transaction& tx;

    /// That is who she is now, in all rows of hers, and these references mean her from here on.
    void keep(const Person& told, const std::string& locale, const std::vector<std::string>& references) const;
    /// "en-US", by Slack id; empty: not known.
    std::string locale_of(const std::string& user) const;
    /// Of everybody of whom it is known.
    std::map<std::string, std::string> locales() const;
    /// When the list of everybody was last read to its end; TimePoint{}: never.
    TimePoint listed_at() const;
    void listed(TimePoint at) const;
};

/// Somebody whom no page reaches, as it was told.
struct UnablePerson {
    std::string person{}; // a Slack user id
    std::string kind{};
    TimePoint told_at{};
    std::vector<std::string> channels{};
};
struct UnablePeople {
    Transaction& tx;

    std::vector<UnablePerson> told() const;
    void tell(const UnablePerson& one) const;
    void over(const std::string& person) const;
};

/// Who can answer no page, by Slack id, as "gone", "bot" or "stranger".
std::map<std::string, std::string> who_answers_nothing(Transaction& tx);
/// The open alerts whose pages try one of these people now, by whichever name: Slack ids.
struct TriedNow {
    oncall::AlertId alert{};
    std::string person{}; // as the page names them
};
std::vector<TriedNow> tried_now(Transaction& tx);
/// What she was sent of that page, or was to be, counts no more, though she has not said no to it. `person`: as the page names
/// her.
void pass_over(Transaction& tx, oncall::PageId page, const std::string& person);
/// Everything that somebody is called in the configuration: references, addresses, the id.
std::set<std::string> names_of(Transaction& tx, const std::string& user);

} // namespace storage
