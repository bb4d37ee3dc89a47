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
    bool named{}; // the configuration names her
};

/// Whom a part of a title means.
struct Meant {
    const Acquainted* one{}; // nullptr: nobody, or several
    bool several{};
};

/// Finds people by their names. Who is called in several ways is one, and is called as she comes first.
class NameIndex {
public:
    explicit NameIndex(const std::vector<Acquainted>& known);

    /// The one whom `part`, in small letters, means: by address, @handle or Slack id as known for hers; else by the name of
    /// somebody the configuration names, by her first name, or by what stands before the @ of her address; else by the whole
    /// name of somebody else. People name themselves in Slack, so what comes later never changes what comes before.
    Meant find(const std::string& part) const;

private:
    struct Found {
        Acquainted one{};
        bool several{};
    };
    static void add(std::map<std::string, Found>& to, const std::string& name, const Acquainted& one);

    std::map<std::string, Acquainted> sure_{};
    std::map<std::string, Found> names_{}, first_{}, local_{}, other_names_{};
};

/// Whom an event calls on duty.
struct Called {
    std::vector<std::string> people{}; // as the configuration is to call them, each once
    std::vector<std::string> unknown{}; // addresses and @handles that are nobody's I know
    bool declined{}; // somebody it means said no, or is not sure: she is not among the people
    std::vector<std::string> several{}; // names in it that several have
    std::vector<std::string> strange{}; // what stands beside somebody's name in a list, and is nobody's I know
    bool operator==(const Called&) const = default;
};

/// Those its title names ("Ana", "Ana & Bo", "On call: Ana Example", an address, a @handle); where it names nobody, those who
/// take part.
Called people_in(const CalendarEvent& event, const NameIndex& known);

} // namespace oncall
