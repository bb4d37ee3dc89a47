#include "blocks/grouping.hpp"

#include "blocks/choose_alert.hpp"
#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_merge_title = 200;

} // namespace

View merge_form(const std::optional<oncall::Alert>& child)
{
    std::vector<Json> fields;
    if (child)
        fields.push_back(section(bold("#" + number(child->id.value)) + " " + one_line(child->title, most_merge_title)));
    else
        fields.push_back(alert_input(action::alerts_open, std::nullopt));
    fields.push_back(alert_input(action::alerts_open, std::nullopt, view::merge_into, "Into the group of"));
    fields.push_back(
        context({"That one then stands for both: it alone is paged, answered and shown. Who was told of this one sees "
                 "where it went, and `/oncall split` takes it out again."}));
    auto made = modal("Merge alerts", "Merge", view::merge, std::move(fields));
    made["private_metadata"] = child ? std::to_string(child->id.value) : std::string{};
    return made;
}

View split_form()
{
    std::vector<Json> fields{alert_input(action::alerts_grouped, std::nullopt),
        context({"It stands for itself again, with a card of its own, and pages if nobody has answered it."})};
    return modal("Split an alert", "Split", view::split, std::move(fields));
}

Message merge_done(const std::string& plain, oncall::AlertId child, const Names& names)
{
    const auto said = prose(plain, names);
    return message(said, {section(said), actions({button("Undo", action::split, std::to_string(child.value))})});
}

} // namespace blocks
