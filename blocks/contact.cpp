#include "blocks/contact.hpp"

#include "blocks/notification_rules.hpp"

#include "oncall/reach_words.hpp"

namespace blocks {

using namespace kit;
using oncall::ContactKind;
using oncall::ContactMethod;
using oncall::TimePoint;

const std::string_view consent_text{
    "I agree to get SMS and calls of on-call pages, their codes and tests at this number, as many as the alerts ask for, at any "
    "hour. My carrier may charge for them. Answering STOP to an SMS ends it, START takes it up again."};

namespace {

constexpr std::size_t most_address = 120;
constexpr std::size_t most_outcome = 200;

Mrkdwn called(ContactKind kind) { return escape(oncall::title(kind)); }

bool is_phone(ContactKind kind) { return kind == ContactKind::sms || kind == ContactKind::voice; }

Mrkdwn address(const ContactMethod& method, bool whole)
{
    if (method.kind == ContactKind::web_push)
        return {};
    return one_line(whole ? method.address : masked(method), most_address);
}

Mrkdwn called(const ContactMethod& method)
{
    const auto label = one_line(method.label, most_address);
    return label.empty() ? Mrkdwn{} : " · " + label;
}

Mrkdwn method_state(const ContactMethod& method)
{
    if (method.stopped_at != TimePoint{})
        return "⛔ stopped " + date(method.stopped_at) + ", nothing is sent to it. "
            + (is_phone(method.kind) ? Mrkdwn{"Send START to the number its SMS come from, to take it up again."}
                                     : Mrkdwn{"Remove it, and add it again if you want it back."});
    if (method.verified_at == TimePoint{})
        return "⚠️ not used yet: type in the code that was sent to it";
    return "✅ verified";
}

Mrkdwn last_of(const ContactMethod& method)
{
    if (method.last_at == TimePoint{})
        return {};
    const auto outcome = one_line(method.last_outcome, most_outcome);
    return " · last used " + date(method.last_at) + (outcome.empty() ? Mrkdwn{} : ": " + outcome);
}

Heading method_heading(const ContactMethod& method, bool hers)
{
    Heading line;
    line.text = bold(called(method.kind)) + " " + address(method, hers) + called(method) + "\n" + method_state(method)
        + (hers ? last_of(method) : Mrkdwn{});
    if (!hers)
        return line;
    const auto id = std::to_string(method.id.value);
    line.action = action::contact_menu;
    if (is_usable(method))
        line.menu.push_back({"Test", "test:" + id});
    if (method.verified_at == TimePoint{})
        line.menu.push_back({"Type in its code", "code:" + id});
    line.menu.push_back({method.kind == ContactKind::webhook ? "Label, signing key" : "Edit label", "label:" + id});
    line.menu.push_back({"Remove", "remove:" + id});
    return line;
}

Heading note(const std::string& words, const Names& names) { return {prose(words, names), {}, {}}; }

/// What a kind's address is, for its form.
struct Asks {
    std::string_view label{};
    std::string_view placeholder{};
    std::string_view hint{};
    int most{500};
};

Asks asks(ContactKind kind)
{
    switch (kind) {
    case ContactKind::sms:
    case ContactKind::voice:
        return {"Number", "+49 151 23456789", "With + and the country's code. Blanks and hyphens don't matter.", 40};
    case ContactKind::email: return {"Address", "ana@example.com", "The one of your Slack profile is there already.", 254};
    case ContactKind::ntfy:
        return {"Topic", "ana-oncall-7f3a9c",
            "Subscribe to it in ntfy's app first. Whoever knows it reads along: make it hard to guess.", 100};
    case ContactKind::pushover: return {"User key", "30 letters and digits", "Pushover's app shows it.", 60};
    case ContactKind::gotify:
        return {"Token of an application", "AbCd.1234_xyz", "Make an application in Gotify, and copy its token.", 100};
    case ContactKind::webhook: return {"Address", "https://example.com/pages", "Each page is sent there as JSON, by POST.", 500};
    case ContactKind::slack:
    case ContactKind::web_push: break;
    }
    return {"Address", "", "", 500};
}

Field text(std::string_view id, const Asks& asked, bool required)
{
    Field field;
    field.id = id;
    field.label = asked.label;
    field.placeholder = asked.placeholder;
    field.hint = asked.hint;
    field.most = asked.most;
    field.required = required;
    return field;
}

Field label_field() { return text(view::contact_called, {"Label", "Work", "To tell it from your others.", 60}, false); }

Form small(std::string_view title, std::string_view submit, std::string_view callback, const std::string& metadata)
{
    Form made;
    made.title = title;
    made.submit = submit;
    made.close = "Back";
    made.callback = callback;
    made.metadata = metadata;
    return made;
}

} // namespace

View contact_list(const ContactList& list)
{
    Form made;
    made.title = list.hers ? "How I am reached" : "Ways to reach";
    made.close = "Close";
    made.callback = view::contact;
    for (const auto& words : list.notes)
        made.parts.push_back(note(words, list.names));
    if (!list.hers)
        made.parts.push_back(
            Heading{"What " + name(list.person, list.names) + " has set up. Addresses are hers alone to see.", {}, {}});
    Heading slack{bold("Slack") + "\na direct message, always there", {}, {}};
    Heading email{bold("E-mail") + (list.hers && !list.email.empty() ? " " + one_line(list.email, most_address) : Mrkdwn{}) + "\n"
            + (list.email.empty() ? Mrkdwn{"⚠️ Slack tells me no address of this profile"}
                    : list.mails  ? Mrkdwn{"of the Slack profile, always there"}
                                  : Mrkdwn{"⚠️ not used: whoever runs me has set up no mail server (SMTP_URL)"}),
        {}, {}};
    if (list.hers) {
        slack.action = email.action = action::contact_test;
        slack.menu = {{"Test", "test:slack"}};
        if (!list.email.empty() && list.mails)
            email.menu = {{"Test", "test:email"}};
    }
    made.parts.push_back(slack);
    made.parts.push_back(email);
    for (const auto& method : list.methods)
        made.parts.push_back(method_heading(method, list.hers));
    if (list.hers) {
        made.parts.push_back(std::vector<Press>{{"Add a way…", action::contact_add, "", false, {}},
            {"When which is used…", action::rules_open, "", false, {}},
            {"Through Do Not Disturb…", action::contact_guide, "", false, {}}});
        made.parts.push_back(Heading{"Nobody else sees your addresses. Removing one erases it.", {}, {}});
    }
    return form(made);
}

View contact_kind_form(const std::vector<ContactWay>& ways, const std::string& metadata)
{
    auto made = small("Add a way", "Next", view::contact_kind, metadata);
    Field kind;
    kind.kind = Field::Kind::one;
    kind.id = view::contact_by;
    kind.label = "By what";
    kind.required = true;
    std::vector<Mrkdwn> missing;
    for (const auto& way : ways) {
        if (way.missing.empty())
            kind.choices.push_back({std::string{oncall::title(way.kind)}, std::string{oncall::name(way.kind)}, ""});
        else
            missing.push_back("• " + called(way.kind) + ": " + one_line(way.missing, most_outcome));
    }
    if (kind.choices.empty()) {
        made.submit = "";
        made.parts.push_back(Heading{"Whoever runs me has set up nothing beside Slack yet.", {}, {}});
    }
    made.parts.push_back(kind);
    if (!missing.empty())
        made.parts.push_back(
            Heading{"Whoever runs me has to set these before they can be used:\n" + joined(missing, "\n"), {}, {}});
    return form(made);
}

View contact_address_form(ContactKind kind, const std::string& metadata)
{
    auto made = small(oncall::title(kind), "Send a code", view::contact_address, metadata);
    made.parts.push_back(text(view::contact_typed, asks(kind), true));
    made.parts.push_back(label_field());
    if (is_phone(kind)) {
        Field consent;
        consent.kind = Field::Kind::tick;
        consent.id = view::contact_consent;
        consent.label = "Consent";
        consent.hint = consent_text;
        consent.required = true;
        consent.choices = {{"I agree to what is said below", "yes", ""}};
        made.parts.push_back(consent);
    }
    made.parts.push_back(Heading{"A code of six digits goes there. Nothing else does before you have typed it in.", {}, {}});
    return form(made);
}

View contact_page(ContactKind kind, const std::string& url, const std::string& metadata)
{
    auto made = small(oncall::title(kind), "", view::contact_address, metadata);
    const auto address = url_in(url);
    if (address)
        made.parts.push_back(Heading{
            "Open this page in the browser that is to get the pages, and press Notify this browser there:\n"
                + link(*address, "the page for this browser") + "\nIt is yours alone and works for an hour: don't pass it on.",
            {}, {}});
    else
        made.parts.push_back(Heading{"There is no page that browsers could reach: ONCALL_PUBLIC_URL is not set.", {}, {}});
    return form(made);
}

View contact_code_form(const ContactMethod& method, const std::string& words, const std::string& metadata, int generation)
{
    auto made = small("Type in the code", "Confirm", view::contact_code, metadata);
    made.generation = generation;
    if (!words.empty())
        made.parts.push_back(note(words, {}));
    made.parts.push_back(Heading{bold(called(method.kind)) + " " + address(method, true) + called(method), {}, {}});
    made.parts.push_back(text(view::contact_digits,
        {"Code", "123456", "Six digits. They hold for 10 minutes; after 5 wrong ones a new code is needed.", 20}, true));
    made.parts.push_back(std::vector<Press>{{"Send another code", action::contact_again, "", false, {}}});
    return form(made);
}

View contact_label_form(const ContactMethod& method, const std::string& metadata, const std::string& signing_key)
{
    auto made = small("Edit label", "Save", view::contact_label, metadata);
    made.parts.push_back(Heading{bold(called(method.kind)) + " " + address(method, true), {}, {}});
    made.parts.push_back(label_field());
    if (!signing_key.empty())
        made.parts.push_back(
            Heading{"What is posted there is signed: the header `X-Oncall-Signature` is `v1=` and the HMAC-SHA256 "
                    "of the body in hex, with this key:\n`"
                    + one_line(signing_key, most_address) + "`",
                {}, {}});
    return form(made, {{std::string{view::contact_called}, {method.label}}});
}

View contact_remove_form(const ContactMethod& method, const std::string& metadata)
{
    auto made = small("Remove it?", "Remove", view::contact_remove, metadata);
    made.parts.push_back(Heading{bold(called(method.kind)) + " " + address(method, true) + called(method)
            + "\nNo page goes there any more, also of those that climb now, and its address is erased.",
        {}, {}});
    return form(made);
}

View contact_refusal(const std::string& words, const Names& names)
{
    auto made = small("Not possible", "", view::contact_guide, "");
    made.parts.push_back(note(words, names));
    return form(made);
}

View contact_guide(const std::vector<std::string>& numbers, const std::string& card)
{
    auto made = small("Do Not Disturb", "", view::contact_guide, "");
    std::vector<Mrkdwn> from;
    for (const auto& number : numbers)
        from.push_back("`" + one_line(number, 20) + "`");
    auto first = from.empty()
        ? Mrkdwn{"Whoever runs me has set up no number that I call from, so only the push apps below can wake "
                 "you."}
        : "I call and write from " + joined(from, ", ") + ". Save them as one contact, \"On call\".";
    made.parts.push_back(Heading{first, {}, {}});
    if (const auto address = url_in(card); address && !from.empty())
        made.parts.push_back(Heading{link(*address, "The contact, to be opened on the phone (.vcf)"), {}, {}});
    made.parts.push_back(Heading{bold("iPhone")
            + "\n1. Contacts → On call → Edit → Ringtone → Emergency Bypass on; the same under Text Tone."
              "\n2. Settings → Focus → Do Not Disturb → People → Allow, and Apps → Slack and your push app."
              "\n3. Settings → Notifications → Slack, and your push app → Time Sensitive on."
              "\n4. Test it here with the phone on silent.",
        {}, {}});
    made.parts.push_back(Heading{bold("Android")
            + "\n1. Contacts → On call → mark it with a star."
              "\n2. Settings → Notifications → Do Not Disturb → People → Calls and Messages: Starred contacts."
              "\n3. There under Apps: Slack and your push app may interrupt. In the push app's own settings, let its "
              "urgent channel override Do Not Disturb."
              "\n4. Settings → Battery: Slack and your push app unrestricted. Test it here with the phone on silent.",
        {}, {}});
    made.parts.push_back(Heading{bold("Slack")
            + "\nPreferences → Notifications → schedule: what is beyond it is silent. That is "
              "why pages of high urgency go on to your other ways.",
        {}, {}});
    return form(made);
}

} // namespace blocks
