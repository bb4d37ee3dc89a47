#pragma once

#include "doors/wake.hpp"
#include "handlers/context.hpp"
#include "slack/client.hpp"
#include "slack/user.hpp"

#include <deque>

namespace asio = boost::asio;

/// Knows who people are in Slack: those the configuration names, and those who do something here; nobody else is kept. Who is new
/// is asked for alone. From then on Slack's events keep it current, and the list of everybody, read once a day, heals what no
/// event has told.
class Roster {
public:
    /// `also`: people the settings name. `learned` is called when Slack told something new of somebody.
    Roster(handlers::Context& app, std::vector<std::string> also, std::function<void()> learned);

    /// Looks people up until its task is cancelled, once our own workspace is known. An address that is not found is asked for
    /// again after a minute, then ever more seldom, up to an hour; a handle when the list is read. After a 429 nobody is asked
    /// for until Slack takes it again; the list has a limit of its own, and is read on where it was left.
    asio::awaitable<void> run();
    /// Another configuration is in force, or our workspace is known: those named newly are looked up, the others forgotten.
    void look_again();
    /// Those of the configuration whom Slack does not know; nullopt while it is still being asked.
    std::optional<std::vector<std::string>> strangers() const;
    /// Whether Slack has said that there is nobody of that name. False while it could not be asked.
    bool is_nobody(const std::string& person) const { return unknown_.contains(person); }
    /// "member", "guest" … by a Slack id; empty: not known yet.
    std::string kind_of(const std::string& user) const;
    /// Looks somebody up soon, by a Slack id or as configured, if not known yet.
    void meet(const std::string& person);
    /// Slack tells by an event who somebody is now. Of whom nobody asked for, and of what we do not keep, nothing is written.
    asio::awaitable<void> hear(slack::Profile told);

private:
    enum class Told { who, nobody, slow_down, nothing };
    struct KnownPerson {
        slack::Profile is{};
        doors::TimePoint asked_at{};
        bool listed{}; // by the reading of the list that is under way, or was last
    };
    struct Kept {
        slack::Profile told{};
        std::vector<std::string> references{}; // that mean her from here on
    };

    asio::awaitable<void> recall();
    asio::awaitable<void> learn(std::string reference);
    asio::awaitable<Told> look_up(std::string reference, bool anyway);
    asio::awaitable<slack::Json> ask(std::string reference);
    asio::awaitable<void> read_page();
    void found_called(const slack::Profile& told);
    asio::awaitable<void> end_reading();
    asio::awaitable<void> keep(std::vector<Kept> all, bool asked_for);

    bool is_known(const std::string& reference) const;
    std::vector<std::string> references_for(const slack::Profile& told) const;
    bool list_is_due() const;
    std::optional<std::string> next();
    doors::TimePoint due() const;
    void tell();
    void seek(const std::string& handle);

    handlers::Context& app_;
    std::vector<std::string> also_;
    std::function<void()> learned_;
    bool news_{};
    std::set<std::string> configured_{};
    std::map<std::string, std::vector<std::string>> addresses_{}; // of the configured, in lower case → as written
    std::map<std::string, KnownPerson> known_{}; // by Slack id
    std::map<std::string, std::string> means_{}; // reference → Slack id
    std::deque<std::string> new_{}; // before everybody else
    std::map<std::string, doors::TimePoint> again_{}; // who could not be told
    std::map<std::string, int> unknown_{}; // to Slack, and how often it said so
    std::set<std::string> sought_{}; // handles, with the @, that the next reading of the list is to find
    std::set<std::string> seeking_{}; // and the one under way
    std::map<std::string, std::vector<slack::Profile>> called_{}; // of those: whose display name it is
    bool recalled_{};
    bool missed_{}; // an event came before that
    bool reading_{};
    std::string cursor_{}; // where the list is to be read on
    doors::TimePoint list_at_{}; // when it is to be read anew
    doors::TimePoint rest_until_{}; // of those asked for alone
    doors::TimePoint list_rest_until_{};
    bool asking_{}; // for one of the new
    doors::Wake wake_;
};
