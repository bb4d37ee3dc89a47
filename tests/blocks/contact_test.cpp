#include "blocks/contact.hpp"
#include "blocks/golden.hpp"
#include "blocks/notification_rules.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "noon.hpp"
#include "oncall/readiness.hpp"
#include "workspace/block_kit.hpp"

using blocks::View;
using oncall::ContactKind;
using oncall::ContactMethod;
using namespace std::chrono_literals;

namespace {

ContactMethod method(std::int64_t id, ContactKind kind, const std::string& address, const std::string& label = {})
{
    ContactMethod one;
    one.id = {id};
    one.person = "U01ANA00000";
    one.kind = kind;
    one.address = address;
    one.label = label;
    one.verified_at = one.consented_at = noon;
    return one;
}

std::vector<ContactMethod> methods()
{
    std::vector<ContactMethod> all{method(1, ContactKind::sms, "+4915123456789", "Work"),
        method(2, ContactKind::voice, "+4915123456789"), method(3, ContactKind::ntfy, "ana-oncall-7f3a9c", "<!here> *mine*"),
        method(4, ContactKind::web_push, R"({"endpoint":"https://push.example.com/x"})", "Firefox"),
        method(5, ContactKind::webhook, "https://example.com/secret")};
    all[0].last_at = noon;
    all[0].last_outcome = "failed: carrier <!channel>";
    all[1].verified_at = {};
    all[4].stopped_at = noon;
    return all;
}

void look_at_contacts(const std::string& name, const View& view)
{
    INFO(name);
    CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{});
    for (const auto& text : texts(view))
        CHECK(unsound_text(text.starts_with("<!") ? "" : text, {}) == std::vector<std::string>{});
    golden(name, view);
}

blocks::ContactList list()
{
    blocks::ContactList shown;
    shown.person = "U01ANA00000";
    shown.email = "ana@example.com";
    shown.mails = true;
    shown.methods = methods();
    shown.notes = {"⚠️ Nothing here would wake you."};
    shown.names = {{"U01ANA00000", "Ana"}};
    return shown;
}

} // namespace

TEST_CASE("Ways to be reached look as they did when somebody last looked at them", "[blocks][contact]")
{
    look_at_contacts("contact_list", blocks::contact_list(list()));
    auto bare = list();
    bare.email.clear();
    bare.mails = false;
    bare.methods.clear();
    bare.notes.clear();
    look_at_contacts("contact_list_bare", blocks::contact_list(bare));
    look_at_contacts("contact_kind",
        blocks::contact_kind_form(
            {{ContactKind::sms, ""}, {ContactKind::ntfy, ""}, {ContactKind::pushover, "PUSHOVER_TOKEN"}}, "V1:"));
    look_at_contacts("contact_kind_none", blocks::contact_kind_form({{ContactKind::sms, "TWILIO_ACCOUNT_SID"}}, "V1:"));
    for (const auto kind : {ContactKind::sms, ContactKind::email, ContactKind::ntfy, ContactKind::pushover, ContactKind::gotify,
             ContactKind::webhook})
        look_at_contacts(
            "contact_address_" + std::string{name(kind)}, blocks::contact_address_form(kind, "V1:" + std::string{name(kind)}));
    look_at_contacts(
        "contact_page", blocks::contact_page(ContactKind::web_push, "https://oncall.example.com/push/t0ken", "V1:web_push"));
    look_at_contacts("contact_page_none", blocks::contact_page(ContactKind::web_push, "", "V1:web_push"));
    look_at_contacts("contact_code", blocks::contact_code_form(methods()[1], "A code is on its way.", "V1:2"));
    look_at_contacts("contact_label", blocks::contact_label_form(methods()[0], "V1:1"));
    look_at_contacts("contact_label_webhook", blocks::contact_label_form(methods()[4], "V1:5", "5ec7e7"));
    look_at_contacts("contact_remove", blocks::contact_remove_form(methods()[0], "V1:1"));
    look_at_contacts("contact_refusal", blocks::contact_refusal("Ask <@U01ANA00000>.", list().names));
    look_at_contacts("contact_guide", blocks::contact_guide({"+15005550006"}, "https://oncall.example.com/contact.vcf"));
    look_at_contacts("contact_guide_without_numbers", blocks::contact_guide({}, ""));
}

TEST_CASE("Others see that there is a way, and nothing of its address and nothing to press", "[blocks][contact]")
{
    auto shown = list();
    shown.hers = false;
    const auto view = blocks::contact_list(shown);
    look_at_contacts("contact_list_of_another", view);
    const auto all = view.dump();
    for (const std::string secret :
        {"15123456", "ana-oncall", "push.example.com", "example.com/secret", "ana@example.com", "button", "overflow"}) {
        INFO(secret);
        CHECK(all.find(secret) == all.npos);
    }
}

TEST_CASE("Rules look as they did when somebody last looked at them", "[blocks][rules]")
{
    blocks::RuleList shown;
    shown.methods = methods();
    shown.methods.emplace_back().kind = ContactKind::slack;
    shown.time_zone = "Europe/Berlin";
    look_at_contacts("rules_default", blocks::rule_list(shown));
    oncall::NotificationRule nights, always, low;
    nights.name = "Nights <!channel>";
    nights.windows = {{.days = {oncall::Weekday::mon}, .from = 22h, .to = 7h}};
    nights.steps = {{{"push", "sms:1"}, 90s}, {{"voice"}, 0s}};
    always.name = "Else";
    always.steps = {{{"slack"}, 0s}};
    low.name = "Calm";
    low.urgency = oncall::Urgency::low;
    low.steps = {{{"email", "sms:99"}, 0s}};
    shown.hers = {nights, always, low, nights};
    shown.version = 3;
    shown.notes = {"✅ It holds."};
    look_at_contacts("rules_list", blocks::rule_list(shown));
    shown.quiet = {{{.from = 22h, .to = 7h}, {.days = {oncall::Weekday::sun}, .from = 0h, .to = 24h}}};
    shown.team_quiet = {{{.from = 20h, .to = 8h}}};
    look_at_contacts("rules_with_quiet_hours", blocks::rule_list(shown));
    shown.quiet.reset();
    look_at_contacts("rules_with_the_teams_quiet_hours", blocks::rule_list(shown));
    shown.quiet.emplace();
    look_at_contacts("rules_without_the_teams_quiet_hours", blocks::rule_list(shown));
    shown.quiet.reset();
    shown.team_quiet.reset();
    shown.team = "payments <!here>";
    shown.time_zone.clear();
    look_at_contacts("rules_of_a_team", blocks::rule_list(shown));
    blocks::RulePreview preview{nights, shown.methods, "Europe/Berlin", "", false, "{}"};
    look_at_contacts("rules_preview", blocks::rule_preview(preview));
    preview.rule = always;
    preview.warning = "This rule cannot wake you.";
    preview.refused = true;
    look_at_contacts("rules_preview_refused", blocks::rule_preview(preview));

    const blocks::Names names{{"U01ANA00000", "Ana"}};
    oncall::Readiness report;
    report.until = noon + std::chrono::days{7};
    golden("readiness_nobody", blocks::readiness(words_of(report), names));
    report.people = 3;
    golden("readiness_all", blocks::readiness(words_of(report), names));
    report.not_ready = {{"U01ANA00000", {"ana@example.com", "schedule payments", noon, noon + 1h}, true,
                            {"No SMS, phone call or push is set up."}},
        {"<!channel>@example.com", {"x", "policy <!here>", noon, noon + 1h}, false, {"Slack does not know this person."}}};
    golden("readiness", blocks::readiness(words_of(report), names));
}

TEST_CASE("However many ways and rules somebody has, Slack takes the views", "[blocks][contact][rules]")
{
    auto shown = list();
    blocks::RuleList rules;
    for (int i = 0; i < 20; ++i) {
        shown.methods.push_back(
            method(100 + i, ContactKind::webhook, "https://example.com/" + std::string(480, 'x'), std::string(60, '*')));
        shown.methods.back().last_at = noon;
        shown.methods.back().last_outcome = std::string(5'000, '\xff');
        oncall::NotificationRule rule;
        rule.name = std::string(500, '<');
        rule.urgency = i % 2 ? oncall::Urgency::low : oncall::Urgency::high;
        for (int step = 0; step < 5; ++step)
            rule.steps.push_back({{"sms", "voice", "push", "slack", "email", "webhook", "sms:1", "sms:2", "webhook:100"}, 1min});
        rules.hers.push_back(rule);
    }
    rules.methods = shown.methods;
    rules.quiet.emplace(5, oncall::Window{.from = 22h, .to = 7h});
    rules.team_quiet = rules.quiet;
    CHECK(workspace::problems_in_view(blocks::contact_list(shown), "modal") == std::vector<std::string>{});
    CHECK(workspace::problems_in_view(blocks::rule_list(rules), "modal") == std::vector<std::string>{});
    blocks::RulePreview preview;
    preview.rule = rules.hers.front();
    preview.warning = std::string(5'000, '&');
    CHECK(workspace::problems_in_view(blocks::rule_preview(preview), "modal") == std::vector<std::string>{});
    oncall::Readiness report;
    for (int i = 0; i < 200; ++i)
        report.not_ready.push_back({"<@U" + std::to_string(i) + ">", {"x", std::string(500, '<'), noon, noon}, false,
            std::vector<std::string>(20, std::string(400, '*'))});
    report.people = 300;
    CHECK(unsound(blocks::readiness(words_of(report), {})) == std::vector<std::string>{});
}
