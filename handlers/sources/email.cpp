#include "handlers/sources/mapped.hpp"
#include "handlers/sources/reading.hpp"
#include "mail/message.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

using slack::Json;
using Signal = Report::Signal;

namespace {

// What subjects say of the state of things; the rest of their words is what they are about.
constexpr std::array<std::string_view, 4> over_words{"resolved", "recovery", "recovered", "recovers"};
constexpr std::array<std::string_view, 5> perhaps_over_words{"ok", "up", "closed", "normal", "resolve"};
constexpr std::array<std::string_view, 12> begun_words{
    "firing", "problem", "triggered", "trigger", "alerting", "alarm", "down", "open", "opened", "critical", "warning", "unknown"};
constexpr std::array<std::string_view, 2> known_words{"acknowledgement", "acknowledged"};
constexpr std::array<std::string_view, 8> reply_words{"re", "aw", "sv", "vs", "antw", "fwd", "fw", "wg"};
constexpr std::array<std::string_view, 12> grave_words{
    "CRITICAL", "FATAL", "ERROR", "MAJOR", "WARNING", "MINOR", "INFO", "P1", "P2", "P3", "P4", "P5"};

template <std::size_t size> bool is_among(std::string_view word, const std::array<std::string_view, size>& words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

struct SubjectWord {
    std::string as_is{}, small{};
    bool in_brackets{}; // at the subject's beginning
    char before{}, behind{}; // what stands around it
};

struct Subject {
    std::vector<SubjectWord> words{};
    bool is_reply{};
};

bool is_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) >= 0x80);
}

std::vector<SubjectWord> subject_words(const std::string& text)
{
    std::vector<SubjectWord> words;
    bool in_brackets = false, at_beginning = true;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_of_word(text[at])) {
            in_brackets = text[at] == '[' ? at_beginning : text[at] == ']' ? false : in_brackets;
            ++at;
            continue;
        }
        auto end = at;
        while (end < text.size() && is_of_word(text[end]))
            ++end;
        at_beginning = at_beginning && in_brackets;
        auto word = text.substr(at, end - at);
        auto small = oncall::lower(word);
        words.push_back(
            {std::move(word), std::move(small), in_brackets, at > 0 ? text[at - 1] : ' ', end < text.size() ? text[end] : ' '});
        at = end;
    }
    return words;
}

/// "Re: Fwd: x" → "x"
Subject subject_in(std::string text)
{
    Subject subject;
    for (auto colon = text.find(':'); colon != text.npos; colon = text.find(':')) {
        if (!is_among(oncall::lower(oncall::trimmed(text.substr(0, colon))), reply_words))
            break;
        subject.is_reply = true;
        text.erase(0, colon + 1);
    }
    subject.words = subject_words(text);
    return subject;
}

bool is_all_capital(const SubjectWord& word)
{
    return std::none_of(word.as_is.begin(), word.as_is.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// "Resolved in 2m 3s: …"
bool is_resolved_in(const std::vector<SubjectWord>& words)
{
    return words.size() > 2 && words[0].small == "resolved" && words[1].small == "in"
        && std::any_of(words.begin(), words.end(), [](const SubjectWord& word) { return word.behind == ':'; });
}

/// "[RESOLVED] …", "OK: …", "… is UP"; not "Follow up: …", "… is not OK", "[sign-up] …", "Recovery job failed". Taken for over,
/// an alert would be lost.
bool says_over(const std::vector<SubjectWord>& words, std::size_t at)
{
    const auto& word = words[at];
    const bool denied = at > 0 && (words[at - 1].small == "not" || words[at - 1].small == "never");
    const bool is_last = at + 1 == words.size(), is_shouted = is_all_capital(word) && word.behind == ' ';
    const bool is_bracketed = word.in_brackets && word.before == '[' && (word.behind == ']' || word.behind == ':');
    const bool is_said = is_bracketed || (at == 0 && (word.behind == ':' || is_shouted));
    if (denied)
        return false;
    if (is_among(word.small, over_words))
        return is_said || is_all_capital(word) || (at == 0 && is_resolved_in(words));
    return is_among(word.small, perhaps_over_words) && (is_said || (is_last && at > 0 && words[at - 1].small == "is"));
}

Signal signal_in_subject(const std::vector<SubjectWord>& words)
{
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (at == 0 && is_among(words[at].small, known_words))
            return Signal::acknowledge;
        if ((at == 0 || words[at].in_brackets) && is_among(words[at].small, begun_words))
            return Signal::fire;
        if (says_over(words, at))
            return Signal::clear;
    }
    return Signal::fire;
}

bool is_of_state(const SubjectWord& word)
{
    return is_among(word.small, over_words) || is_among(word.small, perhaps_over_words) || is_among(word.small, begun_words)
        || is_among(word.small, known_words) || is_among(word.as_is, grave_words);
}

/// What the subject is about: "[FIRING:2] Disk full", "[RESOLVED] Disk full", "Resolved in 2m 3s: Disk full" → "disk full".
std::string key_in_subject(std::vector<SubjectWord> words)
{
    if (is_resolved_in(words)) {
        const auto colon = std::find_if(words.begin(), words.end(), [](const SubjectWord& word) { return word.behind == ':'; });
        words.erase(words.begin(), colon + 1);
    }
    std::string key;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (is_of_state(words[at])) {
            // "FIRING:2"
            if (words[at].in_brackets && words[at].behind == ':' && at + 1 < words.size() && words[at + 1].in_brackets)
                ++at;
            continue;
        }
        key += (key.empty() ? "" : " ") + words[at].small;
    }
    return key_of(key);
}

std::string severity_in_subject(const std::vector<SubjectWord>& words)
{
    const auto found =
        std::find_if(words.begin(), words.end(), [](const SubjectWord& word) { return is_among(word.as_is, grave_words); });
    return found == words.end() ? std::string{} : found->small;
}

/// On one line, whatever was written into it.
std::string mail_line(const std::string& text)
{
    std::string line;
    for (const char c : text) {
        const bool is_blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
        if (!is_blank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return oncall::trimmed(line);
}

mail::Mail mail_in(const Sent& sent)
{
    if (sent.body.is_object()) {
        mail::Mail mail;
        mail.subject = word_at(sent.body, {"subject"});
        mail.text = first_said({word_at(sent.body, {"text"}), mail::text_of_html(word_at(sent.body, {"html"}))});
        mail.from = word_at(sent.body, {"from"});
        mail.to = words_at(sent.body, {"to"});
        mail.date = word_at(sent.body, {"date"});
        mail.message_id = word_at(sent.body, {"message_id"});
        mail.in_reply_to = word_at(sent.body, {"in_reply_to"});
        mail.auto_submitted = word_at(sent.body, {"auto_submitted"});
        if (mail.subject.empty() && mail.text.empty())
            throw BadPayload{"this JSON is no mail: it has no \"subject\" and no \"text\""};
        return mail;
    }
    auto mail = mail::read(sent.text);
    if (!mail)
        throw BadPayload{
            "this is no mail: it begins with no header, as \"Subject: …\". Post the whole message as your mail server pipes it"};
    return *std::move(mail);
}

/// People answer, with "Re:" before the subject, and machines for them; a tool only puts its mails into a thread.
std::string why_no_alert(const mail::Mail& mail, const Subject& subject)
{
    const auto by_whom = oncall::lower(mail.auto_submitted);
    if (by_whom.starts_with("auto-replied"))
        return "an automatic answer to a mail, which is no alert";
    if (!mail.in_reply_to.empty() && subject.is_reply && !by_whom.starts_with("auto-generated"))
        return "an answer to a mail, which is no alert";
    return {};
}

/// JSON that breaks off begins as a header may: {"message":
bool is_meant_as_json(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != text.npos && (text[first] == '{' || text[first] == '[' || text[first] == '"');
}

Json json_of(const mail::Mail& mail)
{
    Json json;
    json["subject"] = mail.subject;
    json["text"] = mail.text;
    json["from"] = mail.from;
    json["to"] = mail.to;
    json["date"] = mail.date;
    json["message_id"] = mail.message_id;
    return json;
}

} // namespace

MailedPage mailed_page(const Sent& sent)
{
    const auto mail = is_meant_as_json(sent.text) ? std::nullopt : mail::read(sent.text);
    if (!mail || (mail->subject.empty() && mail->text.empty()))
        throw BadPayload{"it is neither JSON with a \"message\" nor a mail, which begins with a header, as \"Subject: …\""};
    MailedPage page;
    const auto subject = clipped(mail_line(mail->subject), most_title);
    page.note = why_no_alert(*mail, subject_in(subject));
    const auto text = clipped(oncall::trimmed(mail->text), most_description);
    page.body["message"] = first_said({subject, clipped(mail_line(first_line_in(text)), most_title)});
    page.body["email_text"] = text;
    return page;
}

Read email(const Sent& sent, const oncall::Source& source)
{
    auto mail = mail_in(sent);
    mail.subject = clipped(mail_line(mail.subject), most_title);
    mail.text = clipped(oncall::trimmed(mail.text), most_description);
    const auto subject = subject_in(mail.subject);
    Read read;
    read.note = why_no_alert(mail, subject);
    if (!read.note.empty())
        return read;
    Report report;
    report.title =
        first_said({mail.subject, clipped(mail_line(first_line_in(mail.text)), most_title), "A mail without a subject"});
    report.description = mail.text;
    report.severity = severity_in_subject(subject.words);
    report.dedup_key = key_in_subject(subject.words);
    // What is over, of something that nobody named, would be nothing at all.
    report.signal = report.dedup_key.empty() ? Signal::fire : signal_in_subject(subject.words);
    put_label(report.labels, "from", mail_line(mail.from));
    put_label(report.labels, "to", mail_line(mail.to));
    if (source.mapping.fields.empty()) {
        read.reports.push_back(std::move(report));
        return read;
    }
    const auto json = json_of(mail);
    take_found(found_in(source.mapping, json, json), std::move(report), read);
    return read;
}

} // namespace handlers::sources
