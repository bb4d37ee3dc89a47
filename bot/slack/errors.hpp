#pragma once

#include "slack/client.hpp"

#include <vector>

/// Every error of the methods we call: what it asks of us, and what it says to people.
namespace slack {

enum class Remedy {
    wait, // it goes by itself, and is tried again
    person, // somebody must do something; then it works
    ours, // our own mistake: it is said plainer, or left
    nobody, // this person cannot be reached so: another way, or another person
    over, // what was wanted holds already, or is not there any more
};

/// What it is about.
enum class About { app, channel, person, message, request };

struct KnownError {
    std::string_view code{};
    ErrorClass error_class{};
    Remedy remedy{};
    About about{};
    std::string_view words{}; // what is wrong, as half a sentence
    std::string_view fix{}; // what to do, in whole sentences; with {bot}, {scope} and {method}
};

const std::vector<KnownError>& known_errors();
/// nullptr: Slack's pages say more than we know.
const KnownError* known_error(std::string_view code);

/// The scope that is missing, as Slack names it ("files:write", or several with commas of which one is enough); else empty.
std::string needed_scope(const Error& error);
/// "I am not in the channel (not_in_channel)".
std::string words_of(const Error& error);
/// What to do, in whole sentences; empty: nothing. `bot` is what we are called in Slack, without "@".
std::string fix_of(const Error& error, std::string_view bot);
/// The same of a code that is known no other way.
std::string words_of(std::string_view code, std::string_view scope = {});
std::string fix_of(std::string_view code, std::string_view method, std::string_view scope, std::string_view bot);

} // namespace slack
