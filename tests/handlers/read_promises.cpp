#include "handlers/read_promises.hpp"

#include "config/utf8.hpp"

#include <algorithm>

namespace payloads {

namespace {

namespace sources = handlers::sources;
using Signal = handlers::Report::Signal;
using Wrong = std::vector<std::string>;

bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();)
        if (!config::next_character(text, at))
            return false;
    return true;
}

bool has_words(std::string_view text) { return text.find_first_not_of(" \t\r\n") != text.npos; }

void look_at(const std::string& text, std::size_t most, const std::string& what, Wrong& wrong)
{
    if (!is_utf8(text))
        wrong.push_back(what + " is no UTF-8");
    if (text.size() > most)
        wrong.push_back(what + " has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(most) + " are kept");
}

void look_at_key(const std::string& key, std::string_view format, Wrong& wrong)
{
    // PagerDuty counts characters, and its senders get their key back to the letter.
    const auto length = sources::is_events_api(format) ? config::length_of(key) : key.size();
    look_at(key, sources::is_events_api(format) ? 1'020 : 255, "the key", wrong);
    if (is_utf8(key) && length > 255)
        wrong.push_back("the key is longer than 255");
}

void look_at_labels(const std::map<std::string, std::string>& labels, Wrong& wrong)
{
    if (labels.size() > sources::most_labels)
        wrong.push_back(std::to_string(labels.size()) + " labels");
    for (const auto& [name, value] : labels) {
        look_at(name, sources::most_label, "a label's name", wrong);
        look_at(value, sources::most_label, "label " + name.substr(0, 50), wrong);
    }
}

void look_at_links(const std::vector<oncall::Link>& links, Wrong& wrong)
{
    if (links.size() > sources::most_links)
        wrong.push_back(std::to_string(links.size()) + " links");
    for (const auto& link : links) {
        look_at(link.href, 2'000, "a link", wrong);
        look_at(link.text, sources::most_label, "a link's words", wrong);
    }
}

/// Of a host that is a key's hole into our network nothing may be fetched.
bool is_of_amazon(std::string_view url)
{
    constexpr std::string_view begin{"https://sns."};
    if (!url.starts_with(begin))
        return false;
    const auto host = url.substr(8, url.find_first_of("/?#", 8) - 8);
    return host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == host.npos
        && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn") || host.ends_with(".amazonaws.eu"));
}

} // namespace

std::vector<std::string> wrong_in(const Read& read, std::string_view format)
{
    Wrong wrong;
    for (const auto& report : read.reports) {
        look_at(report.title, sources::most_title, "the title", wrong);
        look_at(report.description, sources::most_description, "the description", wrong);
        look_at(report.severity, sources::most_label, "the severity", wrong);
        look_at(report.service, sources::most_label, "the service", wrong);
        look_at_key(report.dedup_key, format, wrong);
        look_at_labels(report.labels, wrong);
        look_at_links(report.links, wrong);
        if (report.whom.size() > 50)
            wrong.push_back(std::to_string(report.whom.size()) + " to page");
        for (const auto& one : report.whom)
            look_at(one, sources::most_label, "whom to page", wrong);
        if (report.signal == Signal::fire && !has_words(report.title))
            wrong.push_back("an alert without a title");
        if (report.signal != Signal::fire && report.dedup_key.empty())
            wrong.push_back("something is over or acknowledged, and nobody knows what: no key");
    }
    for (const auto& change : read.changes) {
        look_at(change.title, sources::most_title, "the change's title", wrong);
        look_at(change.service, sources::most_label, "the change's service", wrong);
        look_at_key(change.dedup_key, format, wrong);
        look_at_labels(change.labels, wrong);
        look_at_links(change.links, wrong);
        if (!has_words(change.title))
            wrong.push_back("a change without a title");
    }
    look_at(read.note, sources::most_label, "the note", wrong);
    if (!read.confirm.empty() && !is_of_amazon(read.confirm))
        wrong.push_back("it would have us fetch " + read.confirm.substr(0, 200));
    if (read.reports.empty() && read.changes.empty() && read.confirm.empty() && read.note.empty())
        wrong.push_back("nothing is left of it, and nobody is told why");
    return wrong;
}

std::vector<std::string> wrong_with(const sources::Format& format, const Sent& sent, const oncall::Source& source, Read* read)
{
    try {
        auto once = format.read(sent, source);
        auto wrong = wrong_in(once, format.name);
        if (read)
            *read = std::move(once);
        return wrong;
    } catch (const sources::BadPayload& refusal) {
        const std::string words{refusal.what()};
        Wrong wrong;
        look_at(words, sources::most_words, "the refusal", wrong);
        if (!has_words(words))
            wrong.push_back("it is refused without a word");
        return wrong;
    } catch (const std::exception& problem) {
        return {std::string{"it throws: "} + problem.what()};
    }
}

} // namespace payloads
