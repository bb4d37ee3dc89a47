#include "blocks/loading.hpp"

#include "blocks/form.hpp"

namespace blocks {

using namespace kit;

View loading(const std::string& instead)
{
    Form made;
    made.title = "One moment";
    made.close = "Close";
    made.callback = view::loading;
    made.parts.push_back(Heading{"⏳ Loading…", {}, {}});
    made.parts.push_back(Heading{prose("Should this stay, close it and try again, or write " + instead + ".", {}), {}, {}});
    return form(made);
}

View not_loaded(const std::string& words, const Names& names)
{
    Form made;
    made.title = "Not possible";
    made.close = "Close";
    made.callback = view::loading;
    made.parts.push_back(Heading{prose(words, names), {}, {}});
    return form(made);
}

View answered_elsewhere()
{
    Form made;
    made.title = "Answered";
    made.close = "Close";
    made.callback = view::loading;
    made.parts.push_back(Heading{"The answer stands where you wrote it.", {}, {}});
    return form(made);
}

View answered_here(const slack::Json& said)
{
    auto view = answered_elsewhere();
    const auto* shown = &slack::at(said, {"blocks"});
    if (const auto& coloured = slack::at(said, {"attachments"}); coloured.is_array() && !coloured.empty())
        shown = &slack::at(coloured.front(), {"blocks"});
    if (shown->is_array() && !shown->empty())
        view["blocks"] = *shown;
    return view;
}

} // namespace blocks
