#include "handlers/source_form.hpp"

#include "blocks/settings.hpp"
#include "config/source_yaml.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/sources/sources.hpp"
#include "oncall/auto_resolve.hpp"
#include "oncall/formats.hpp"
#include "oncall/words.hpp"

namespace handlers {

using namespace fields;
using blocks::Choice;
using blocks::Part;
using blocks::Values;

namespace {

constexpr int most_secret = 256; // characters

/// By what people call what sends.
std::vector<Choice> format_choices()
{
    std::vector<Choice> choices;
    for (const auto name : oncall::source_formats) {
        const auto* const format = sources::format(name);
        choices.push_back({std::string{format ? format->product : name}, option(std::string{name}), ""});
    }
    return choices;
}

} // namespace

void put_source(Values& values, const oncall::Source& source)
{
    values["format"] = {option(source.format)};
    values["service"] = {option(source.service)};
    values["team"] = {option(source.team)};
    values["auto_resolve"] = {oncall::auto_resolve_out(source.auto_resolve)};
    if (source.quiet)
        values["quiet"] = {"true"};
    if (source.is_signed)
        values["signed"] = {"true"};
    values["further"] = {config::further_yaml(source)};
}

void source_parts(std::vector<Part>& parts, const Subject& subject, const oncall::Configuration& now)
{
    auto format = one("format", "Format", "What sends the alerts.", format_choices());
    format.required = true;
    parts.push_back(format);
    parts.push_back(
        one("service", "Service", "For alerts that name none.", names(now.services, "(none)"), blocks::action::options_service));
    parts.push_back(one("team", "Team", "Gets alerts that belong to no service, and is paged for them by its policy.",
        names(now.teams, "(none)"), blocks::action::options_team));
    parts.push_back(text("auto_resolve", "Resolve by itself",
        "An alert that is not reported for so long is over: 30m, 2h, 1d, or never. Empty: after an hour where nothing ever says "
        "that it is over, as with Kubernetes; else never.",
        "30m"));
    parts.push_back(tick("quiet", "Quiet", "Keep what comes, and make no alerts of it"));
    parts.push_back(tick("signed", "Signed", "Each request must be signed"));
    auto secret = text("signing_secret", "Signing secret",
        "What the sender signs with. It is not shown again; left empty, it stays as it is. A replaced one works for 24 hours "
        "more.");
    secret.most = most_secret;
    parts.push_back(secret);
    parts.push_back(lines("further", "More, as in oncall.yaml",
        "severities: what its words mean. mapping: where its fields are, of generic JSON. branches of GitHub, topics of SNS, "
        "group of Alertmanager. first_ping_makes: 1d, heartbeats by their first ping.",
        "severities: {P2: warning}"));
    if (!subject.fresh)
        parts.push_back(std::vector<blocks::Press>{{"Make a new key…", blocks::action::settings_rotate, "", false, {}}});
}

void read_source(oncall::Source& source, const Values& values, std::map<std::string, std::string>& errors)
{
    source.format = option_in(values, "format");
    source.service = option_in(values, "service");
    source.team = option_in(values, "team");
    source.quiet = text_in(values, "quiet") == "true";
    source.is_signed = text_in(values, "signed") == "true";
    if (source.is_signed && !oncall::can_sign(source.format))
        errors["signed"] =
            "What comes in format " + source.format + " is never signed: all of it would be refused. Take this off.";
    const auto time = text_in(values, "auto_resolve");
    const auto auto_resolve = time.empty() ? std::optional{oncall::milliseconds{}} : oncall::auto_resolve_in(time);
    if (!auto_resolve)
        errors["auto_resolve"] = "I can't read that. Write 30m, 2h or 1d, from a minute to thirty days; or never.";
    source.auto_resolve = auto_resolve.value_or(source.auto_resolve);
    source.signing_secret = text_in(values, "signing_secret");
    if (!source.signing_secret.empty())
        if (const auto why = config::why_no_secret(source.signing_secret); !why.empty())
            errors["signing_secret"] = "It " + why + ". Use 8 to 256 characters.";
    const auto further = text_in(values, "further");
    if (is_as_shown(further, config::further_yaml(source)))
        return;
    auto parsed = config::parse_further(further, source);
    if (parsed.problems.empty()) {
        source = std::move(parsed.source);
        return;
    }
    errors["further"] = said_of_field(parsed.problems.front());
}

std::string source_field(const std::string& path)
{
    const auto first = path.substr(0, path.find_first_of(".["));
    for (const auto* field : {"format", "service", "team", "auto_resolve", "quiet", "signed", "signing_secret"})
        if (first == field)
            return first;
    for (const auto* field : {"group", "branches", "topics", "severities", "first_ping_makes", "mapping"})
        if (first == field)
            return "further";
    return {};
}

} // namespace handlers
