#include "catch.hpp"
#include "config/export.hpp"
#include "config/kept.hpp"
#include "config/nothing.hpp"
#include "config/source_yaml.hpp"

using kept::Kept;

namespace {

oncall::Configuration signed_by(const std::string& secret)
{
    const auto parsed = config::parse(
        "sources: {gh: {format: github, key: abc, signed: true" + (secret.empty() ? "" : ", signing_secret: " + secret) + "}}",
        nothing);
    REQUIRE(parsed.problems.empty());
    return parsed.configuration;
}

} // namespace

TEST_CASE("A signing secret is taken from the file, stays when the file leaves it out, and yields to Slack's", "[plan][secrets]")
{
    using Lines = std::vector<std::string>;
    const auto hash = [](const std::string& secret) { return storage::sha256(secret); };
    const auto secret_of = [](const Kept& kept) { return kept.stored.secrets.at("gh"); };
    Kept kept;
    CHECK(kept.apply(signed_by("first-secret")).secrets.at("gh") == "first-secret");
    CHECK(secret_of(kept) == hash("first-secret"));
    CHECK_FALSE(kept.apply(signed_by("first-secret")).writes_anything());
    for (const auto& item : kept.stored.items)
        CHECK((item.holds + item.said).find("first-secret") == std::string::npos);

    SECTION("left out later")
    {
        CHECK(kept::said(kept.apply(signed_by(""))).empty());
        CHECK(secret_of(kept) == hash("first-secret"));
        CHECK_FALSE(kept.apply(signed_by("")).writes_anything());
    }
    SECTION("another in the file")
    {
        CHECK(kept::said(kept.apply(signed_by("second-secret"))) == Lines{"source gh: signing secret: the one it has → another"});
        CHECK(secret_of(kept) == hash("second-secret"));
    }
    SECTION("another in Slack stays, unless forced; the source's other settings are another matter")
    {
        config::Edit edit{"source", "gh", kept.holds("source", "gh"), kept.holds("source", "gh"), {}};
        edit.signing_secret = "slacks-secret";
        CHECK(kept::said(kept.edit({edit})) == Lines{"source gh: signing secret: the one it has → another"});
        CHECK(secret_of(kept) == hash("slacks-secret"));
        for (int times = 0; times < 2; ++times) {
            const auto lines = kept::said(kept.apply(signed_by("first-secret")));
            REQUIRE(lines.size() == 1);
            CHECK(lines[0].find("its signing secret was replaced; stays so") != std::string::npos);
        }
        CHECK(secret_of(kept) == hash("slacks-secret"));
        kept.apply(signed_by("first-secret"), {false, true});
        CHECK(secret_of(kept) == hash("first-secret"));
        // The same one typed again is no change.
        edit.signing_secret = "first-secret";
        CHECK_FALSE(kept.edit({edit}).changes_anything());
    }
    SECTION("a source that had none, in the file and in Slack")
    {
        Kept bare;
        bare.apply(signed_by(""));
        CHECK(kept::said(bare.apply(signed_by("first-secret"))) == Lines{"source gh: signing secret: none → given"});
        bare.edit("source", "more", R"({"format":"sentry"})");
        config::Edit edit{"source", "new", R"({"format":"sentry","signed":true})", "", {}};
        edit.signing_secret = "sentrys-secret";
        const auto plan = bare.edit({edit});
        CHECK(plan.secrets.at("new") == "sentrys-secret");
        CHECK(plan.changes.at(0).fields.back().field == "signing secret");
    }
    SECTION("gone with its source")
    {
        kept.apply({}, {true, false});
        CHECK(kept.stored.secrets.empty());
    }
}

TEST_CASE("An export says that a source is signed, and not with what", "[config][secrets]")
{
    const auto yaml = config::export_yaml(signed_by("first-secret"));
    CHECK(yaml.find("signed: true") != std::string::npos);
    CHECK(yaml.find("secret") == std::string::npos);
    const auto read = config::parse(yaml, nothing);
    CHECK(read.problems.empty());
    CHECK(read.configuration.sources.at("gh").is_signed);
}

TEST_CASE("What a source's form has in one field is written and read as in the file", "[config][source]")
{
    oncall::Source source;
    source.name = "jira";
    source.format = "generic";
    CHECK(config::further_yaml(source).empty());
    source.severities = {{"5", "critical"}, {"amber", "warning"}};
    source.mapping.each = "/alerts";
    source.mapping.fields["title"].from = {"/a", "/b"};
    source.mapping.fields["severity"] = {{"/level"}, "", {{"red", "critical"}}, "error"};
    source.mapping.fields["labels.env"].text = "{{env}}";
    const auto yaml = config::further_yaml(source);
    INFO(yaml);
    oncall::Source bare;
    bare.name = source.name;
    bare.format = source.format;
    const auto read = config::parse_further(yaml, bare);
    CHECK(read.problems.empty());
    CHECK(read.source == source);
    const auto nothing_left = config::parse_further("", source);
    CHECK(nothing_left.problems.empty());
    CHECK(nothing_left.source == bare);
    const auto alone = config::parse_further("mapping: {fields: {title: /a}}", bare);
    CHECK(alone.source.mapping.fields.at("title").from == std::vector<std::string>{"/a"});
    CHECK(config::further_yaml(alone.source).find("title: /a\n") != std::string::npos);
    const auto wrong = config::parse_further("severities:\n  P2: loud\n", bare);
    REQUIRE(wrong.problems.size() == 1);
    CHECK(std::pair{wrong.problems[0].line, wrong.problems[0].column} == std::pair{2, 7});
}
