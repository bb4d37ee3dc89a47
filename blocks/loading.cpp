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

} // namespace blocks
