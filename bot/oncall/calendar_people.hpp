#pragma once

#include "oncall/calendar_event.hpp"

#include <map>

/// Whom the events of a calendar call on duty.
namespace oncall {

/// Somebody whom an event may mean.
struct Acquainted {
    std::string reference{}; // as the configuration is to call her: an address, a @handle or a Slack id
    std::string name{}; // what Slack calls her
    std::string email{};
    std::string user{}; // her Slack id
};

/// Finds people by their names. Who is called in several ways is one, and is called as she comes first.
class NameIndex {
public:
    explicit NameIndex(const std::vector<Acquainted>& known);

    /// The one whom `part`, in small letters, means: by address, @handle, Slack id or whole name, else by first name, else by
    /// what stands before the @ of her address; nullptr: nobody, or several.
    const Acquainted* find(const std::string& part) const;

private:
    struct Found {
        Acquainted one{};
        bool several{};
    };
    static void add(std::map<std::string, Found>& to, const std::string& name, const Acquainted& one);

    std::map<std::string, Found> whole_{}, first_{}, local_{};
};

/// Whom an event calls on duty.
struct Called {
    std::vector<std::string> people{}; // as the configuration is to call them, each once
    std::vector<std::string> unknown{}; // addresses and @handles that are nobody's I know
    bool declined{}; // somebody it means said no, or is not sure: she is not among the people
    bool operator==(const Called&) const = default;
};

/// Those its title names ("Ana", "Ana & Bo", "On call: Ana Example", an address, a @handle); where it names nobody, those who
/// take part.
Called people_in(const CalendarEvent& event, const NameIndex& known);

} // namespace oncall
