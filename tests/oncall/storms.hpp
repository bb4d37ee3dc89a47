#pragma once

#include "oncall/alert.hpp"

/// Days of reports whose truth is known: what broke on its own, and what only followed.
namespace storms {

/// What a day is made of.
struct Shape {
    std::string name{};
    int services{100};
    int faults{6}; // in a day, at random times, of random services and now and then of a host
    int at_once{1}; // as many of them begin in the same ten minutes
    int background{60}; // alerts in a day that have to do with nothing
};

/// What is reported again and again while it lasts.
struct Signal {
    oncall::Alert alert{}; // as it would be routed, without an id
    int truth{}; // the fault it comes of, from 1; below zero: a background alert by itself
};

struct Report {
    oncall::TimePoint at{};
    std::size_t signal{};
    bool over{}; // it clears what was reported under its key
};

struct Storm {
    oncall::Configuration configuration{}; // the services, and what depends on what
    std::vector<Signal> signals{};
    std::vector<Report> reports{}; // in order of time
    int faults{};
};

/// The same for the same seed, on every machine.
Storm storm(const Shape& shape, std::uint64_t seed);

} // namespace storms
